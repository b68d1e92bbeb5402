import { textOf } from './search-params.ts';

/** What a new automation begins with, as it stands in the URL. */
export interface AutomationDraftSearch {
  /** A template to begin with. */
  template?: string;
  /** An event, and the resource that it is about, to react to. */
  event?: string;
  resource?: string;
  /** An automation to begin as a copy of. */
  from?: string;
}

export function parseAutomationDraftSearch(raw: Record<string, unknown>): AutomationDraftSearch {
  const search: AutomationDraftSearch = {};
  for (const key of ['template', 'event', 'resource', 'from'] as const) {
    const text = textOf(raw[key]);
    if (text) search[key] = text;
  }
  return search;
}
