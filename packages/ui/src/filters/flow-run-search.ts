import { listOf, oneOf, textOf } from './search-params.ts';

export const FLOW_RUN_TABS = [
  'timeline',
  'graph',
  'logs',
  'tasks',
  'subflows',
  'artifacts',
  'parameters',
  'states',
  'details',
] as const;
export type FlowRunTab = (typeof FLOW_RUN_TABS)[number];

/** The lowest level of the log lines shown, by name. */
export const LOG_LEVELS = { debug: 10, info: 20, warning: 30, error: 40 } as const;
export type LogLevel = keyof typeof LOG_LEVELS;

/** The state of a flow-run page, as it stands in the URL. */
export interface FlowRunSearch {
  tab?: FlowRunTab;
  /** The task run selected in the timeline. */
  node?: string;
  /** The stretch of time shown, in milliseconds from the start of the run. */
  w?: string;
  level?: LogLevel;
  /** Text that log lines must hold. */
  q?: string;
  /** What of the timeline shows: all, only failed, or only unfinished task runs. */
  show?: 'failed' | 'unfinished';
  /** Groups of the timeline that are unfolded. */
  open?: string[];
}

export function parseFlowRunSearch(raw: Record<string, unknown>): FlowRunSearch {
  const search: FlowRunSearch = {};
  const tab = oneOf(raw.tab, FLOW_RUN_TABS);
  if (tab && tab !== 'timeline') search.tab = tab;
  const node = textOf(raw.node);
  if (node) search.node = node;
  const window = textOf(raw.w);
  if (window && /^-?\d+_\d+$/.test(window)) search.w = window;
  const level = oneOf(raw.level, Object.keys(LOG_LEVELS) as LogLevel[]);
  if (level && level !== 'debug') search.level = level;
  const q = textOf(raw.q);
  if (q) search.q = q;
  const show = oneOf(raw.show, ['failed', 'unfinished'] as const);
  if (show) search.show = show;
  const open = listOf(raw.open);
  if (open.length > 0) search.open = open;
  return search;
}
