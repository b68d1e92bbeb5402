import { SerializationError } from '../errors.ts';
import type { ResultMetadata } from './metadata.ts';
import { toPythonJson } from './python-json.ts';
import { decodeSpecial } from './special-types.ts';

/** How the json serializer names itself in a record, so that Python takes its own. */
export const JSON_SERIALIZER: ResultMetadata['serializer'] = {
  type: 'json',
  jsonlib: 'json',
  object_encoder: 'prefect.serializers.prefect_json_object_encoder',
  object_decoder: 'prefect.serializers.prefect_json_object_decoder',
  dumps_kwargs: {},
  loads_kwargs: {},
};

/** Writes a result as text. */
export function serializeResult(value: unknown): string {
  return toPythonJson(value);
}

/** Reads a result that the named serializer wrote, in either language. */
export function deserializeResult(text: string, serializer: ResultMetadata['serializer']): unknown {
  if (serializer.type !== 'json') {
    throw new SerializationError(`The result was written by the serializer "${serializer.type}", which only Python can read.`, {
      hint: 'Set result_serializer="json" on the Python side (or PREFECT_RESULTS_DEFAULT_SERIALIZER=json).',
    });
  }
  return parsePythonJson(text);
}

function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text, revive);
  } catch (error) {
    const tolerated = replaceLiterals(text);
    if (tolerated === text) throw new SerializationError(`The kept result is no JSON: ${text.slice(0, 80)}`, { cause: error });
    return JSON.parse(tolerated, revive);
  }
}

const LITERALS: Readonly<Record<string, string>> = { NaN: 'NaN', Infinity: 'Infinity', '-Infinity': '-Infinity' };
const LITERAL_TAG = '__python_literal__';

/** Python writes numbers that JSON has no word for; they are carried through the parser as tagged objects. */
function replaceLiterals(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (token) => {
    return token in LITERALS ? `{"${LITERAL_TAG}":"${token}"}` : token;
  });
}

function revive(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value === 'number' && !Number.isSafeInteger(value) && context?.source && /^-?\d+$/.test(context.source)) {
    return BigInt(context.source);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const object = value as Record<string, unknown>;
  if (LITERAL_TAG in object) return Number(object[LITERAL_TAG]);
  return '__class__' in object || '__exc_type__' in object ? decodeSpecial(object) : value;
}
