import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useId, useState } from 'react';
import { eventGroups } from '../../api/event-queries.ts';
import { deployments, flows } from '../../api/queries.ts';
import {
  type EventTriggerDraft,
  type LabelMatch,
  RESOURCE_ID,
  RESOURCE_NAME,
  relatedIn,
  relatedMatches,
  valuesOf,
  withRelatedIn,
} from '../../automations/draft.ts';
import { KNOWN_EVENTS } from '../../automations/templates.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { DurationField } from '../../widgets/duration-field.tsx';
import { type Choice, INPUT_LOOK, Select } from '../../widgets/fields.tsx';
import { FilterMenu } from '../../widgets/filter-menu.tsx';
import { TokenField } from '../../widgets/token-field.tsx';

const POSTURES: readonly Choice<EventTriggerDraft['posture']>[] = [
  { id: 'Reactive', title: 'happens' },
  { id: 'Proactive', title: 'does not happen in time' },
];

interface EditorProps {
  trigger: EventTriggerDraft;
  onChange: (trigger: EventTriggerDraft) => void;
}

/** A trigger of one kind of event: what has to happen, or not to happen, to what. */
export function EventTriggerEditor({ trigger, onChange }: EditorProps) {
  const set = (change: Partial<EventTriggerDraft>) => onChange({ ...trigger, ...change });
  const seen = useQuery({ ...eventGroups('event', { in: '-7d' }), staleTime: 60_000 });
  const suggestions = [...new Set([...KNOWN_EVENTS, ...(seen.data ?? []).map(({ value }) => value)])];
  const proactive = trigger.posture === 'Proactive';
  const isOfRuns = [...trigger.expect, ...valuesOf(trigger.match, RESOURCE_ID)].some((text) =>
    text.startsWith('prefect.flow-run.'),
  );
  return (
    <div className="space-y-4">
      <div className="grid items-start gap-4 md:grid-cols-[minmax(0,1fr)_14rem]">
        <TokenField
          label="Events"
          tokens={trigger.expect}
          onChange={(expect) => set({ expect })}
          suggestions={suggestions}
          hint="Any of these; a * at the end stands for whatever comes there."
        />
        <Select
          label="Fires when one of them"
          showLabel
          choices={POSTURES}
          value={trigger.posture}
          onChange={(posture) => set(posture === 'Proactive' ? { posture, within: Math.max(10, trigger.within) } : { posture })}
        />
      </div>
      {(proactive || trigger.after.length > 0) && (
        <TokenField
          label="After"
          tokens={trigger.after}
          onChange={(after) => set({ after })}
          suggestions={suggestions}
          hint="The clock starts when one of these happened; without any it always runs."
        />
      )}
      {isOfRuns && <RunNarrowing trigger={trigger} onChange={onChange} />}
      <div className="flex flex-wrap items-start gap-4">
        <CountField value={trigger.threshold} onChange={(threshold) => set({ threshold })} />
        <DurationField
          label={proactive ? 'Time it has' : 'Counted within'}
          value={trigger.within}
          onChange={(within) => set({ within })}
        />
      </div>
      <details className="rounded-md border">
        <summary className="cursor-pointer px-3 py-2 text-sm font-medium">Labels</summary>
        <div className="space-y-5 border-t p-3">
          <MatchEditor title="The resource itself" match={trigger.match} onChange={(match) => set({ match })} />
          <RelatedEditor trigger={trigger} onChange={onChange} />
          <TokenField
            label="One count for each"
            tokens={trigger.for_each}
            onChange={(for_each) => set({ for_each })}
            suggestions={[
              RESOURCE_ID,
              RESOURCE_NAME,
              'related:flow:prefect.resource.id',
              'related:deployment:prefect.resource.id',
            ]}
            hint="Labels whose values keep events apart: with prefect.resource.id each object is counted on its own."
          />
        </div>
      </details>
    </div>
  );
}

function CountField({ value, onChange }: { value: number; onChange: (count: number) => void }) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        How often
      </label>
      <input
        id={id}
        type="number"
        min={1}
        step={1}
        value={value}
        onChange={(event) => onChange(Math.max(1, Math.round(Number(event.target.value))))}
        className={`${INPUT_LOOK} tabular max-w-24`}
      />
    </div>
  );
}

