import type { UiWaitingReason } from '@prefect-ts/protocol';
import { orMissing, seeList } from '../../answers.ts';
import { argument, command, output, uuid } from '../../command.ts';
import type { Output } from '../../terminal/output.ts';
import { describeDistance } from '../../terminal/time.ts';

export const why = command({
  summary: 'Say why a flow run does not run',
  arguments: { id: argument('Id of the flow run', uuid) },
  options: { output: output() },
  async run({ args: { id }, options, session }) {
    const { out } = session;
    const client = await session.client();
    const path = { id };
    const missing = `Flow run '${id}' not found!`;
    const [run, reasons] = await orMissing(
      Promise.all([client.call('GET /flow_runs/{id}', { path }), client.call('GET /ui/flow_runs/{id}/why', { path })]),
      missing,
      seeList('flow-run'),
    );
    if (options.output) return out.json(reasons);
    if (reasons.length === 0)
      return out.line(`Flow run '${run.name}' does not wait: its state is ${run.state_name ?? 'unknown'}.`);
    for (const reason of reasons) tell(out, reason);
  },
});

function tell(out: Output, { code, message, blockers, next_check }: UiWaitingReason): void {
  out.line(`${out.colors.yellow(code)}  ${message}`);
  for (const { kind, id, name, since } of blockers)
    out.line(`    ${kind} ${out.colors.cyan(name)} (${id})${since ? `, ${describeDistance(since)}` : ''}`);
  if (next_check) out.line(`    Next look ${describeDistance(next_check)}`);
}
