import { createHash } from 'node:crypto';
import { HashError } from '../errors.ts';
import { toPythonJson } from '../results/python-json.ts';

/** The hash of some values; Python computes the same one for the same JSON (contract, SDK 18.1). */
export function hashOf(...values: unknown[]): string {
  let text: string;
  try {
    text = toPythonJson([values, {}], { sortKeys: true });
  } catch (error) {
    throw new HashError(`The inputs have no cache key: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
  return createHash('md5').update(text).digest('hex');
}