/** Which runs: of which flows, of which deployments, with which tags. */
function RunNarrowing({ trigger, onChange }: EditorProps) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const open = (what: string) => setOpened((before) => new Set([...before, what]));
  const flowQuery = useInfiniteQuery({ ...flows(''), enabled: opened.has('flows') });
  const deploymentQuery = useInfiniteQuery({ ...deployments({}), enabled: opened.has('deployments') });
  const names = (results: readonly { name: string }[]) =>
    [...new Set(results.map(({ name }) => name))].map((id) => ({ id, title: id }));
  const chosen = (role: string) => relatedIn(trigger, role, RESOURCE_NAME);
  const tags = relatedIn(trigger, 'tag', RESOURCE_ID).map((id) => id.replace(/^prefect\.tag\./, ''));
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-sm text-text-2">Only runs</span>
        <FilterMenu
          label="of flow"
          choices={names(flowQuery.data?.pages.flatMap((page) => page.results) ?? [])}
          selected={chosen('flow')}
          onChange={(ids) => onChange(withRelatedIn(trigger, 'flow', RESOURCE_NAME, ids))}
          onOpen={() => open('flows')}
          loading={flowQuery.isPending}
        />
        <FilterMenu
          label="of deployment"
          choices={names(deploymentQuery.data?.pages.flatMap((page) => page.results) ?? [])}
          selected={chosen('deployment')}
          onChange={(ids) => onChange(withRelatedIn(trigger, 'deployment', RESOURCE_NAME, ids))}
          onOpen={() => open('deployments')}
          loading={deploymentQuery.isPending}
        />
      </div>
      <TokenField
        label="Only runs with one of the tags"
        tokens={tags}
        onChange={(next) =>
          onChange(
            withRelatedIn(
              trigger,
              'tag',
              RESOURCE_ID,
              next.map((tag) => `prefect.tag.${tag}`),
            ),
          )
        }
      />
    </div>
  );
}

/** Labels and what they may be, as rows. */
function MatchEditor({ title, match, onChange }: { title: string; match: LabelMatch; onChange: (match: LabelMatch) => void }) {
  const rows = Object.entries(match);
  const replace = (index: number, row: [string, string | readonly string[]] | undefined) =>
    onChange(Object.fromEntries(rows.flatMap((other, place) => (place === index ? (row ? [row] : []) : [other]))));
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1 text-sm font-medium">{title}</legend>
      {rows.map(([label, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a label that is being typed has no other identity
        <div key={index} className="flex items-start gap-2">
          <input
            aria-label={`Label ${index + 1} of ${title}`}
            value={label}
            spellCheck={false}
            onChange={(event) => replace(index, [event.target.value, value])}
            className={`${INPUT_LOOK} max-w-60 font-mono text-xs`}
          />
          <input
            aria-label={`What ${label} may be`}
            value={typeof value === 'string' ? value : value.join(', ')}
            spellCheck={false}
            onChange={(event) => replace(index, [label, readValues(event.target.value)])}
            className={`${INPUT_LOOK} font-mono text-xs`}
          />
          <IconButton
            label={`Remove ${label} of ${title}`}
            onPress={() => replace(index, undefined)}
            icon={<X size={14} aria-hidden />}
          />
        </div>
      ))}
      <Button
        icon={<Plus size={13} aria-hidden />}
        isDisabled={'' in match}
        onPress={() => onChange({ ...match, [RESOURCE_ID in match ? '' : RESOURCE_ID]: '' })}
      >
        Add a label
      </Button>
    </fieldset>
  );
}

/** What was typed between commas; one value stays a plain text. */
function readValues(text: string): string | string[] {
  return text.includes(',') ? text.split(',').map((part) => part.trimStart()) : text;
}

function RelatedEditor({ trigger, onChange }: EditorProps) {
  const matches = relatedMatches(trigger);
  const set = (next: readonly LabelMatch[]) => onChange({ ...trigger, match_related: next.length === 0 ? {} : next });
  return (
    <div className="space-y-3">
      {matches.map((match, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: matches have no identity but their place
        <div key={index} className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <MatchEditor
              title={`Something related, ${index + 1}`}
              match={match}
              onChange={(next) => set(matches.map((other, place) => (place === index ? next : other)))}
            />
          </div>
          <IconButton
            label={`Remove what is related, ${index + 1}`}
            onPress={() => set(matches.filter((_, place) => place !== index))}
            icon={<X size={14} aria-hidden />}
          />
        </div>
      ))}
      <Button
        icon={<Plus size={13} aria-hidden />}
        onPress={() => set([...matches, { 'prefect.resource.role': 'flow', [RESOURCE_NAME]: '' }])}
      >
        Something related
      </Button>
    </div>
  );
}
