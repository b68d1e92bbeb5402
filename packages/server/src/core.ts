import type { Logger } from 'pino';
import type { Cipher } from './encryption/index.ts';
import type { Bus } from './events/bus.ts';
import { ServicePulse } from './services/service-pulse.ts';
import type { ServerSettings } from './settings.ts';
import type { Reader, Storage } from './storage/storage.ts';
import { type WorkUnit, workUnit } from './work-unit.ts';

/** Tells the time, in microseconds since the epoch, never the same twice. Tests move it. */
export type Clock = () => number;

/** What every part of the server works with; it is handed in, never looked up. */
export interface Core {
  readonly settings: ServerSettings;
  readonly storage: Storage;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  /** Hides in the database what must not be read there. */
  readonly cipher: Cipher;
  /** This server among others on the same database. */
  readonly serverId: string;
  /** When the services of this server last gave a sign of life. */
  readonly pulse: ServicePulse;
  /** Runs `work` in one transaction; its events and announcements go out once it is durable. */
  write<T>(work: (unit: WorkUnit) => Promise<T>): Promise<T>;
  /** Point reads. */
  readonly read: Reader;
  /** Reads that may scan. */
  readonly scan: Reader;
}

export type CoreParts = Pick<Core, 'settings' | 'storage' | 'bus' | 'clock' | 'log' | 'cipher' | 'serverId'>;

export function makeCore(parts: CoreParts): Core {
  return {
    ...parts,
    pulse: new ServicePulse(),
    read: parts.storage.reader,
    scan: parts.storage.scanner,
    write: (work) => parts.storage.write((unit) => work(workUnit(parts, unit))),
  };
}
