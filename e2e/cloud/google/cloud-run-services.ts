import { Description } from './description.ts';
import { notFound, type RecordedCall, RefusedError, type Service } from './google-platform.ts';

/** How the jobs of a test go. */
export interface JobCourse {
  /** How often a job is seen before it is decided whether it may run. */
  readonly checks?: number;
  /** Why it may not. */
  readonly unready?: string;
  /** How often an execution is seen before it ends. */
  readonly looks?: number;
  readonly exitCode?: number;
  readonly termSignal?: number;
  /** Why the execution failed. */
  readonly failure?: string;
  /** Whether a job names its execution by the last part alone. */
  readonly shortNames?: boolean;
  /** Why the attempt of its task failed. */
  readonly taskMessage?: string;
}

interface Job {
  readonly body: Record<string, unknown>;
  checks: number;
  looks: number;
  execution: string | undefined;
}

/** The jobs behind both versions of the API. */
class Jobs {
  readonly byId = new Map<string, Job>();
  readonly course: JobCourse;

  constructor(course: JobCourse) {
    this.course = course;
  }

  create(id: string, body: unknown): Job {
    if (this.byId.has(id)) {
      throw new RefusedError({ status: 409, code: 'ALREADY_EXISTS', message: `Resource '${id}' already exists.` });
    }
    const job = { body: body as Record<string, unknown>, checks: 0, looks: 0, execution: undefined };
    this.byId.set(id, job);
    return job;
  }

  get(id: string): Job {
    const job = this.byId.get(id);
    if (!job) throw notFound(id);
    return job;
  }

  run(id: string): Job {
    const job = this.get(id);
    if (job.execution !== undefined) throw new Error('The job was run twice.');
    job.execution = `${id}-x1`;
    return job;
  }

  delete(id: string): void {
    if (!this.byId.delete(id)) throw notFound(id);
  }

  execution(name: string): Job {
    return this.get(name.replace(/-x1$/, ''));
  }

  /** Whether a job may run: yes, no, or not decided. */
  readiness(job: Job): 'yes' | 'no' | 'undecided' {
    job.checks += 1;
    if (job.checks <= (this.course.checks ?? 0)) return 'undecided';
    return this.course.unready === undefined ? 'yes' : 'no';
  }

  /** Whether an execution has ended, and how. */
  progress(job: Job): 'runs' | 'succeeded' | 'failed' {
    job.looks += 1;
    if (job.looks <= (this.course.looks ?? 0)) return 'runs';
    return this.course.exitCode || this.course.termSignal || this.course.failure ? 'failed' : 'succeeded';
  }

  attempt() {
    const { exitCode, termSignal, taskMessage } = this.course;
    return {
      ...(exitCode !== undefined && { exitCode }),
      ...(termSignal !== undefined && { termSignal }),
      ...(taskMessage !== undefined && { status: { code: 2, message: taskMessage } }),
    };
  }
}

const LOG_URI = 'https://console.cloud.google.com/logs/viewer?execution=x1';
const last = (path: string | undefined): string => path?.split('/').at(-1) ?? '';
const nameOf = ({ parameters }: RecordedCall): string => last(parameters.name);

export function cloudRunV1Service(course: JobCourse): Service & { readonly jobs: Jobs } {
  const jobs = new Jobs(course);
  const status = { yes: 'True', no: 'False', undecided: 'Unknown', runs: 'Unknown', succeeded: 'True', failed: 'False' } as const;
  return {
    jobs,
    description: new Description('run-v1.json'),
    methods: {
      'run.namespaces.jobs.create': ({ body, parameters }) => {
        const { metadata } = body as { metadata: { name: string; namespace: string } };
        if (`namespaces/${metadata.namespace}` !== parameters.parent) {
          throw new RefusedError({ status: 400, code: 'INVALID_ARGUMENT', message: 'The namespace is not that of the request.' });
        }
        return jobs.create(metadata.name, body).body;
      },
      'run.namespaces.jobs.get': (call) => {
        const job = jobs.get(nameOf(call));
        const conditions = [{ type: 'Ready', status: status[jobs.readiness(job)], message: course.unready ?? '' }];
        const latestCreatedExecution = job.execution === undefined ? {} : { name: job.execution };
        return { ...job.body, status: { conditions, ...(job.execution && { latestCreatedExecution }) } };
      },
      'run.namespaces.jobs.run': (call) => ({ metadata: { name: jobs.run(nameOf(call)).execution } }),
      'run.namespaces.jobs.delete': (call) => {
        jobs.delete(nameOf(call));
        return { status: 'Success' };
      },
      'run.namespaces.executions.get': (call) => {
        const progress = jobs.progress(jobs.execution(nameOf(call)));
        const completed = { type: 'Completed', status: status[progress], message: course.failure ?? '' };
        return { status: { logUri: LOG_URI, conditions: [{ type: 'Started', status: 'True' }, completed] } };
      },
      'run.namespaces.tasks.list': () => ({ items: [{ status: { index: 0, lastAttemptResult: jobs.attempt() } }] }),
    },
  };
}

export function cloudRunV2Service(course: JobCourse): Service & { readonly jobs: Jobs } {
  const jobs = new Jobs(course);
  const operation = { name: 'projects/acme/locations/europe-west1/operations/o1', done: false };
  const state = {
    yes: 'CONDITION_SUCCEEDED',
    no: 'CONDITION_FAILED',
    undecided: 'CONDITION_RECONCILING',
    runs: 'CONDITION_RECONCILING',
    succeeded: 'CONDITION_SUCCEEDED',
    failed: 'CONDITION_FAILED',
  } as const;
  return {
    jobs,
    description: new Description('run-v2.json'),
    methods: {
      'run.projects.locations.jobs.create': ({ body, parameters }) => {
        jobs.create(parameters.jobId ?? '', body);
        return operation;
      },
      'run.projects.locations.jobs.get': (call) => {
        const job = jobs.get(nameOf(call));
        const terminalCondition = { type: 'Ready', state: state[jobs.readiness(job)], message: course.unready ?? '' };
        const full = `${call.parameters.name}/executions/${job.execution}`;
        const latestCreatedExecution = { name: course.shortNames ? job.execution : full };
        return { ...job.body, terminalCondition, ...(job.execution && { latestCreatedExecution }) };
      },
      'run.projects.locations.jobs.run': (call) => {
        jobs.run(nameOf(call));
        return operation;
      },
      'run.projects.locations.jobs.delete': (call) => {
        jobs.delete(nameOf(call));
        return operation;
      },
      'run.projects.locations.jobs.executions.get': (call) => {
        const progress = jobs.progress(jobs.execution(nameOf(call)));
        const conditions = [{ type: 'Completed', state: state[progress], message: course.failure ?? '' }];
        return { logUri: LOG_URI, conditions };
      },
      'run.projects.locations.jobs.executions.tasks.list': () => ({ tasks: [{ lastAttemptResult: jobs.attempt() }] }),
    },
  };
}
