import { isRecord } from '../job-template/placeholders.ts';

/** What this needs of a client of `google-auth-library`: requests that are signed. */
export interface SignedRequests {
  request(options: {
    url: string;
    method: 'GET' | 'POST';
    data?: object;
    params?: Record<string, string>;
    retry: false;
    timeout: number;
  }): Promise<{ data: unknown }>;
}

/** A custom job as the watch of a run sees it. */
export interface CustomJob {
  /** The full resource name. */
  readonly name: string;
  readonly state: string;
  readonly error: string | undefined;
  /** Addresses of shells into its containers, where those are allowed. */
  readonly webAccess: readonly string[];
}

const REQUEST_TIMEOUT_MS = 60_000;

/** The custom jobs of Vertex AI: three calls of a REST API. The full client library brings gRPC and more than a hundred megabytes for them. */
export class CustomJobsApi {
  readonly #auth: SignedRequests;
  readonly #root: string;

  constructor(auth: SignedRequests, root: string) {
    this.#auth = auth;
    this.#root = root;
  }

  async create(parent: string, job: object): Promise<CustomJob> {
    return readJob(await this.#send('POST', `${parent}/customJobs`, { data: job }));
  }

  async findByDisplayName(parent: string, displayName: string): Promise<CustomJob | undefined> {
    const filter = `displayName="${displayName}"`;
    const answer = await this.#send('GET', `${parent}/customJobs`, { params: { filter, pageSize: '1' } });
    const jobs = isRecord(answer) && Array.isArray(answer.customJobs) ? answer.customJobs : [];
    return jobs.length > 0 ? readJob(jobs[0]) : undefined;
  }

  async get(name: string): Promise<CustomJob> {
    return readJob(await this.#send('GET', name, {}));
  }

  async cancel(name: string): Promise<void> {
    await this.#send('POST', `${name}:cancel`, { data: {} });
  }

  async #send(method: 'GET' | 'POST', path: string, more: { data?: object; params?: Record<string, string> }): Promise<unknown> {
    const url = `${this.#root}v1/${path}`;
    const { data } = await this.#auth.request({ url, method, ...more, retry: false, timeout: REQUEST_TIMEOUT_MS });
    return data;
  }
}

function readJob(answer: unknown): CustomJob {
  const { name, state, error, webAccessUris } = isRecord(answer) ? answer : {};
  return {
    name: String(name),
    state: typeof state === 'string' ? state : 'JOB_STATE_UNSPECIFIED',
    error: isRecord(error) && typeof error.message === 'string' ? error.message : undefined,
    webAccess: isRecord(webAccessUris) ? Object.values(webAccessUris).map(String) : [],
  };
}
