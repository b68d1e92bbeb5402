import { expect } from 'vitest';

/**
 * How one kind of object is made, read, changed and deleted: `METHOD path statuses…`, where the path is filled from what is known of the
 * object and any other status is a failure.
 */
export interface Kind {
  readonly create: string;
  readonly read: string;
  readonly update?: string;
  readonly delete: string;
  /** The object in what `create` and `read` answer, where that is not the object itself. */
  readonly find?: (answer: unknown, known: Known) => unknown;
}

/** What is known of an object: what was answered last, over what was asked for. */
export type Known = Readonly<Record<string, unknown>>;

/** A client of the API that is as strict as the Terraform provider. */
export interface Provider {
  /** Makes a call and gives what was answered; rejects unless the status is one of those listed. */
  call<Answer = Known>(call: string, body?: unknown): Promise<Answer>;
  /** Makes an object, and reads it back as the next refresh does. `where` fills the path. */
  create(kind: Kind, wanted: object, where?: object): Promise<Known>;
  read(kind: Kind, known: Known): Promise<Known>;
  /** Changes an object, and reads it back. */
  update(kind: Kind, known: Known, changes: object): Promise<Known>;
  /** Deletes an object, and looks that a refresh finds it gone. */
  destroy(kind: Kind, known: Known): Promise<void>;
}

/** Makes a client of the API at an address. */
export function aProvider(apiUrl: string, headers: Readonly<Record<string, string>> = {}): Provider {
  async function send(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
    const response = await fetch(apiUrl + path, {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json', 'accept-encoding': 'gzip', ...headers },
      ...(body === undefined ? {} : { body: `${JSON.stringify(body)}\n` }),
    });
    return { status: response.status, text: await response.text() };
  }

  async function call<Answer = Known>(line: string, body?: unknown): Promise<Answer> {
    const [method = '', path = '', ...accepted] = line.split(' ');
    const { status, text } = await send(method, path, body);
    if (!accepted.includes(String(status))) {
      throw new Error(`${method} ${path} answered ${status} where ${accepted.join(' or ')} counts as done: ${text}`);
    }
    if (text === '') return undefined as Answer;
    const answer = JSON.parse(text);
    expectDecodable(answer, text);
    return answer;
  }

  async function read(kind: Kind, known: Known): Promise<Known> {
    return { ...known, ...found(kind, await call(filled(kind.read, known)), known) };
  }

  return {
    call,
    read,
    async create(kind, wanted, where = {}) {
      const known = { ...wanted, ...where };
      const made = found(kind, await call(filled(kind.create, known), wanted), known);
      return read(kind, { ...known, ...made });
    },
    async update(kind, known, changes) {
      if (kind.update === undefined) throw new Error('A change of it makes a new one.');
      await call(filled(kind.update, known), changes);
      return read(kind, known);
    },
    async destroy(kind, known) {
      await call(filled(kind.delete, known));
      const [method = '', path = ''] = filled(kind.read, known).split(' ');
      const { status, text } = await send(method, path);
      if (status === 200 && kind.find) expect(kind.find(JSON.parse(text), known)).toBeUndefined();
      else expect(status).toBe(404);
    },
  };
}

/** Checks that a refresh finds what was planned: each attribute as it was written, nothing added inside of it. */
export function expectNoDrift(state: Known, planned: object): void {
  expect(Object.fromEntries(Object.keys(planned).map((name) => [name, state[name]]))).toEqual(planned);
}

function found({ find }: Kind, answer: unknown, known: Known): Known {
  const object = find ? find(answer, known) : answer;
  if (typeof object !== 'object' || object === null) throw new Error(`There is no such object in ${JSON.stringify(answer)}`);
  return object as Known;
}

function filled(call: string, known: Known): string {
  return call.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(known[name])));
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
/** Members that are decoded into whole numbers, for which `2.0` is none. */
const FRACTION_OF_A_COUNT = /"(concurrency_limit|priority|limit|active_slots|threshold)": ?-?\d+[.eE]/;

/** Checks what a typed decoder insists on: ids, times, and whole numbers. */
function expectDecodable(answer: unknown, text: string): void {
  for (const object of Array.isArray(answer) ? answer : [answer]) {
    for (const [name, value] of Object.entries(object ?? {})) {
      if (value === null) continue;
      if (name === 'id' || name.endsWith('_id')) expect(value, name).toMatch(UUID);
      if (name === 'created' || name === 'updated') expect(value, name).toMatch(RFC_3339);
    }
  }
  expect(text).not.toMatch(FRACTION_OF_A_COUNT);
}
