import type { DeploymentResponse, DeploymentSchedule } from '@prefect-ts/protocol';
import { useState } from 'react';
import { useSaveSchedule } from '../actions/deployment-actions.ts';
import { schemaOfDeployment } from '../schema-form/schema.ts';
import { SchemaForm } from '../schema-form/schema-form.tsx';
import { checkValues, defaultValues, givenValues, type Problems } from '../schema-form/values.ts';
import { classNames } from '../widgets/class-names.ts';
import { Disclosure } from '../widgets/disclosure.tsx';
import { Select, Switch } from '../widgets/fields.tsx';
import { FormDialog } from '../widgets/form-dialog.tsx';
import { CountInput, TextArea, TextInput } from '../widgets/form-fields.tsx';
import { ScheduleDates } from './schedule-dates.tsx';
import { draftOf, newDraft, type ScheduleDraft, type ScheduleKind, scheduleOf, UNITS, type Unit } from './schedule-draft.ts';
import { useCronWords } from './use-cron-words.ts';

const KINDS: readonly { id: ScheduleKind; title: string; hint: string }[] = [
  { id: 'cron', title: 'Cron', hint: 'at times of the clock' },
  { id: 'interval', title: 'Interval', hint: 'every so often' },
  { id: 'rrule', title: 'RRULE', hint: 'by calendar rules' },
];

const CRON_SAMPLES = [
  ['Every 15 minutes', '*/15 * * * *'],
  ['Every hour', '0 * * * *'],
  ['Every morning', '0 6 * * *'],
  ['Weekdays', '0 9 * * 1-5'],
  ['First of the month', '0 0 1 * *'],
] as const;

const RULE_SAMPLES = [
  ['Mon, Wed, Fri', 'FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=9;BYMINUTE=0;BYSECOND=0'],
  ['Last Friday', 'FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17;BYMINUTE=0;BYSECOND=0'],
  ['Last day of the month', 'FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=23;BYMINUTE=0;BYSECOND=0'],
  ['Every quarter', 'FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1;BYHOUR=6;BYMINUTE=0;BYSECOND=0'],
] as const;

/** Writes a new schedule of a deployment, or changes one; beside it stand the dates that it would give. */
export function ScheduleEditor({
  deployment,
  saved,
  onClose,
}: {
  deployment: DeploymentResponse;
  saved: DeploymentSchedule | undefined;
  onClose: () => void;
}) {
  const [draft, setDraft] = useState<ScheduleDraft>(() => (saved ? draftOf(saved) : newDraft(localZone())));
  const [problems, setProblems] = useState<Problems>({});
  const save = useSaveSchedule(deployment.id);
  const schedule = scheduleOf(draft);
  const set = (change: Partial<ScheduleDraft>) => setDraft((before) => ({ ...before, ...change }));
  const schema = schemaOfDeployment(deployment);
  const submit = () => {
    if (!schedule) return;
    const parameters = givenValues(draft.parameters);
    const found = checkValues({ ...schema, required: [] }, parameters);
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    const slug = draft.slug.trim();
    save.mutate(
      {
        id: saved?.id,
        body: {
          schedule,
          active: draft.active,
          parameters,
          ...(slug || saved?.slug ? { slug } : {}),
          ...(draft.mostPlanned === null ? {} : { max_scheduled_runs: draft.mostPlanned }),
        },
      },
      { onSuccess: onClose },
    );
  };
  return (
    <FormDialog
      title={saved ? 'Edit the schedule' : `Add a schedule to ${deployment.name}`}
      verb={saved ? 'Save' : 'Add the schedule'}
      isOpen
      wide
      onClose={onClose}
      onSubmit={submit}
      isPending={save.isPending || !schedule}
      problem={save.error?.message}
    >
      <KindChoice kind={draft.kind} onChange={(kind) => set({ kind })} />
      <div className="grid gap-5 sm:grid-cols-2">
        <div className="space-y-4">
          <KindFields draft={draft} set={set} />
          <TextInput
            label="Time zone"
            value={draft.timezone}
            onChange={(timezone) => set({ timezone })}
            suggestions={zones()}
            hint="Whose clocks it goes by, summer time included"
          />
        </div>
        <section aria-label="Next dates" className="rounded-md border bg-surface-2/60 p-3">
          <h3 className="mb-2 text-sm font-semibold">Next dates</h3>
          <ScheduleDates schedule={schedule} />
        </section>
      </div>
      <Switch isSelected={draft.active} onChange={(active) => set({ active })}>
        Active
      </Switch>
      <Disclosure title="More" startsOpen={saved !== undefined && Object.keys(saved.parameters).length > 0}>
        <div className="space-y-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <TextInput
              label="Name"
              value={draft.slug}
              onChange={(slug) => set({ slug })}
              placeholder="nightly"
              hint="Small letters, digits and dashes"
            />
            <CountInput
              label="Runs planned ahead"
              value={draft.mostPlanned}
              onChange={(mostPlanned) => set({ mostPlanned })}
              min={1}
              placeholder="as the server does"
            />
          </div>
          {Object.keys(schema.properties ?? {}).length > 0 && (
            <section aria-label="Parameters of its runs" className="rounded-md border p-4">
              <h3 className="mb-1 text-sm font-semibold">Parameters of its runs</h3>
              <p className="mb-3 text-sm text-text-2">What is left alone is as the deployment has it.</p>
              <SchemaForm
                schema={{ ...schema, required: [] }}
                defaults={defaultValues(schema, deployment.parameters)}
                values={draft.parameters}
                onChange={(parameters) => set({ parameters })}
                problems={problems}
              />
            </section>
          )}
        </div>
      </Disclosure>
    </FormDialog>
  );
}

