import type { run_v2 } from '@googleapis/run';
import { type CloudRunApi, taskEnd } from './cloud-run-api.ts';

/** Version 2 of the API: jobs are resources of a project and a region. */
export function cloudRunV2(api: run_v2.Run, project: string, region: string): CloudRunApi {
  const parent = `projects/${project}/locations/${region}`;
  const { jobs } = api.projects.locations;
  const jobName = (jobId: string) => `${parent}/jobs/${jobId}`;

  return {
    createJob: (jobId, requestBody: run_v2.Schema$GoogleCloudRunV2Job) => jobs.create({ parent, jobId, requestBody }),
    async readJob(id) {
      const { data } = await jobs.get({ name: jobName(id) });
      const { holds, reason } = readCondition(data.terminalCondition);
      return { ready: holds, reason, latestExecution: data.latestCreatedExecution?.name ?? undefined };
    },
    runJob: (id) => jobs.run({ name: jobName(id), requestBody: {} }),
    async readExecution(id, name) {
      const { data } = await jobs.executions.get({ name: fullName(jobName(id), name) });
      const { holds, reason } = readCondition(data.conditions?.find(({ type }) => type === 'Completed'));
      return { succeeded: holds, reason, logUri: data.logUri ?? undefined };
    },
    async readTaskEnd(id, execution) {
      const { data } = await jobs.executions.tasks.list({ parent: fullName(jobName(id), execution) });
      return taskEnd(data.tasks?.[0]?.lastAttemptResult);
    },
    deleteJob: (id) => jobs.delete({ name: jobName(id) }),
  };
}

/** A job names its execution in full or by the last part alone. */
function fullName(job: string, name: string): string {
  return name.includes('/') ? name : `${job}/executions/${name}`;
}

function readCondition(condition: run_v2.Schema$GoogleCloudRunV2Condition | undefined) {
  const reason = condition?.message || condition?.executionReason || condition?.reason || undefined;
  if (condition?.state === 'CONDITION_SUCCEEDED') return { holds: true, reason };
  return { holds: condition?.state === 'CONDITION_FAILED' ? false : undefined, reason };
}
