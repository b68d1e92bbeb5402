import { formatTimestamp, nowMicros, uuid7 } from '@prefect-ts/protocol';
import type { ApiClient } from 'prefect-ts/client';
import type { StepReport } from '../steps/run-steps.ts';

/** Emits an event for each pull step of a run. An event that is not delivered fails nothing. */
export function pullStepEvents(client: ApiClient, flowRun: { id: string; name: string }): (report: StepReport) => void {
  return ({ index, qualifiedName, id, inputs, failure }) => {
    const event = {
      id: uuid7(),
      event: `prefect.flow-run.pull-step.${failure ? 'failed' : 'executed'}`,
      occurred: formatTimestamp(nowMicros()),
      resource: { 'prefect.resource.id': `prefect.flow-run.${flowRun.id}`, 'prefect.resource.name': flowRun.name },
      related: [],
      payload: { index, qualified_name: qualifiedName, step_name: qualifiedName.split('.').at(-1), id: id ?? null, inputs },
      follows: null,
    };
    client.call('POST /events', { body: [event] }).catch(() => undefined);
  };
}
