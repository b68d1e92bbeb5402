import type { UiOverview } from '@prefect-ts/protocol';
import { Circle, CircleCheck } from 'lucide-react';
import { CommandLine } from '../../widgets/copyable.tsx';

/** A list for the first day; each step ticks itself off. */
export function FirstSteps({ data }: { data: UiOverview }) {
  const steps = [
    { title: 'The server is up', done: true },
    { title: 'Run a flow', done: data.totals.flow_runs > 0, command: 'node my-flow.ts' },
    { title: 'Make a work pool', done: data.totals.work_pools > 0, command: 'prefect work-pool create my-pool --type process' },
    { title: 'Deploy a flow', done: data.totals.deployments > 0, command: 'prefect deploy' },
    {
      title: 'Start a worker',
      done: data.work_pools.some((pool) => pool.workers_online > 0),
      command: `prefect worker start --pool ${data.work_pools[0]?.name ?? 'my-pool'}`,
    },
  ];
  return (
    <section aria-label="First steps" className="card p-5">
      <h2 className="mb-3 text-lg font-semibold">First steps</h2>
      <ol className="space-y-2.5">
        {steps.map((step) => (
          <li key={step.title} className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1">
            {step.done ? (
              <CircleCheck size={18} role="img" aria-label="Done" className="text-completed-fg" />
            ) : (
              <Circle size={18} role="img" aria-label="To do" className="text-text-2" />
            )}
            <span className={step.done ? 'text-text-2' : 'font-medium'}>{step.title}</span>
            <span className="flex-1" />
            {!step.done && step.command && <CommandLine text={step.command} />}
          </li>
        ))}
      </ol>
    </section>
  );
}
