import type { BenchOptions, ServerName } from '../options.ts';
import type { ServerProcess } from '../servers/server-process.ts';

/** Something that happens once and takes its time, as a start does; it brings its own servers. */
export interface Trial {
  readonly name: string;
  /** Tells of each thing that was measured. */
  run(context: TrialContext): Promise<TrialRow[]>;
}

export interface TrialContext {
  readonly options: BenchOptions;
  /** Python environment of the reference; undefined where the reference is not measured. */
  readonly referenceVenv: string | undefined;
  start(server: ServerName): Promise<ServerProcess>;
}

/** One number of a trial, with all samples that it is the median of. */
export interface TrialRow {
  readonly trial: string;
  readonly what: string;
  readonly unit: 'ms' | 's' | 'MiB' | 'ms/s';
  readonly server: ServerName;
  readonly samples: readonly number[];
}

/** Collects samples under names, in the order in which the names first come. */
export class Samples {
  readonly #trial: string;
  readonly #rows: { what: string; unit: TrialRow['unit']; server: ServerName; samples: number[] }[] = [];

  constructor(trial: string) {
    this.#trial = trial;
  }

  add(what: string, unit: TrialRow['unit'], server: ServerName, sample: number): void {
    const row = this.#rows.find((known) => known.what === what && known.server === server);
    if (row === undefined) this.#rows.push({ what, unit, server, samples: [sample] });
    else row.samples.push(sample);
  }

  /** All rows; those that tell of the same thing stand together. */
  rows(): TrialRow[] {
    const names = [...new Set(this.#rows.map((row) => row.what))];
    return names.flatMap((what) => this.#rows.filter((row) => row.what === what).map((row) => ({ trial: this.#trial, ...row })));
  }
}
