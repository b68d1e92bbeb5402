/**
 * A type of worker on a platform that is up, as the conformance kit needs to know it. What a platform does not have is left out, and the cases
 * that need it do not apply.
 */
export interface ConformanceTarget {
  /** The type of the work pool: `docker`. */
  readonly type: string;
  /** Where the class of the worker is: an address that `import()` takes, and the name of the export. Default: the type of this package. */
  readonly worker?: { readonly module: string; readonly name: string };
  /** What the process of the worker needs in its environment, for example where the platform is. */
  readonly workerEnvironment?: Readonly<Record<string, string>>;
  /** Job variables of every run, for example an image that has Node. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** How a command names Node 20 or newer where runs are. */
  readonly node: string;
  /** Whether runs go on when their worker ends. */
  readonly outlivesWorker: boolean;
  /** Whether what is started carries labels. Default true. */
  readonly labels?: boolean;
  /** Whether what is started has a name. Default true. */
  readonly names?: boolean;
  /** How the platform itself sees what was started; undefined when it is not there any more. */
  inspect(id: string): Promise<InspectedInfrastructure | undefined>;
  /** Ends it behind the worker's back, at once. */
  destroy(id: string): Promise<void>;
  /** Job variables with which the default command finds `prefect`, and the folder of {@link CONFORMANCE_FLOWS} as runs see it. */
  readonly flows?: { readonly variables?: Readonly<Record<string, unknown>>; readonly directory: string };
  /** Job variables that limit the memory of a run. */
  readonly memory?: (megabytes: number) => Readonly<Record<string, unknown>>;
  /** Job variables with an image that is nowhere, and its name as the error says it. */
  readonly missingImage?: { readonly variables: Readonly<Record<string, unknown>>; readonly says: RegExp };
  /** Job variables that the platform refuses: more than its quota, what is not allowed, what does not exist. */
  readonly refused?: { readonly variables: Readonly<Record<string, unknown>>; readonly says: RegExp };
  /** What is said of a program that is not there. Default: that its run could not be started, or ended with 127. */
  readonly missingProgram?: RegExp;
}

/** What a platform tells of what was started for a run. What it does not know is left out. */
export interface InspectedInfrastructure {
  readonly running: boolean;
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly memoryMegabytes?: number;
}

/** The flows that the cases run: a file that a target must make reachable for its runs, with its packages. */
export const CONFORMANCE_FLOWS = new URL('./flows.ts', import.meta.url);
