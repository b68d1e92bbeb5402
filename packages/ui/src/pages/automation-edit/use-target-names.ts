import { useQueries } from '@tanstack/react-query';
import { targets } from '../../api/automation-queries.ts';
import { actionKind } from '../../automations/action-kinds.ts';
import { ACTION_LISTS, type AutomationDraft } from '../../automations/draft.ts';
import type { Names } from '../../automations/words.ts';

type TargetKind = Parameters<typeof targets>[0];

/** Where the names of what an action of a type is done to are found. */
function targetKindOf(type: string): TargetKind | undefined {
  if (type === 'send-notification') return 'notify-block';
  if (type === 'call-webhook') return 'webhook-block';
  return actionKind(type)?.target?.kind;
}

/** What the objects that the actions of a draft name by id are called. */
export function useTargetNames(draft: AutomationDraft): Names {
  const kinds = new Set(ACTION_LISTS.flatMap((list) => draft[list]).flatMap(({ type }) => targetKindOf(type) ?? []));
  return useQueries({
    queries: [...kinds].map((kind) => targets(kind)),
    combine: (results) => new Map(results.flatMap(({ data }) => data ?? []).map(({ id, title }) => [id, title])),
  });
}
