import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FlowRunResponse, type StateCreate, uuid4, uuid7 } from '@prefect-ts/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Session, sessionFor } from '../src/session/session.ts';
import { loadSettings } from '../src/settings/index.ts';

/** A request as it came in. */
export interface RecordedCall {
  readonly name: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was sent.
  readonly body: any;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was sent.
export type RecordedEvent = any;

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

type Intercept = (call: RecordedCall) => Reply | undefined;

/**
 * Answers as the API does where the SDK looks, over real HTTP and websockets, and remembers all it was told. It knows no rules but one:
 * a failed flow run with retries left gets AwaitingRetry.
 */
export class RecordingServer implements AsyncDisposable {
  readonly calls: RecordedCall[] = [];
  readonly events: RecordedEvent[] = [];
  readonly logs: { message: string; level: number; name: string; flow_run_id: string; task_run_id: string | null }[] = [];
  readonly flowRuns = new Map<string, FlowRunResponse>();
  readonly tokens: unknown[] = [];
  /** Looks at each request first; what it gives is the answer. */
  intercept: Intercept = () => undefined;
  /** Called for each event; true drops the connection at once. */
  onEvent: (event: RecordedEvent) => boolean = () => false;
  /** The events that a subscriber gets at once. */
  outgoing: (filter: RecordedEvent) => RecordedEvent[] = () => [];
  readonly #flows = new Map<string, string>();
  readonly #taskRuns = new Map<string, Record<string, unknown>>();
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, autoPong: true });
  readonly #sessions: Session[] = [];

  private constructor(http: Server) {
    this.#http = http;
    http.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      const path = (request.url ?? '').replace('/api', '').replace(/\?.*$/, '');
      const body = text === '' ? undefined : JSON.parse(text);
      const name = `${request.method} ${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '{id}')}`;
      const call: RecordedCall = { name, path, headers: request.headers, body };
      this.calls.push(call);
      const reply = this.intercept(call) ?? this.#answer(call);
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
      response.end(reply.body === undefined ? '' : JSON.stringify(reply.body));
    });
    http.on('upgrade', (request, socket, head) => {
      this.#sockets.handleUpgrade(request, socket, head, (websocket) => this.#listen(websocket, request.url ?? ''));
    });
  }

  static async start(): Promise<RecordingServer> {
    const http = createServer().listen(0, '127.0.0.1');
    await once(http, 'listening');
    return new RecordingServer(http);
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/api`;
  }

  /** A session with this server; `settings` are environment variables. */
  session(settings: Record<string, string> = {}): Session {
    const env = {
      PREFECT_API_URL: this.apiUrl,
      PREFECT_TESTING_TEST_MODE: 'true',
      PREFECT_LOGGING_LEVEL: 'CRITICAL',
      ...settings,
    };
    const session = sessionFor(loadSettings({ env }));
    this.#sessions.push(session);
    return session;
  }

  /** Names of the calls, in order. */
  get callNames(): string[] {
    return this.calls.map((call) => call.name);
  }

  /** Events of task runs whose name starts so, as state names in order. */
  taskStates(prefix: string): string[] {
    return this.eventsOf(prefix).map((event) => event.resource['prefect.state-name']);
  }

  eventsOf(prefix: string): RecordedEvent[] {
    return this.events.filter((event) => event.payload.task_run?.name.startsWith(prefix));
  }

  /** States proposed for flow runs, as `NAME(type)`. */
  get proposedStates(): StateCreate[] {
    return this.calls.filter((call) => call.name === 'POST /flow_runs/{id}/set_state').map((call) => call.body.state);
  }

  /** Makes a flow run as a deployment would. */
  createFlowRun(parameters: Record<string, unknown>, extra: Partial<FlowRunResponse> = {}): FlowRunResponse {
    const run = aFlowRun({ parameters, flow_id: this.#flowId('given'), ...extra });
    this.flowRuns.set(run.id, run);
    return run;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#sessions) await session.close();
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, 'close');
  }

  #listen(socket: WebSocket, url: string): void {
    let greeted = false;
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (!greeted) {
        greeted = true;
        this.tokens.push(message.token);
        socket.send(JSON.stringify({ type: 'auth_success' }));
        return;
      }
      if (url.endsWith('/events/out')) {
        for (const event of this.outgoing(message.filter)) socket.send(JSON.stringify({ type: 'event', event }));
        return;
      }
      // What came in before the break, but after the event that caused it, is lost as on a real network.
      if (socket.readyState !== socket.OPEN) return;
      if (this.onEvent(message)) socket.terminate();
      else this.events.push(message);
    });
  }

  #answer(call: RecordedCall): Reply {
    const [, id = ''] = /\/([0-9a-f]{8}-[0-9a-f-]{27})/.exec(call.path) ?? [];
    switch (call.name) {
      case 'GET /admin/version':
        return ok('3.8.8');
      case 'GET /csrf-token':
        return { status: 422, body: { detail: 'CSRF protection is disabled.' } };
      case 'POST /flows/':
        return ok({ id: this.#flowId(call.body.name), name: call.body.name });
      case 'POST /flow_runs/':
        return { status: 201, body: this.#create(call.body) };
      case 'GET /flow_runs/{id}':
        return this.flowRuns.has(id) ? ok(this.flowRuns.get(id)) : { status: 404, body: { detail: 'Flow run not found' } };
      case 'PATCH /flow_runs/{id}':
        this.#update(id, call.body);
        return { status: 204 };
      case 'POST /flow_runs/{id}/set_state':
        return this.#setState(id, call.body.state);
      case 'POST /flow_runs/filter':
        return ok(this.#childrenOf(call.body?.flow_runs?.parent_task_run_id?.any_?.[0]));
      case 'POST /task_runs/':
        return ok(this.#placeholder(call.body));
      case 'POST /logs/':
        this.logs.push(...call.body);
        return { status: 201 };
      case 'POST /artifacts/':
        return { status: 201, body: { id: uuid4(), ...call.body } };
      case 'POST /v2/concurrency_limits/increment-with-lease':
        return ok({ lease_id: uuid4(), limits: [] });
      default:
        return call.name.startsWith('PATCH') ? { status: 204 } : { status: 404, body: { detail: 'Not Found' } };
    }
  }

  #flowId(name: string): string {
    const id = this.#flows.get(name) ?? uuid4();
    this.#flows.set(name, id);
    return id;
  }

  #create(body: Partial<FlowRunResponse>): FlowRunResponse {
    const run = aFlowRun({ ...body, name: body.name ?? 'random-name' });
    this.flowRuns.set(run.id, run);
    return run;
  }

  #update(id: string, changes: Partial<FlowRunResponse>): void {
    const run = this.flowRuns.get(id);
    if (run) this.flowRuns.set(id, { ...run, ...changes });
  }

  #setState(id: string, proposed: StateCreate): Reply {
    const run = this.flowRuns.get(id);
    if (!run) return { status: 404, body: { detail: 'Flow run not found' } };
    const retried = proposed.type === 'FAILED' && run.run_count <= (run.empirical_policy.retries ?? 0) && run.run_count > 0;
    const state = aState(retried ? { type: 'SCHEDULED', name: 'AwaitingRetry' } : proposed);
    const run_count = run.run_count + (state.type === 'RUNNING' ? 1 : 0);
    this.flowRuns.set(id, { ...run, state, state_type: state.type, state_name: state.name, run_count } as FlowRunResponse);
    if (run.parent_task_run_id) {
      const placeholder = [...this.#taskRuns.values()].find((each) => each.id === run.parent_task_run_id);
      if (placeholder) placeholder.state = state;
    }
    return ok(
      retried ? { status: 'REJECT', state, details: { type: 'reject_details' } } : { status: 'ACCEPT', state, details: {} },
    );
  }

  #childrenOf(taskRunId: string | undefined): FlowRunResponse[] {
    return [...this.flowRuns.values()].filter((run) => run.parent_task_run_id === taskRunId && taskRunId !== undefined).reverse();
  }

  #placeholder(body: Record<string, unknown>): Record<string, unknown> {
    const key = [body.flow_run_id, body.task_key, body.dynamic_key].join('|');
    const run = this.#taskRuns.get(key) ?? { ...body, id: uuid7(), state: aState({ type: 'PENDING' }) };
    this.#taskRuns.set(key, run);
    return run;
  }
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}

function aState(state: StateCreate) {
  return {
    id: uuid7(),
    timestamp: new Date().toISOString(),
    message: null,
    data: null,
    ...state,
    name: state.name ?? state.type,
    state_details: state.state_details ?? {},
  };
}

/** A flow run as the API answers it. */
export function aFlowRun(fields: Partial<FlowRunResponse>): FlowRunResponse {
  return {
    id: uuid7(),
    name: 'random-name',
    flow_id: uuid4(),
    flow_version: null,
    deployment_id: null,
    parameters: {},
    tags: [],
    run_count: 0,
    state: null,
    parent_task_run_id: null,
    work_queue_id: null,
    work_pool_id: null,
    ...fields,
    empirical_policy: { retries: null, retry_delay: null, ...fields.empirical_policy },
  } as FlowRunResponse;
}
