import { isRecord } from '../job-template/placeholders.ts';

/** The HTTP status of an answer of Azure that its libraries threw. */
export function statusOf(error: unknown): number | undefined {
  return isRecord(error) && typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/**
 * What Azure says went wrong. It wraps the cause in layers, `DeploymentFailed` around `Conflict` around the one that helps, and writes some of
 * them as text; the innermost is the answer.
 */
export function innermostFailure(error: unknown): string | undefined {
  if (!isRecord(error)) return undefined;
  if (isRecord(error.error)) return innermostFailure(error.error);
  const inner = Array.isArray(error.details) ? error.details.map(innermostFailure).find((text) => text !== undefined) : undefined;
  if (inner !== undefined) return inner;
  if (typeof error.message !== 'string') return undefined;
  const written = innermostFailure(parse(error.message));
  if (written !== undefined) return written;
  return typeof error.code === 'string' && error.code !== '' ? `${error.code}: ${error.message}` : error.message;
}

function parse(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
