import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { dropArtifact } from '../resources/artifacts.ts';

/** Deletes the lines of a run, some with each transaction. They have no key of their own: they go by their times. */
export async function deleteLogsOfRun(core: Core, id: string): Promise<void> {
  const { rowsAtOnce } = core.settings.runRetention;
  const ofRun = core.storage.builder.selectFrom('log').select('timestamp').where('flow_run_id', '=', id);
  for (;;) {
    const batch = await core.scan.all(ofRun.orderBy('timestamp').limit(rowsAtOnce));
    const last = batch.at(-1);
    if (!last) return;
    await core.write((unit) =>
      unit.run(unit.db.deleteFrom('log').where('flow_run_id', '=', id).where('timestamp', '<=', last.timestamp)),
    );
  }
}

/** Deletes the artifacts of a run; their collections go to the newest that remains. */
export async function deleteArtifactsOfRun(core: Core, id: string): Promise<void> {
  const { rowsAtOnce } = core.settings.runRetention;
  const ofRun = core.storage.builder.selectFrom('artifact').select('id').where('flow_run_id', '=', id).limit(rowsAtOnce);
  for (let rows = await core.scan.all(ofRun); rows.length > 0; rows = await core.scan.all(ofRun))
    await core.write(async (unit) => {
      for (const row of rows) await dropArtifact(unit, row.id);
    });
}

/** Deletes the task runs of a run; subflows that they stand for are flow runs of their own from then on. */
export async function deleteTaskRunsOfRun(core: Core, id: string): Promise<void> {
  const { rowsAtOnce } = core.settings.runRetention;
  const ofRun = core.storage.builder.selectFrom('task_run').select('id').where('flow_run_id', '=', id).limit(rowsAtOnce);
  for (let rows = await core.scan.all(ofRun); rows.length > 0; rows = await core.scan.all(ofRun)) {
    const ids = rows.map((row) => row.id);
    await core.write(async (unit) => {
      await unit.run(
        unit.db.updateTable('flow_run').set({ parent_task_run_id: sql<null>`null` }).where('parent_task_run_id', 'in', ids),
      );
      await unit.run(unit.db.deleteFrom('task_run').where('id', 'in', ids));
    });
  }
}
