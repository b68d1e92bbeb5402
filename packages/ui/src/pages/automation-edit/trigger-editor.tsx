import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { type CompositeTriggerDraft, emptyTrigger, type TriggerDraft } from '../../automations/draft.ts';
import { TEMPLATES } from '../../automations/templates.ts';
import { triggerPhrase } from '../../automations/words.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { DurationField } from '../../widgets/duration-field.tsx';
import { type Choice, Select, Switch } from '../../widgets/fields.tsx';
import { EventTriggerEditor } from './event-trigger-editor.tsx';

const TYPES: readonly Choice<TriggerDraft['type']>[] = [
  { id: 'event', title: 'One kind of event' },
  { id: 'compound', title: 'Several, in any order' },
  { id: 'sequence', title: 'Several, in their order' },
];

/** A trigger of any kind; triggers of triggers hold this editor again. */
export function TriggerEditor({
  trigger,
  onChange,
  label = 'trigger',
}: {
  trigger: TriggerDraft;
  onChange: (trigger: TriggerDraft) => void;
  label?: string;
}) {
  return (
    <div className="space-y-4">
      <div className="max-w-72">
        <Select
          label={`Kind of ${label}`}
          showLabel
          choices={TYPES}
          value={trigger.type}
          onChange={(type) => type !== trigger.type && onChange(asType(trigger, type))}
        />
      </div>
      {trigger.type === 'event' ? (
        <EventTriggerEditor trigger={trigger} onChange={onChange} />
      ) : (
        <CompositeEditor trigger={trigger} onChange={onChange} label={label} />
      )}
    </div>
  );
}

/** Turns a trigger into one of another type, keeping what it holds. */
function asType(trigger: TriggerDraft, type: TriggerDraft['type']): TriggerDraft {
  if (type === 'event')
    return (trigger.type !== 'event' && trigger.triggers.find((child) => child.type === 'event')) || emptyTrigger();
  const triggers = trigger.type === 'event' ? [trigger] : trigger.triggers;
  const within = trigger.type === 'event' ? null : trigger.within;
  return type === 'compound' ? { type, require: 'all', triggers, within } : { type, triggers, within };
}

function CompositeEditor({
  trigger,
  onChange,
  label,
}: {
  trigger: CompositeTriggerDraft;
  onChange: (trigger: TriggerDraft) => void;
  label: string;
}) {
  const { triggers, within } = trigger;
  const setTriggers = (next: readonly TriggerDraft[]) => {
    const { require } = trigger;
    const tooMany = typeof require === 'number' && require > next.length;
    onChange({ ...trigger, triggers: next, ...(tooMany ? { require: 'all' as const } : {}) });
  };
  const move = (index: number, by: 1 | -1) => {
    const next = [...triggers];
    const [moved] = next.splice(index, 1);
    if (moved) next.splice(index + by, 0, moved);
    setTriggers(next);
  };
  const counts = triggers.map((_, index) => ({ id: String(index + 1), title: `At least ${index + 1}` })).slice(1, -1);
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-end gap-4">
        {trigger.type === 'compound' && (
          <Select
            label={`How many of the ${label}s are needed`}
            choices={[{ id: 'all', title: 'All of them' }, { id: 'any', title: 'Any of them' }, ...counts]}
            value={String(trigger.require ?? 'all')}
            onChange={(id) => onChange({ ...trigger, require: id === 'all' || id === 'any' ? id : Number(id) })}
          />
        )}
        <Switch isSelected={within !== null} onChange={(on) => onChange({ ...trigger, within: on ? 3600 : null })}>
          Within a span of time
        </Switch>
        {within !== null && (
          <DurationField label="Within" value={within} onChange={(seconds) => onChange({ ...trigger, within: seconds })} />
        )}
      </div>
      <ol className="space-y-3">
        {triggers.map((child, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: triggers have no identity but their place
          <li key={index} className="rounded-md border">
            <div className="flex items-center gap-1 border-b bg-surface-2 py-1 ps-3 pe-1">
              <span className="min-w-0 flex-1 truncate text-sm" title={triggerPhrase(child)}>
                <span className="font-medium">{index + 1}.</span> {triggerPhrase(child)}
              </span>
              <IconButton
                label={`Move ${label} ${index + 1} up`}
                isDisabled={index === 0}
                onPress={() => move(index, -1)}
                icon={<ArrowUp size={14} aria-hidden />}
              />
              <IconButton
                label={`Move ${label} ${index + 1} down`}
                isDisabled={index === triggers.length - 1}
                onPress={() => move(index, 1)}
                icon={<ArrowDown size={14} aria-hidden />}
              />
              <IconButton
                label={`Remove ${label} ${index + 1}`}
                onPress={() => setTriggers(triggers.filter((_, place) => place !== index))}
                icon={<Trash2 size={14} aria-hidden />}
              />
            </div>
            <div className="p-3">
              <TriggerEditor
                trigger={child}
                label={`${label} ${index + 1}`}
                onChange={(next) => setTriggers(triggers.map((other, place) => (place === index ? next : other)))}
              />
            </div>
          </li>
        ))}
      </ol>
      <Button
        icon={<Plus size={13} aria-hidden />}
        onPress={() => setTriggers([...triggers, TEMPLATES[0]?.trigger() ?? emptyTrigger()])}
      >
        Add a trigger
      </Button>
    </div>
  );
}
