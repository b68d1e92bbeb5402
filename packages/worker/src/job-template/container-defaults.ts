import { COMPATIBLE_VERSION } from '@prefect-ts/protocol';
import { splitWords } from '../steps/run-command.ts';

/** The image of a container when nobody chose one. */
export const DEFAULT_IMAGE = `prefecthq/prefect:${COMPATIBLE_VERSION}-python3.12`;

const DEFAULT_COMMAND = 'prefect flow-run execute';

/**
 * The words of a container's command. A list that the template gives is taken as it is.
 *
 * @param line the command of the job configuration
 * @param templated what stands in the template at the place of the command
 */
export function commandWords(line: string | null, templated: unknown): string[] {
  if (Array.isArray(templated)) return templated.map(String);
  if (typeof templated === 'string' && templated !== '') return splitWords(templated);
  return splitWords(line ?? DEFAULT_COMMAND);
}
