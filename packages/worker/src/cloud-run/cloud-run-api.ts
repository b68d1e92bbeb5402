/** One version of the API of Cloud Run, as far as the life of a run needs it; jobs and executions have one shape in both. */
export interface CloudRunApi {
  createJob(id: string, body: object): Promise<unknown>;
  readJob(id: string): Promise<JobStatus>;
  runJob(id: string): Promise<unknown>;
  readExecution(jobId: string, execution: string): Promise<ExecutionStatus>;
  /** How the last attempt of the execution's task ended; undefined when nothing tells. */
  readTaskEnd(jobId: string, execution: string): Promise<TaskEnd | undefined>;
  deleteJob(id: string): Promise<unknown>;
}

export interface JobStatus {
  /** Whether the job may be run: not decided as long as the platform checks and copies the image. */
  readonly ready: boolean | undefined;
  /** Why it is not ready. */
  readonly reason: string | undefined;
  /** The name of the execution that was started last. */
  readonly latestExecution: string | undefined;
}

export interface ExecutionStatus {
  /** Undefined as long as it goes on. */
  readonly succeeded: boolean | undefined;
  readonly reason: string | undefined;
  /** Where its output is. */
  readonly logUri: string | undefined;
}

export interface TaskEnd {
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
}

/** What an attempt of a task looks like in both versions. */
interface AttemptResult {
  exitCode?: number | null;
  termSignal?: number | null;
  status?: { message?: string | null };
}

/** A task that a signal has ended has the exit status that a shell gives it. */
export function taskEnd(attempt: AttemptResult | undefined): TaskEnd | undefined {
  if (!attempt) return undefined;
  const { exitCode, termSignal, status } = attempt;
  return {
    exitCode: termSignal ? 128 + termSignal : (exitCode ?? undefined),
    reason: status?.message || undefined,
  };
}
