import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { saveAutomation } from '../../api/automation-queries.ts';
import { actionProblem } from '../../automations/action-kinds.ts';
import { ACTION_LISTS, type AutomationDraft, readDraft } from '../../automations/draft.ts';
import { TEMPLATES } from '../../automations/templates.ts';
import { automationSentence } from '../../automations/words.ts';
import { Button } from '../../widgets/button.tsx';
import { classNames } from '../../widgets/class-names.ts';
import { Switch } from '../../widgets/fields.tsx';
import { Tabs } from '../../widgets/tabs.tsx';
import { TextField } from '../../widgets/text-field.tsx';
import { tell } from '../../widgets/toasts.tsx';
import { TokenField } from '../../widgets/token-field.tsx';
import { ActionsEditor } from './actions-editor.tsx';
import { PastTest } from './past-test.tsx';
import { TriggerEditor } from './trigger-editor.tsx';
import { useTargetNames } from './use-target-names.ts';

const TABS = [
  { id: 'form', title: 'Form' },
  { id: 'json', title: 'JSON' },
] as const;

/** The form of an automation, with the same as JSON beside it; what only JSON can say stays as it is. */
export function AutomationEditor({
  id,
  draft: initial,
  onSaved,
  onCancel,
}: {
  id?: string;
  draft: AutomationDraft;
  onSaved: (id: string) => void;
  onCancel: () => void;
}) {
  const [draft, setDraft] = useState(initial);
  const [tab, setTab] = useState<'form' | 'json'>('form');
  const [json, setJson] = useState('');
  const [problems, setProblems] = useState<readonly string[]>([]);
  const alert = useRef<HTMLDivElement>(null);
  const queries = useQueryClient();
  const names = useTargetNames(draft);
  const save = useMutation({
    mutationFn: (wanted: AutomationDraft) => saveAutomation(id, wanted),
    onSuccess: async (savedId) => {
      tell(id === undefined ? 'The automation is made' : 'The automation is saved');
      await queries.invalidateQueries({ queryKey: ['automation', savedId] });
      await queries.invalidateQueries({ queryKey: ['automations'] });
      onSaved(savedId);
    },
    onError: (error) => tellProblems([error.message]),
  });
  const tellProblems = (found: readonly string[]) => {
    setProblems(found);
    if (found.length > 0) requestAnimationFrame(() => alert.current?.focus());
  };
  const set = (change: Partial<AutomationDraft>) => setDraft((before) => ({ ...before, ...change }));
  const readJson = (): AutomationDraft | undefined => {
    try {
      const read = readDraft(JSON.parse(json));
      setDraft(read);
      setProblems([]);
      return read;
    } catch (error) {
      tellProblems([error instanceof Error ? error.message : 'This is not JSON.']);
      return undefined;
    }
  };
  const choose = (next: 'form' | 'json') => {
    if (next === 'json') setJson(JSON.stringify(draft, null, 2));
    else if (!readJson()) return;
    setTab(next);
  };
  const submit = () => {
    const wanted = tab === 'json' ? readJson() : draft;
    if (!wanted) return;
    const found = problemsOf(wanted);
    tellProblems(found);
    if (found.length === 0) save.mutate(wanted);
  };
  return (
    <>
      <p
        aria-live="polite"
        className="mb-4 rounded-lg border border-accent/30 bg-accent-soft px-4 py-3 break-words text-accent-fg"
      >
        {automationSentence(draft, names)}
      </p>
      {problems.length > 0 && (
        <div
          ref={alert}
          role="alert"
          tabIndex={-1}
          className="mb-4 flex items-start gap-2.5 rounded-lg border border-failed-solid/40 bg-failed-bg px-4 py-3 text-sm text-failed-fg"
        >
          <CircleAlert size={16} aria-hidden className="mt-0.5 shrink-0" />
          <ul className="min-w-0 break-words whitespace-pre-wrap">
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </div>
      )}
      <Tabs label="How to write it" tabs={[...TABS]} selected={tab} onSelect={choose}>
        <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_26rem]">
          {tab === 'form' ? (
            <div className="min-w-0 space-y-4">
              <Card title="What it is called">
                <div className="grid gap-4 md:grid-cols-2">
                  <TextField label="Name" value={draft.name} onChange={(name) => set({ name })} />
                  <TokenField label="Tags" tokens={draft.tags} onChange={(tags) => set({ tags })} />
                </div>
                <TextField
                  label="Description"
                  value={draft.description}
                  onChange={(description) => set({ description })}
                  rows={2}
                />
                <Switch isSelected={draft.enabled} onChange={(enabled) => set({ enabled })}>
                  Enabled
                </Switch>
              </Card>
              <Card title="When">
                {id === undefined && <TemplateTiles onChoose={(change) => set(change)} draft={draft} />}
                <TriggerEditor trigger={draft.trigger} onChange={(trigger) => set({ trigger })} />
              </Card>
              <Card title="Then">
                <ActionsEditor actions={draft.actions} onChange={(actions) => set({ actions })} what="action" />
                <OtherActions draft={draft} onChange={set} />
              </Card>
            </div>
          ) : (
            <div className="card min-w-0 p-4">
              <TextField label="The automation as JSON" value={json} onChange={setJson} rows={28} mono />
            </div>
          )}
          <PastTest draft={draft} />
        </div>
      </Tabs>
      <div className="sticky bottom-14 z-10 mt-4 flex justify-end gap-2 border-t bg-bg py-3 sm:bottom-0">
        <Button onPress={onCancel}>Cancel</Button>
        <Button kind="primary" onPress={submit} isDisabled={save.isPending}>
          {id === undefined ? 'Create automation' : 'Save changes'}
        </Button>
      </div>
    </>
  );
}

