/** A function, with the place where it begins; lines count from 0. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** The part of a V8 CPU profile (`node --cpu-prof`) that tells where time went. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

/** A function, or a file, with the CPU time spent in its own code. */
export interface SelfTime {
  readonly where: string;
  readonly millis: number;
}

/** A file with the functions of it that cost most. */
export interface FileTime extends SelfTime {
  readonly functions: readonly SelfTime[];
}

const NO_WORK = new Set(['(idle)', '(root)']);

/** Adds up the own time of each function, grouped by file; the costliest first. Idle time is left out. */
export function groupByFile(profiles: readonly CpuProfile[], shorten: (url: string) => string): FileTime[] {
  const files = new Map<string, Map<string, number>>();
  for (const profile of profiles) {
    const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
    for (const [index, id] of profile.samples.entries()) {
      const frame = frames.get(id);
      if (frame === undefined || NO_WORK.has(frame.functionName)) continue;
      const file = frame.url === '' ? '(engine and native code)' : shorten(frame.url);
      const where = placeOf(frame);
      const functions = files.get(file) ?? new Map<string, number>();
      functions.set(where, (functions.get(where) ?? 0) + (profile.timeDeltas[index] ?? 0) / 1000);
      files.set(file, functions);
    }
  }
  return [...files]
    .map(([where, functions]) => {
      const sorted = [...functions].map(([name, millis]) => ({ where: name, millis })).sort(byMillis);
      return { where, millis: sorted.reduce((sum, { millis }) => sum + millis, 0), functions: sorted };
    })
    .sort(byMillis);
}

/** Name and line of a function, as in `write:10`. */
export function placeOf({ functionName, url, lineNumber }: CallFrame): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  return url === '' ? name : `${name}:${lineNumber + 1}`;
}

/**
 * Adds up the time of each function with all that it called; a function that calls itself counts once. Where code awaits, what runs
 * after is no longer below its caller.
 */
export function inclusiveTimes(profiles: readonly CpuProfile[], nameOf: (frame: CallFrame) => string | undefined): SelfTime[] {
  const times = new Map<string, number>();
  for (const profile of profiles) {
    const stacks = stackNames(profile, nameOf);
    for (const [index, id] of profile.samples.entries()) {
      const millis = (profile.timeDeltas[index] ?? 0) / 1000;
      for (const name of stacks.get(id) ?? []) times.set(name, (times.get(name) ?? 0) + millis);
    }
  }
  return [...times].map(([where, millis]) => ({ where, millis })).sort(byMillis);
}

/** For each node of the call tree, the names of the functions from the root down to it. */
function stackNames(profile: CpuProfile, nameOf: (frame: CallFrame) => string | undefined): Map<number, ReadonlySet<string>> {
  const parents = new Map(profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const stacks = new Map<number, ReadonlySet<string>>();
  for (const node of profile.nodes) {
    // V8 lists a node before its children.
    const above = stacks.get(parents.get(node.id) ?? 0) ?? new Set();
    const name = nameOf(node.callFrame);
    stacks.set(node.id, name === undefined ? above : new Set([...above, name]));
  }
  return stacks;
}

function byMillis(one: SelfTime, other: SelfTime): number {
  return other.millis - one.millis;
}
