import { explainErrorAnswer } from '@prefect-ts/protocol';

/** A command could not do what was asked; told in one line, with a hint where there is something to do about it. Exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** The command was called in a way it does not offer. Exit code 2. */
export class UsageError extends CommandError {}

/** The command has said all there is to say, and failed. */
export class SilentFailure extends Error {
  override readonly name = 'SilentFailure';
}

/** What a person is told about an error. */
export interface Complaint {
  readonly message: string;
  readonly hint: string | undefined;
  readonly exitCode: 1 | 2;
}

const NOT_AN_API: Complaint = {
  message: 'What answered does not speak the API: it did not send JSON.',
  hint: 'See whether PREFECT_API_URL is right; it ends in /api.',
  exitCode: 1,
};

/** Turns whatever was thrown into one line and a hint. */
export function complaintOf(error: unknown): Complaint {
  if (!(error instanceof Error)) return { message: String(error), hint: undefined, exitCode: 1 };
  if (error instanceof SyntaxError && error.message.endsWith('is not valid JSON')) return NOT_AN_API;
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  const message = apiDetail(error) ?? firstLine(error.message || error.name);
  return { message, hint, exitCode: error instanceof UsageError ? 2 : 1 };
}

/** What the server said in the body of an error answer. */
function apiDetail(error: Error): string | undefined {
  if (!('body' in error) || typeof error.body !== 'string' || !('status' in error)) return undefined;
  const said = explainErrorAnswer(error.body);
  return said === undefined ? undefined : `${said} (the server answered ${String(error.status)})`;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
