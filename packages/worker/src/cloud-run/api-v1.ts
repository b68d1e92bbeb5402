import type { run_v1 } from '@googleapis/run';
import { type CloudRunApi, taskEnd } from './cloud-run-api.ts';

/** Version 1 of the API: jobs are objects as in Kubernetes, in the namespace of a project and at the address of a region. */
export function cloudRunV1(api: run_v1.Run, project: string): CloudRunApi {
  const parent = `namespaces/${project}`;
  const { jobs, executions, tasks } = api.namespaces;
  const jobName = (id: string) => `${parent}/jobs/${id}`;

  return {
    createJob: (_id, requestBody: run_v1.Schema$Job) => jobs.create({ parent, requestBody }),
    async readJob(id) {
      const { data } = await jobs.get({ name: jobName(id) });
      const ready = findCondition(data.status?.conditions, 'Ready');
      return { ...ready, ready: ready.holds, latestExecution: data.status?.latestCreatedExecution?.name ?? undefined };
    },
    runJob: (id) => jobs.run({ name: jobName(id), requestBody: {} }),
    async readExecution(_jobId, name) {
      const { data } = await executions.get({ name: `${parent}/executions/${name}` });
      const { holds, reason } = findCondition(data.status?.conditions, 'Completed');
      return { succeeded: holds, reason, logUri: data.status?.logUri ?? undefined };
    },
    async readTaskEnd(_jobId, execution) {
      const { data } = await tasks.list({ parent, labelSelector: `run.googleapis.com/execution=${execution}` });
      return taskEnd(data.items?.[0]?.status?.lastAttemptResult);
    },
    deleteJob: (id) => jobs.delete({ name: jobName(id) }),
  };
}

function findCondition(conditions: run_v1.Schema$GoogleCloudRunV1Condition[] | undefined, type: string) {
  const found = conditions?.find((condition) => condition.type === type);
  const reason = found?.message || found?.reason || undefined;
  if (found?.status === 'True') return { holds: true, reason };
  return { holds: found?.status === 'False' ? false : undefined, reason };
}