function KindChoice({ kind, onChange }: { kind: ScheduleKind; onChange: (kind: ScheduleKind) => void }) {
  return (
    <fieldset className="grid grid-cols-3 gap-2">
      <legend className="sr-only">Kind of schedule</legend>
      {KINDS.map(({ id, title, hint }) => (
        <label
          key={id}
          className={classNames(
            'flex cursor-pointer flex-col rounded-md border px-3 py-2 text-sm has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-[var(--focus)]',
            kind === id ? 'border-accent bg-accent-soft text-accent-fg' : 'hover:bg-surface-2',
          )}
        >
          <input
            type="radio"
            name="schedule-kind"
            className="sr-only"
            checked={kind === id}
            onChange={() => onChange(id)}
            aria-label={title}
          />
          <span className="font-medium">{title}</span>
          <span className={classNames('text-xs', kind === id ? '' : 'text-text-2')}>{hint}</span>
        </label>
      ))}
    </fieldset>
  );
}

function KindFields({ draft, set }: { draft: ScheduleDraft; set: (change: Partial<ScheduleDraft>) => void }) {
  const words = useCronWords(draft.kind === 'cron' ? draft.cron : undefined);
  switch (draft.kind) {
    case 'cron':
      return (
        <>
          <TextInput
            label="Cron line"
            value={draft.cron}
            onChange={(cron) => set({ cron })}
            mono
            autoFocus
            hint={words ?? 'minute, hour, day of the month, month, day of the week'}
          />
          <Samples samples={CRON_SAMPLES} onChoose={(cron) => set({ cron })} />
          {/^\S+\s+\S+\s+[^*\s]\S*\s+\S+\s+[^*\s]/.test(draft.cron.trim()) && (
            <Switch isSelected={draft.dayOr} onChange={(dayOr) => set({ dayOr })}>
              {draft.dayOr ? 'When either day matches' : 'Only when both days match'}
            </Switch>
          )}
        </>
      );
    case 'rrule':
      return (
        <>
          <TextArea
            label="Recurrence rule"
            value={draft.rrule}
            onChange={(rrule) => set({ rrule })}
            mono
            rows={4}
            hint="As iCalendar writes it (RFC 5545), with DTSTART, EXDATE and several rules if need be"
          />
          <Samples samples={RULE_SAMPLES} onChoose={(rrule) => set({ rrule })} />
        </>
      );
    case 'interval':
      return (
        <>
          <div className="grid grid-cols-[1fr_8rem] items-end gap-2">
            <CountInput label="Every" value={draft.every} onChange={(every) => set({ every })} min={0} step="any" />
            <Select
              label="Unit"
              choices={(Object.keys(UNITS) as Unit[]).map((id) => ({ id, title: id }))}
              value={draft.unit}
              onChange={(unit) => set({ unit })}
            />
          </div>
          <TextInput
            label="Counted from"
            type="datetime-local"
            value={draft.anchor}
            onChange={(anchor) => set({ anchor })}
            hint="In the time zone below; empty: from the moment it is saved"
          />
        </>
      );
  }
}

function Samples({
  samples,
  onChoose,
}: {
  samples: readonly (readonly [title: string, text: string])[];
  onChoose: (text: string) => void;
}) {
  return (
    <ul aria-label="Samples" className="flex flex-wrap gap-1.5">
      {samples.map(([title, text]) => (
        <li key={text}>
          <button
            type="button"
            onClick={() => onChoose(text)}
            className="h-6 cursor-pointer rounded-full border px-2.5 text-xs text-text-2 hover:bg-surface-2 hover:text-text pointer-coarse:h-11"
          >
            {title}
          </button>
        </li>
      ))}
    </ul>
  );
}

function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

function zones(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
}
