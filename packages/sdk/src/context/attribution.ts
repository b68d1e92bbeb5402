import { currentContext } from './context.ts';

const FROM_ENVIRONMENT = {
  'x-prefect-flow-id': 'PREFECT__FLOW_ID',
  'x-prefect-flow-name': 'PREFECT__FLOW_NAME',
  'x-prefect-deployment-id': 'PREFECT__DEPLOYMENT_ID',
  'x-prefect-deployment-name': 'PREFECT__DEPLOYMENT_NAME',
  'x-prefect-worker-id': 'PREFECT__WORKER_ID',
  'x-prefect-worker-name': 'PREFECT__WORKER_NAME',
} as const;

/** Headers that tell the server for whom a request is made (contract, SDK 1); each only when known. */
export function attributionHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [header, variable] of Object.entries(FROM_ENVIRONMENT)) {
    const value = process.env[variable];
    if (value) headers[header] = headerText(value);
  }
  const { flow } = currentContext();
  if (flow) {
    headers['x-prefect-flow-id'] = flow.run.flow_id;
    headers['x-prefect-flow-name'] = headerText(flow.flow.name);
    if (flow.run.deployment_id) headers['x-prefect-deployment-id'] = flow.run.deployment_id;
  }
  return headers;
}

/** A header cannot carry every character; a name is there to be read, so the others are escaped. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (character) => encodeURIComponent(character));
}
