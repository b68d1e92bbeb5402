import { Link } from '@tanstack/react-router';
import { actionKind } from './action-kinds.ts';
import type { ActionDraft, TriggerDraft } from './draft.ts';
import { actionPhrase, type Names, triggerPhrase } from './words.ts';

/** A trigger in words; triggers of triggers as a nested list. */
export function TriggerWords({ trigger }: { trigger: TriggerDraft }) {
  if (trigger.type === 'event') return <p className="break-words">{capital(triggerPhrase(trigger))}.</p>;
  const all = trigger.require === 'all' || trigger.require === trigger.triggers.length;
  const how =
    trigger.type === 'sequence'
      ? 'All of these, one after the other'
      : all
        ? 'All of these, in any order'
        : trigger.require === 'any' || trigger.require === 1
          ? 'Any of these'
          : `${trigger.require} of these, in any order`;
  const List = trigger.type === 'sequence' ? 'ol' : 'ul';
  return (
    <div>
      <p>
        {how}
        {trigger.within === null ? '' : `, within ${trigger.within} seconds`}:
      </p>
      <List className={`mt-1.5 space-y-1.5 border-s-2 ps-6 ${trigger.type === 'sequence' ? 'list-decimal' : 'list-disc'}`}>
        {trigger.triggers.map((child, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: triggers have no identity but their place
          <li key={index}>
            <TriggerWords trigger={child} />
          </li>
        ))}
      </List>
    </div>
  );
}

/** Actions in words, each leading to what it is done to. */
export function ActionWords({ actions, names }: { actions: readonly ActionDraft[]; names: Names }) {
  if (actions.length === 0) return <p className="text-text-2">Nothing.</p>;
  return (
    <ol className="space-y-1.5">
      {actions.map((action, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: actions have no identity but their place
        <li key={index} className="flex gap-2.5">
          <span
            aria-hidden
            className="tabular mt-0.5 flex size-5 shrink-0 items-center justify-center rounded-full bg-surface-2 text-xs text-text-2"
          >
            {index + 1}
          </span>
          <span className="min-w-0 break-words">
            {capital(actionPhrase(action, names))}. <TargetLink action={action} names={names} />
          </span>
        </li>
      ))}
    </ol>
  );
}

function TargetLink({ action, names }: { action: ActionDraft; names: Names }) {
  const target = actionKind(action.type)?.target;
  const id = target && action[target.member];
  if (!target || typeof id !== 'string' || id === '') return null;
  const look = 'text-sm text-accent-fg hover:underline';
  const name = names.get(id);
  if (target.kind === 'deployment')
    return (
      <Link to="/deployments/deployment/$id" params={{ id }} className={look}>
        Open the deployment
      </Link>
    );
  if (target.kind === 'automation')
    return (
      <Link to="/automations/automation/$id" params={{ id }} className={look}>
        Open the automation
      </Link>
    );
  if (target.kind === 'work-pool' && name !== undefined)
    return (
      <Link to="/work-pools/work-pool/$name" params={{ name }} className={look}>
        Open the work pool
      </Link>
    );
  return null;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
