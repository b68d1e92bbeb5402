import type { StateType } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { targets } from '../../api/automation-queries.ts';
import { type ActionTarget, actionKind } from '../../automations/action-kinds.ts';
import type { ActionDraft } from '../../automations/draft.ts';
import { JsonInput } from '../../schema-form/scalar-inputs.tsx';
import { type Choice, Select, Switch } from '../../widgets/fields.tsx';
import { FilterMenu } from '../../widgets/filter-menu.tsx';
import { TextField } from '../../widgets/text-field.tsx';

interface FieldsProps {
  action: ActionDraft;
  onChange: (action: ActionDraft) => void;
  name: string;
}

/** What an action needs to know besides its kind. */
export function ActionFields(props: FieldsProps) {
  const content = fieldsOf(props);
  return content && <div className="space-y-3 p-3">{content}</div>;
}

function fieldsOf(props: FieldsProps) {
  const { action } = props;
  const kind = actionKind(action.type);
  if (!kind) return <UnknownFields {...props} />;
  switch (action.type) {
    case 'change-flow-run-state':
      return <StateFields {...props} />;
    case 'send-notification':
      return <NotificationFields {...props} />;
    case 'call-webhook':
      return <WebhookFields {...props} />;
    case 'run-deployment':
      return <RunFields {...props} />;
    default:
      return kind.target ? <TargetField {...props} target={kind.target} /> : null;
  }
}

/** One that is chosen, or the one that the event is about. */
function TargetField({ action, onChange, name, target }: FieldsProps & { target: ActionTarget }) {
  const inferred = action.source === 'inferred';
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Switch
        isSelected={inferred}
        onChange={(on) => onChange({ ...action, source: on ? 'inferred' : 'selected', [target.member]: null })}
      >
        The {target.words} that the event is about
      </Switch>
      {!inferred && (
        <TargetMenu
          label={`Choose the ${target.words} of ${name}`}
          kind={target.kind}
          value={action[target.member]}
          onChange={(id) => onChange({ ...action, [target.member]: id ?? null })}
        />
      )}
    </div>
  );
}

function TargetMenu({
  label,
  kind,
  value,
  onChange,
}: {
  label: string;
  kind: Parameters<typeof targets>[0];
  value: unknown;
  onChange: (id: string | undefined) => void;
}) {
  const query = useQuery(targets(kind));
  return (
    <FilterMenu
      label={label}
      single
      choices={query.data ?? []}
      selected={typeof value === 'string' && value !== '' ? [value] : []}
      onChange={([id]) => onChange(id)}
      loading={query.isPending}
    />
  );
}

function RunFields({ action, onChange, name }: FieldsProps) {
  const target = actionKind(action.type)?.target;
  return (
    <>
      {target && <TargetField action={action} onChange={onChange} name={name} target={target} />}
      <JsonField
        label={`Parameters of ${name}`}
        value={action.parameters}
        onChange={(parameters) => onChange({ ...action, parameters: parameters ?? null })}
      />
      <JsonField
        label={`Job variables of ${name}`}
        value={action.job_variables}
        onChange={(job_variables) => onChange({ ...action, job_variables: job_variables ?? null })}
      />
    </>
  );
}

function JsonField({ label, value, onChange }: { label: string; value: unknown; onChange: (value: unknown) => void }) {
  return (
    <div className="flex flex-col gap-1">
      <span className="text-sm font-medium">{label.replace(/ of .*$/, '')}</span>
      <JsonInput aria-label={label} value={value ?? undefined} onChange={onChange} />
    </div>
  );
}

const STATES: readonly Choice<StateType>[] = [
  { id: 'CANCELLED', title: 'Cancelled' },
  { id: 'CANCELLING', title: 'Cancelling' },
  { id: 'COMPLETED', title: 'Completed' },
  { id: 'CRASHED', title: 'Crashed' },
  { id: 'FAILED', title: 'Failed' },
  { id: 'PAUSED', title: 'Paused' },
  { id: 'PENDING', title: 'Pending' },
  { id: 'RUNNING', title: 'Running' },
  { id: 'SCHEDULED', title: 'Scheduled' },
];

function StateFields({ action, onChange, name }: FieldsProps) {
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <Select
          label={`State of ${name}`}
          showLabel
          choices={STATES}
          value={STATES.find(({ id }) => id === action.state)?.id ?? 'CANCELLED'}
          onChange={(state) => onChange({ ...action, state })}
        />
        <TextField
          label="Its name, if another than usual"
          value={textOf(action.name)}
          onChange={(text) => onChange({ ...action, name: text || null })}
        />
      </div>
      <TextField
        label="Message"
        value={textOf(action.message)}
        onChange={(text) => onChange({ ...action, message: text || null })}
      />
      <Switch isSelected={action.force === true} onChange={(force) => onChange({ ...action, force })}>
        Even if the rules of orchestration would refuse it
      </Switch>
    </>
  );
}

const TEMPLATE_HINT =
  'Values in {{ }}: event, flow, flow_run, deployment, work_pool, work_queue, automation; {{ flow_run|ui_url }} leads to its page.';

function NotificationFields({ action, onChange, name }: FieldsProps) {
  return (
    <>
      <BlockField action={action} onChange={onChange} name={name} kind="notify-block" />
      <TextField label="Subject" value={textOf(action.subject)} onChange={(subject) => onChange({ ...action, subject })} />
      <TextField
        label="Body"
        value={textOf(action.body)}
        onChange={(body) => onChange({ ...action, body })}
        rows={5}
        hint={TEMPLATE_HINT}
      />
    </>
  );
}

function WebhookFields({ action, onChange, name }: FieldsProps) {
  return (
    <>
      <BlockField action={action} onChange={onChange} name={name} kind="webhook-block" />
      <TextField
        label="Payload"
        value={textOf(action.payload)}
        onChange={(payload) => onChange({ ...action, payload })}
        rows={4}
        mono
        hint={TEMPLATE_HINT}
      />
    </>
  );
}

function BlockField({ action, onChange, name, kind }: FieldsProps & { kind: 'notify-block' | 'webhook-block' }) {
  const query = useQuery(targets(kind));
  return (
    <div className="flex flex-wrap items-center gap-3">
      <TargetMenu
        label={`Choose the block of ${name}`}
        kind={kind}
        value={action.block_document_id}
        onChange={(id) => onChange({ ...action, block_document_id: id ?? '' })}
      />
      {query.data?.length === 0 && (
        <span className="text-sm text-text-2">
          {kind === 'notify-block' ? 'No block can send notifications yet.' : 'There is no webhook block yet.'}
        </span>
      )}
    </div>
  );
}

/** An action that this dashboard does not know, as JSON. */
function UnknownFields({ action, onChange, name }: FieldsProps) {
  const { type, ...members } = action;
  return (
    <JsonField
      label={`Members of ${name}`}
      value={members}
      onChange={(next) => onChange({ ...(typeof next === 'object' ? next : {}), type })}
    />
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
