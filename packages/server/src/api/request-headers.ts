import { isUuid, MINIMUM_API_VERSION, type UpdatedBy } from '@prefect-ts/protocol';
import type { FastifyRequest } from 'fastify';
import { DetailError } from '../errors.ts';
import { isOlder, type Version } from '../orchestration/client-versions.ts';
import type { ClientVersions } from '../orchestration/transition.ts';

const minimum = parseVersion(MINIMUM_API_VERSION) ?? [0, 8, 0];

/** What a request says about the versions of its sender. Throws for an API version that is malformed or too old. */
export function clientVersions(request: FastifyRequest): ClientVersions {
  const header = request.headers['x-prefect-api-version'];
  const agent = request.headers['user-agent'];
  return {
    api: typeof header === 'string' ? apiVersion(header) : null,
    package: agent ? packageVersion(agent) : null,
  };
}

let lastHeader = '';
let lastVersion: Version = minimum;

function apiVersion(header: string): Version {
  if (header === lastHeader) return lastVersion;
  const version = parseVersion(header);
  if (!version)
    throw new DetailError(
      400,
      `Invalid X-PREFECT-API-VERSION header format.Expected header in format 'x.y.z' but received ${header}`,
    );
  if (isOlder(version, minimum))
    throw new DetailError(
      400,
      `The request specified API version ${header} but this server requires version ${MINIMUM_API_VERSION} or higher.`,
    );
  lastHeader = header;
  lastVersion = version;
  return version;
}

function parseVersion(text: string): Version | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

function packageVersion(agent: string): Version | null {
  const match = /^prefect\/(\d+)\.(\d+)\.(\d+)[a-z.+0-9]* \(API \S+\)$/.exec(agent);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : null;
}

/** The automation that makes a request, by its two headers; both are needed. */
export function creatorOf(request: FastifyRequest): UpdatedBy | null {
  const id = request.headers['prefect-automation-id'];
  const encoded = request.headers['prefect-automation-name'];
  if (typeof id !== 'string' || typeof encoded !== 'string' || !isUuid(id)) return null;
  const name = Buffer.from(encoded, 'base64').toString('utf8');
  return name === '' ? null : { id, type: 'AUTOMATION', display_value: name };
}
