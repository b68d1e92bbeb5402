import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { ACTION_KINDS, actionKind, newAction } from '../../automations/action-kinds.ts';
import type { ActionDraft } from '../../automations/draft.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { Select } from '../../widgets/fields.tsx';
import { ActionFields } from './action-fields.tsx';

const KINDS = ACTION_KINDS.map(({ type, title }) => ({ id: type, title }));

/** What is done, in its order. */
export function ActionsEditor({
  actions,
  onChange,
  what,
}: {
  actions: readonly ActionDraft[];
  onChange: (actions: ActionDraft[]) => void;
  /** What one of them is called, to tell the lists apart. */
  what: string;
}) {
  const replace = (index: number, action: ActionDraft) =>
    onChange(actions.map((other, place) => (place === index ? action : other)));
  const move = (index: number, by: 1 | -1) => {
    const next = [...actions];
    const [moved] = next.splice(index, 1);
    if (moved) next.splice(index + by, 0, moved);
    onChange(next);
  };
  return (
    <div className="space-y-3">
      <ol className="space-y-3">
        {actions.map((action, index) => {
          const name = `${what} ${index + 1}`;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: actions have no identity but their place
            <li key={index} className="rounded-md border">
              <div className="flex flex-wrap items-center gap-1 border-b bg-surface-2 py-1.5 ps-2 pe-1">
                <div className="min-w-0 flex-1">
                  <div className="w-fit max-w-full">
                    <Select
                      label={`Kind of ${name}`}
                      choices={actionKind(action.type) ? KINDS : [...KINDS, { id: action.type, title: action.type }]}
                      value={action.type}
                      onChange={(type) => type !== action.type && replace(index, newAction(type))}
                    />
                  </div>
                </div>
                <IconButton
                  label={`Move ${name} up`}
                  isDisabled={index === 0}
                  onPress={() => move(index, -1)}
                  icon={<ArrowUp size={14} aria-hidden />}
                />
                <IconButton
                  label={`Move ${name} down`}
                  isDisabled={index === actions.length - 1}
                  onPress={() => move(index, 1)}
                  icon={<ArrowDown size={14} aria-hidden />}
                />
                <IconButton
                  label={`Remove ${name}`}
                  onPress={() => onChange(actions.filter((_, place) => place !== index))}
                  icon={<Trash2 size={14} aria-hidden />}
                />
              </div>
              <ActionFields key={action.type} action={action} onChange={(next) => replace(index, next)} name={name} />
            </li>
          );
        })}
      </ol>
      <Button icon={<Plus size={13} aria-hidden />} onPress={() => onChange([...actions, newAction('cancel-flow-run')])}>
        Add an {what}
      </Button>
    </div>
  );
}
