import type { Core } from '../core.ts';
import { locked } from '../storage/row-locks.ts';
import type { WorkUnit } from '../work-unit.ts';

const NAME = 'triggers';

/** Up to where triggers have seen the log; 0 before they saw anything. */
export async function readCursor(core: Core): Promise<number> {
  const query = core.storage.builder.selectFrom('automation_cursor').select('position').where('name', '=', NAME);
  return (await core.read.first(query))?.position ?? 0;
}

/** Reads the cursor and lets no other server evaluate triggers until the unit ends. */
export async function lockCursor(unit: WorkUnit): Promise<number> {
  const insert = unit.db.insertInto('automation_cursor').values({ name: NAME, position: 0 });
  await unit.run(insert.onConflict((conflict) => conflict.column('name').doNothing()));
  const query = unit.db.selectFrom('automation_cursor').select('position').where('name', '=', NAME);
  return (await unit.first(locked(unit.db, query, 'automation_cursor')))?.position ?? 0;
}

/** Moves the cursor, never back. */
export async function moveCursor(unit: WorkUnit, position: number): Promise<void> {
  await unit.run(
    unit.db.updateTable('automation_cursor').set({ position }).where('name', '=', NAME).where('position', '<', position),
  );
}
