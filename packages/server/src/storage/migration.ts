import { nowMicros } from '@prefect-ts/protocol';
import { NewerDatabaseError } from './errors.ts';
import { runsAndDeployments } from './migrations/0001-runs-and-deployments.ts';
import { blocksAndVariables } from './migrations/0002-blocks-and-variables.ts';
import { taskQueueAndHeartbeats } from './migrations/0003-task-queue-and-heartbeats.ts';
import { automations } from './migrations/0004-automations.ts';
import { compactHistory } from './migrations/0005-compact-history.ts';
import { workerCleanups } from './migrations/0006-worker-cleanups.ts';
import { deliveriesAndLogAge } from './migrations/0007-deliveries-and-log-age.ts';
import { runsByTheMillion } from './migrations/0008-runs-by-the-million.ts';
import type { ColumnTypes, Dialect } from './storage.ts';

/** One step of the schema, the same number for both databases. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  statements(types: ColumnTypes, dialect: Dialect['name']): string[];
}

/** Every step, oldest first. A step that has been released is never edited; a change is a new step. */
const MIGRATIONS: readonly Migration[] = [
  runsAndDeployments,
  blocksAndVariables,
  taskQueueAndHeartbeats,
  automations,
  compactHistory,
  workerCleanups,
  deliveriesAndLogAge,
  runsByTheMillion,
];

const SCHEMA_VERSION = Math.max(...MIGRATIONS.map(({ version }) => version));

/** The statements that make the table in which a database remembers its steps. */
export function migrationTable({ integer, text, micros }: ColumnTypes): string {
  return `CREATE TABLE IF NOT EXISTS migration (version ${integer} PRIMARY KEY, name ${text} NOT NULL, applied ${micros} NOT NULL)`;
}

/**
 * The statements, step by step, that bring a database from `current` to the newest version.
 *
 * @throws NewerDatabaseError if the database is already beyond what this server knows.
 */
export function pendingMigrations(current: number, dialect: Dialect): string[][] {
  if (current > SCHEMA_VERSION) throw new NewerDatabaseError(current, SCHEMA_VERSION);
  return MIGRATIONS.filter(({ version }) => version > current).map((migration) => [
    ...migration.statements(dialect.types, dialect.name),
    `INSERT INTO migration (version, name, applied) VALUES (${migration.version}, '${migration.name}', ${nowMicros()})`,
  ]);
}

/** A step of the schema that a database lacks. */
export interface PendingStep {
  readonly version: number;
  readonly name: string;
}

/** The steps that a database at a version lacks, oldest first. */
export function pendingSteps(current: number): PendingStep[] {
  return MIGRATIONS.filter(({ version }) => version > current).map(({ version, name }) => ({ version, name }));
}
