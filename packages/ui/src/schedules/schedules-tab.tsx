import type { DeploymentResponse, DeploymentSchedule } from '@prefect-ts/protocol';
import { CalendarClock, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useDeleteSchedule, useToggleSchedule } from '../actions/deployment-actions.ts';
import { Button } from '../widgets/button.tsx';
import { ConfirmDialog } from '../widgets/dialog.tsx';
import { Disclosure } from '../widgets/disclosure.tsx';
import { Switch } from '../widgets/fields.tsx';
import { MoreMenu } from '../widgets/menu.tsx';
import { EmptyState } from '../widgets/notice.tsx';
import { ScheduleDates } from './schedule-dates.tsx';
import { ScheduleEditor } from './schedule-editor.tsx';
import { scheduleText } from './schedule-text.ts';
import { useCronWords } from './use-cron-words.ts';

/** The schedules of a deployment, to be added, changed, stopped and deleted. */
export default function SchedulesTab({ deployment }: { deployment: DeploymentResponse }) {
  const [editing, setEditing] = useState<DeploymentSchedule | 'new'>();
  const add = (
    <Button icon={<Plus size={14} aria-hidden />} onPress={() => setEditing('new')}>
      Add a schedule
    </Button>
  );
  return (
    <>
      {deployment.schedules.length === 0 ? (
        <div className="card">
          <EmptyState icon={<CalendarClock size={20} aria-hidden />} title="No schedules">
            <p className="mb-4">With a schedule, the server starts runs of this deployment by itself.</p>
            {add}
          </EmptyState>
        </div>
      ) : (
        <div className="space-y-3">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <p className="text-sm text-text-2">
              {deployment.paused ? 'The deployment is paused: no schedule makes runs until it is switched on again.' : ''}
            </p>
            {add}
          </div>
          <ul className="card divide-y">
            {deployment.schedules.map((schedule) => (
              <li key={schedule.id}>
                <ScheduleRow deployment={deployment} schedule={schedule} onEdit={() => setEditing(schedule)} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {editing && (
        <ScheduleEditor
          deployment={deployment}
          saved={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  );
}

function ScheduleRow({
  deployment,
  schedule,
  onEdit,
}: {
  deployment: DeploymentResponse;
  schedule: DeploymentSchedule;
  onEdit: () => void;
}) {
  const toggle = useToggleSchedule(deployment.id);
  const remove = useDeleteSchedule(deployment.id);
  const [asking, setAsking] = useState(false);
  const words = useCronWords('cron' in schedule.schedule ? schedule.schedule.cron : undefined);
  const text = scheduleText(schedule);
  const active = toggle.isPending ? toggle.variables.active : schedule.active;
  const parameters = Object.keys(schedule.parameters);
  return (
    <div className="flex items-start gap-3 px-4 py-3">
      <CalendarClock size={16} aria-hidden className="mt-1 shrink-0 text-text-2" />
      <div className="min-w-0 flex-1 space-y-1">
        <div className="flex flex-wrap items-baseline gap-x-3">
          <span className="font-medium break-words">{words ?? text}</span>
          {!active && <span className="text-sm text-text-2">off</span>}
        </div>
        <div className="flex flex-wrap gap-x-4 text-sm break-words text-text-2">
          {words && <span className="font-mono">{text}</span>}
          {schedule.slug && <span>{schedule.slug}</span>}
          {parameters.length > 0 && <span>with its own {parameters.join(', ')}</span>}
        </div>
        <Disclosure title="Next dates">
          <div className="max-w-96">
            <ScheduleDates schedule={schedule.schedule} />
          </div>
        </Disclosure>
      </div>
      <Switch
        label={`Schedule ${text}`}
        isSelected={active}
        isDisabled={toggle.isPending}
        onChange={(on) => toggle.mutate({ scheduleId: schedule.id, active: on })}
      />
      <MoreMenu
        label={`More about the schedule ${text}`}
        entries={[
          { id: 'edit', title: 'Edit…', icon: <Pencil size={14} aria-hidden />, run: onEdit },
          { id: 'delete', title: 'Delete…', danger: true, icon: <Trash2 size={14} aria-hidden />, run: () => setAsking(true) },
        ]}
      />
      <ConfirmDialog
        title="Delete the schedule?"
        verb="Delete the schedule"
        isOpen={asking}
        onClose={() => setAsking(false)}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate(schedule.id, { onSettled: () => setAsking(false) })}
      >
        <span className="font-mono break-words">{text}</span> makes no more runs of {deployment.name}; those that it has planned
        go with it.
      </ConfirmDialog>
    </div>
  );
}
