import { createInterface } from 'node:readline/promises';
import { CommandError } from '../errors.ts';
import type { Session } from '../session.ts';

/** Whether questions may be asked: a terminal is there and `PREFECT_CLI_PROMPT` does not forbid it. */
async function mayAsk(session: Session): Promise<boolean> {
  const prompt = (await session.settings()).get('PREFECT_CLI_PROMPT');
  return prompt ?? (process.stdin.isTTY === true && process.stdout.isTTY === true);
}

/** Asks a person before something is lost; where nobody can be asked, the answer is yes. Anything but yes ends the command. */
export async function confirm(session: Session, question: string): Promise<void> {
  if (!(await mayAsk(session))) return;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await lines.question(`${question} [y/N] `).finally(() => lines.close());
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('Nothing was changed.');
}
