import { RemoteError } from './remote-error.ts';

/** A value outside JSON as a tagged object; undefined when the value needs none. */
export function encodeSpecial(value: object): Record<string, unknown> | undefined {
  if (value instanceof Date) return tagged('datetime.datetime', value.toISOString());
  if (value instanceof Set) return tagged('builtins.set', [...value]);
  if (value instanceof Map) return tagged('js.Map', [...value]);
  if (value instanceof URL) return tagged('js.URL', value.href);
  if (value instanceof RegExp) return tagged('js.RegExp', [value.source, value.flags]);
  if (value instanceof Uint8Array) return encodeBytes(value);
  if (value instanceof Error) return encodeError(value);
  return undefined;
}

/** The value behind a tagged object; the object itself when its class is not known here. */
export function decodeSpecial(object: Record<string, unknown>): unknown {
  if (typeof object.__exc_type__ === 'string') return decodeError(object);
  const decode = typeof object.__class__ === 'string' ? DECODERS[object.__class__] : undefined;
  return decode ? decode(object.data) : object;
}

const keepText = (data: unknown) => data;

const DECODERS: Readonly<Record<string, (data: unknown) => unknown>> = {
  'datetime.datetime': (data) => new Date(String(data)),
  'datetime.date': keepText,
  'datetime.time': keepText,
  'datetime.timedelta': keepText,
  'uuid.UUID': keepText,
  'decimal.Decimal': keepText,
  'pathlib.PosixPath': keepText,
  'builtins.set': (data) => new Set(data as unknown[]),
  'builtins.bytes': (data) => new TextEncoder().encode(String(data)),
  'js.Map': (data) => new Map(data as [unknown, unknown][]),
  'js.URL': (data) => new URL(String(data)),
  'js.RegExp': (data) => new RegExp(...(data as [string, string])),
  'js.Uint8Array': (data) => Uint8Array.from(Buffer.from(String(data), 'base64')),
};

function tagged(name: string, data: unknown): Record<string, unknown> {
  return { __class__: name, data };
}

function encodeBytes(bytes: Uint8Array): Record<string, unknown> {
  const buffer = Buffer.from(bytes);
  const text = buffer.toString('utf8');
  // Python reads bytes as text; bytes that are no text only travel between JavaScript programs.
  return Buffer.from(text, 'utf8').equals(buffer)
    ? tagged('builtins.bytes', text)
    : tagged('js.Uint8Array', buffer.toString('base64'));
}

const PYTHON_ERRORS: Readonly<Record<string, string>> = {
  TypeError: 'builtins.TypeError',
  RangeError: 'builtins.ValueError',
  SyntaxError: 'builtins.SyntaxError',
  ReferenceError: 'builtins.NameError',
};

const JS_ERRORS: Readonly<Record<string, ErrorConstructor>> = {
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  URIError,
  EvalError,
};

function encodeError(error: Error): Record<string, unknown> {
  return {
    __exc_type__: PYTHON_ERRORS[error.name] ?? 'builtins.Exception',
    message: error.message,
    name: error.name,
    stack: error.stack,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...(error.cause instanceof Error ? { cause: encodeError(error.cause) } : {}),
  };
}

function decodeError(object: Record<string, unknown>): Error {
  const message = String(object.message ?? '');
  if (typeof object.name !== 'string') return new RemoteError(message, String(object.__exc_type__));
  const cause = typeof object.cause === 'object' && object.cause !== null ? { cause: object.cause } : undefined;
  const error = new (JS_ERRORS[object.name] ?? Error)(message, cause);
  if (error.name !== object.name) error.name = object.name;
  if (typeof object.stack === 'string') error.stack = object.stack;
  return typeof object.code === 'string' ? Object.assign(error, { code: object.code }) : error;
}
