import { format } from 'node:util';
import { currentContext } from '../context/context.ts';
import type { LevelName } from './levels.ts';

const METHODS = { log: 'INFO', info: 'INFO', debug: 'INFO', warn: 'INFO', error: 'INFO' } as const satisfies Record<
  string,
  LevelName
>;

let capturing = false;

/**
 * Makes `console.*` inside runs with `logConsole` write to the log of the run. It looks at the context of each call, so what the rest
 * of the process prints stays as it is.
 */
export function captureConsole(): void {
  if (capturing) return;
  capturing = true;
  for (const [method, level] of Object.entries(METHODS) as [keyof typeof METHODS, LevelName][]) {
    const print = console[method].bind(console);
    console[method] = (...values: unknown[]) => {
      const { task, flow } = currentContext();
      const run = task ?? flow;
      if (run?.logConsole) run.log.log(level, format(...values));
      else print(...values);
    };
  }
}
