import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { InvalidTemplateError, resolveTemplate } from './arm-template.ts';
import { checkContainerGroup } from './description.ts';

/** How things go for the container groups of a test. */
export interface GroupCourse {
  /** How often a deployment is seen before it is done. */
  readonly checks?: number;
  /** Why the deployment fails. */
  readonly deploymentError?: unknown;
  /** How often a group is seen before its container has ended. */
  readonly looks?: number;
  readonly exitCode?: number;
  readonly detailStatus?: string;
  readonly events?: readonly { readonly type: string; readonly name: string; readonly message: string }[];
  /** The group as a whole fails: the container never starts. */
  readonly groupFails?: boolean;
  /** The output of the container at each look at it. */
  readonly output?: readonly string[];
}

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly retryAfter?: number;
}

/** What happens to a request instead of its answer. */
export type Fault = Refusal | 'connection lost';

export interface RecordedCall {
  readonly operation: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Group {
  readonly resource: Record<string, unknown>;
  looks: number;
  outputs: number;
  stopped: boolean;
}

export const TENANT = '7f0b0e4e-3f0e-4c55-9a53-9f4f2b7d1c11';
export const CREDENTIALS = { tenant_id: TENANT, client_id: 'c1', client_secret: 's3cret' };

const API_VERSIONS: Readonly<Record<string, string>> = { 'Microsoft.ContainerInstance': '2023-05-01' };

const ROUTES: readonly (readonly [operation: string, method: string, path: RegExp])[] = [
  ['deployments.put', 'PUT', /\/resourcegroups\/rg1\/providers\/Microsoft\.Resources\/deployments\/([^/]+)$/i],
  ['deployments.get', 'GET', /\/resourcegroups\/rg1\/providers\/Microsoft\.Resources\/deployments\/([^/]+)$/i],
  ['groups.get', 'GET', /\/resourcegroups\/rg1\/providers\/Microsoft\.ContainerInstance\/containerGroups\/([^/]+)$/i],
  ['groups.delete', 'DELETE', /\/resourcegroups\/rg1\/providers\/Microsoft\.ContainerInstance\/containerGroups\/([^/]+)$/i],
  ['groups.stop', 'POST', /\/resourcegroups\/rg1\/providers\/Microsoft\.ContainerInstance\/containerGroups\/([^/]+)\/stop$/i],
  ['containers.logs', 'GET', /\/containerGroups\/([^/]+)\/containers\/\1\/logs$/i],
  ['operations.get', 'GET', /\/operations\/([^/]+)$/i],
];

class RefusedError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

export type AzurePlatform = Awaited<ReturnType<typeof azurePlatform>>;

/** A server that answers as Azure does: Entra, Resource Manager with its templates, and Container Instances by the models of its own library. */
export async function azurePlatform(course: GroupCourse = {}) {
  const calls: RecordedCall[] = [];
  const faults = new Map<string, Fault[]>();
  const groups = new Map<string, Group>();
  const deployments = new Map<string, { checks: number; start: () => void }>();
  const { certificate, key } = selfSigned();

  const methods: Record<string, (name: string, call: RecordedCall, response: ServerResponse) => unknown> = {
    'deployments.put': (name, { body }, response) => {
      const { properties } = body as { properties: { mode: string; template: never; parameters: never } };
      if (properties.mode !== 'Incremental') throw invalid(`The mode is ${properties.mode}.`);
      const [group] = resolveTemplate(properties.template, properties.parameters);
      const resource = checkResource(group ?? {});
      const groupName = String(group?.name);
      const start = () => groups.set(groupName, { resource, looks: 0, outputs: 0, stopped: false });
      deployments.set(name, { checks: 0, start });
      response.statusCode = 201;
      return { name, properties: { provisioningState: 'Accepted' } };
    },
    'deployments.get': (name) => {
      const deployment = deployments.get(name);
      if (!deployment) throw notFound(name);
      deployment.checks += 1;
      if (deployment.checks <= (course.checks ?? 0)) return { name, properties: { provisioningState: 'Running' } };
      if (course.deploymentError) return { name, properties: { provisioningState: 'Failed', error: course.deploymentError } };
      deployment.start();
      return { name, properties: { provisioningState: 'Succeeded' } };
    },
    'groups.get': (name) => showGroup(name, find(name), course),
    'groups.delete': (name, _call, response) => {
      if (!groups.delete(name)) {
        response.statusCode = 204;
        return undefined;
      }
      response.statusCode = 202;
      response.setHeader('location', `${url}/subscriptions/sub1/operations/${name}?api-version=2018-06-01`);
      response.setHeader('retry-after', '0');
      return undefined;
    },
    'groups.stop': (name, _call, response) => {
      find(name).stopped = true;
      response.statusCode = 204;
      return undefined;
    },
    'containers.logs': (name, { query }) => {
      if (query.tail !== '100' || query.timestamps !== 'true') throw invalid('The logs are asked for in another way.');
      const group = find(name);
      const content = course.output?.[Math.min(group.outputs, course.output.length - 1)] ?? '';
      group.outputs += 1;
      return { content };
    },
    'operations.get': () => ({ status: 'Succeeded' }),
  };
  const find = (name: string): Group => {
    const group = groups.get(name);
    if (!group) throw notFound(name);
    return group;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const address = new URL(request.url ?? '/', url);
    const body = await text(request);
    if (address.pathname.startsWith(`/${TENANT}/`)) return answerEntra(url, address, body, response);
    const [operation = '', , path] =
      ROUTES.find(([, method, pattern]) => method === request.method && pattern.test(address.pathname)) ?? [];
    const call = { operation, query: Object.fromEntries(address.searchParams), body: body === '' ? undefined : JSON.parse(body) };
    calls.push(call);
    try {
      if (request.headers.authorization !== 'Bearer token-of-c1') {
        throw new RefusedError({ status: 401, code: 'InvalidAuthenticationToken', message: 'The access token is invalid.' });
      }
      if (!path || !address.pathname.startsWith('/subscriptions/sub1/')) throw notFound(address.pathname);
      const provider = /providers\/([\w.]+)\//.exec(address.pathname)?.[1] ?? '';
      if (API_VERSIONS[provider] && call.query['api-version'] !== API_VERSIONS[provider]) throw invalid('Another api-version.');
      const fault = faults.get(operation)?.shift();
      if (fault === 'connection lost') return void request.socket.destroy();
      if (fault) throw new RefusedError(fault);
      const given = methods[operation]?.(path.exec(address.pathname)?.[1] ?? '', call, response);
      response.setHeader('content-type', 'application/json').end(given === undefined ? '' : JSON.stringify(given));
    } catch (error) {
      refuse(response, error);
    }
  };
  const server = createServer({ cert: certificate, key }, (request, response) => {
    answer(request, response).catch((error) => refuse(response, error));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `https://localhost:${(server.address() as AddressInfo).port}`;

  return {
    url,
    ca: certificate,
    calls,
    groups,
    fail(operation: string, ...next: Fault[]): void {
      faults.set(operation, [...(faults.get(operation) ?? []), ...next]);
    },
    sequence: () => calls.map(({ operation }) => operation),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const invalid = (message: string) => new RefusedError({ status: 400, code: 'InvalidRequestContent', message });
const notFound = (name: string) =>
  new RefusedError({
    status: 404,
    code: 'ResourceNotFound',
    message: `The Resource '${name}' under resource group 'rg1' was not found.`,
  });

/** The resource of a template is one container group that breaks no rule of the service. */
function checkResource({ type, apiVersion, name, ...resource }: Record<string, unknown>): Record<string, unknown> {
  if (type !== 'Microsoft.ContainerInstance/containerGroups' || apiVersion !== '2022-09-01') throw invalid('Another resource.');
  if (!/^[a-z0-9](?:[a-z0-9]|-(?!-)){0,61}[a-z0-9]$/.test(String(name))) throw invalid(`The name '${name}' is not allowed.`);
  const problems = checkContainerGroup(resource);
  if (problems.length > 0) throw invalid(problems.join('; '));
  return resource;
}

function showGroup(name: string, group: Group, course: GroupCourse) {
  group.looks += 1;
  const hasEnded = group.looks > (course.looks ?? 0);
  const ended = { state: 'Terminated', exitCode: course.exitCode ?? 0, detailStatus: course.detailStatus ?? 'Completed' };
  const properties = group.resource.properties as { containers: { name: string; properties: object }[] };
  const { events = [] } = course;
  const currentState = course.groupFails ? { state: 'Waiting' } : hasEnded ? ended : { state: 'Running' };
  return {
    name,
    properties: {
      ...properties,
      provisioningState: course.groupFails && hasEnded ? 'Failed' : 'Succeeded',
      instanceView: { events: [], state: 'Running' },
      containers: properties.containers.map((container) => ({
        ...container,
        properties: { ...container.properties, instanceView: { restartCount: 0, currentState, events } },
      })),
    },
  };
}

function answerEntra(url: string, address: URL, body: string, response: ServerResponse): void {
  response.setHeader('content-type', 'application/json');
  const authority = `${url}/${TENANT}`;
  if (address.pathname.endsWith('/.well-known/openid-configuration')) {
    response.end(
      JSON.stringify({
        issuer: `${authority}/v2.0`,
        token_endpoint: `${authority}/oauth2/v2.0/token`,
        authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
        end_session_endpoint: `${authority}/oauth2/v2.0/logout`,
        jwks_uri: `${authority}/discovery/v2.0/keys`,
      }),
    );
    return;
  }
  const form = new URLSearchParams(body);
  const isRight =
    form.get('grant_type') === 'client_credentials' &&
    form.get('client_id') === 'c1' &&
    form.get('client_secret') === 's3cret' &&
    form.get('scope')?.includes(`${url}/.default`);
  response.statusCode = isRight ? 200 : 401;
  const token = { access_token: 'token-of-c1', token_type: 'Bearer', expires_in: 3600 };
  response.end(
    JSON.stringify(isRight ? token : { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret.' }),
  );
}

function refuse(response: ServerResponse, error: unknown): void {
  const { status, code, message, retryAfter } =
    error instanceof RefusedError
      ? error.refusal
      : {
          status: error instanceof InvalidTemplateError ? 400 : 500,
          code: 'InvalidTemplate',
          message: String(error),
          retryAfter: undefined,
        };
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { code, message } }));
}

/** A certificate for this machine that nobody else trusts. */
function selfSigned(): { certificate: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', ...subject];
  execFileSync('openssl', ['req', '-x509', ...options, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  try {
    return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
