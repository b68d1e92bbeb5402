import type { ServerSettings } from '../settings.ts';
import { invalidValue } from './request-body.ts';

/** Refuses parameters that are too large to keep on every run. */
export function checkParameterSize(parameters: unknown, { maxParameterSize }: ServerSettings, body: unknown): void {
  if (maxParameterSize === 0 || parameters === undefined) return;
  const size = Buffer.byteLength(JSON.stringify(parameters));
  if (size <= maxParameterSize) return;
  const number = new Intl.NumberFormat('en-US');
  throw invalidValue(
    ['body', 'parameters'],
    `Flow run parameters must be less than ${number.format(maxParameterSize)} bytes when serialized (got ${number.format(size)} bytes).`,
    parameters,
    body,
  );
}
