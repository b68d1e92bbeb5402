import type { FastifyReply, FastifyRequest } from 'fastify';

interface KnownPath {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/** Answers a request that no route takes. */
export type Unmatched = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/**
 * Makes the answer to requests that no route takes: a path that exists tells which methods it knows (405), the other spelling of a path, with or
 * without a slash at its end, leads to the one that the contract declares (307), everything else is not found. Contract: events 1.1.
 *
 * @param operations method and path template of each operation, for example `GET /flows/{id}`.
 */
export function answerUnmatched(basePath: string, operations: readonly string[]): Unmatched {
  let known: readonly KnownPath[] | undefined;
  return (request, reply) => {
    const [address = '', query] = request.url.split('?');
    // Made when it is first needed: most servers never see such a request.
    known ??= knownPaths(basePath, operations);
    const methods = methodsAt(known, address);
    if (methods && !methods.has(request.method))
      return reply
        .code(405)
        .header('allow', [...methods].join(', '))
        .send({ detail: 'Method Not Allowed' });
    const other = address.endsWith('/') ? address.slice(0, -1) : `${address}/`;
    if (!methodsAt(known, other)?.has(request.method)) return reply.code(404).send({ detail: 'Not Found' });
    const location = `${request.protocol}://${request.host}${other}${query === undefined ? '' : `?${query}`}`;
    return reply.code(307).header('location', location).send();
  };
}

function knownPaths(basePath: string, operations: readonly string[]): KnownPath[] {
  const paths = new Map<string, KnownPath>();
  for (const operation of operations) {
    const [method = '', path = ''] = operation.split(' ');
    const known = paths.get(path);
    if (known) known.methods.add(method);
    else paths.set(path, { pattern: patternOf(basePath + path), methods: new Set([method]) });
  }
  // Fixed paths before those with a parameter in the same place.
  return [...paths.values()].sort(
    (a, b) => Number(a.pattern.source.includes('[^/]+')) - Number(b.pattern.source.includes('[^/]+')),
  );
}

function patternOf(path: string): RegExp {
  const isId = (name: string) => name === 'id' || name.endsWith('_id');
  const id = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
  return new RegExp(`^${path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => (isId(name) ? id : '[^/]+'))}$`);
}

function methodsAt(known: readonly KnownPath[], address: string): ReadonlySet<string> | undefined {
  return known.find(({ pattern }) => pattern.test(address))?.methods;
}
