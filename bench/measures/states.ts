import type { Api } from '../api.ts';
import { NotAccepted } from './measure.ts';

/** Takes a run through states, one request each; every transition must be accepted. */
export async function moveThrough(api: Api, runPath: string, types: readonly string[]): Promise<void> {
  for (const type of types) {
    const answer = await api.post(`${runPath}/set_state`, { state: { type } });
    if (!answer.includes('"ACCEPT"')) throw new NotAccepted(`${runPath} may not become ${type}: ${answer}`);
  }
}