function problemsOf(draft: AutomationDraft): string[] {
  const all = ACTION_LISTS.flatMap((list) => draft[list]);
  return [
    ...(draft.name.trim() === '' ? ['The automation needs a name.'] : []),
    ...(all.length === 0 ? ['It needs something to do: add an action.'] : []),
    ...all.flatMap((action, index) => {
      const problem = actionProblem(action);
      return problem ? [`Action ${index + 1}: ${problem}`] : [];
    }),
  ];
}

function TemplateTiles({ draft, onChoose }: { draft: AutomationDraft; onChoose: (change: Partial<AutomationDraft>) => void }) {
  const current = JSON.stringify(draft.trigger);
  const isTitle = draft.name === '' || TEMPLATES.some(({ title }) => title === draft.name);
  return (
    <ul aria-label="Common cases" className="grid grid-cols-1 gap-2 sm:grid-cols-2 lg:grid-cols-4">
      {TEMPLATES.map((template) => {
        const chosen = JSON.stringify(template.trigger()) === current;
        return (
          <li key={template.id}>
            <button
              type="button"
              aria-pressed={chosen}
              onClick={() =>
                onChoose({
                  trigger: template.trigger(),
                  ...(isTitle ? { name: template.id === 'custom' ? '' : template.title } : {}),
                })
              }
              className={classNames(
                'flex h-full w-full cursor-pointer flex-col rounded-md border px-3 py-2 text-start transition-colors duration-100',
                chosen ? 'border-accent bg-accent-soft text-accent-fg' : 'hover:border-border-strong hover:bg-surface-2',
              )}
            >
              <span className="block text-sm font-medium">{template.title}</span>
              <span className={`block text-xs ${chosen ? '' : 'text-text-2'}`}>{template.description}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function OtherActions({ draft, onChange }: { draft: AutomationDraft; onChange: (change: Partial<AutomationDraft>) => void }) {
  return (
    <details open={draft.actions_on_trigger.length + draft.actions_on_resolve.length > 0} className="rounded-md border">
      <summary className="cursor-pointer px-3 py-2 text-sm font-medium">Actions about the automation itself</summary>
      <div className="space-y-5 border-t p-3">
        <div>
          <h3 className="mb-2 text-sm text-text-2">Whenever it is triggered: these see the event of the firing</h3>
          <ActionsEditor
            actions={draft.actions_on_trigger}
            onChange={(actions_on_trigger) => onChange({ actions_on_trigger })}
            what="action on trigger"
          />
        </div>
        <div>
          <h3 className="mb-2 text-sm text-text-2">When it resolves</h3>
          <ActionsEditor
            actions={draft.actions_on_resolve}
            onChange={(actions_on_resolve) => onChange({ actions_on_resolve })}
            what="action on resolve"
          />
        </div>
      </div>
    </details>
  );
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card" aria-label={title}>
      <h2 className="border-b px-4 py-2.5 text-sm font-semibold">{title}</h2>
      <div className="space-y-4 p-4">{children}</div>
    </section>
  );
}
