/**
 * A program that runs inside the infrastructure: it can say a word to the kit (`await say(word, value)`), read its environment, and report
 * states of its run as an engine does (`await begin()`, `await complete()`).
 */
export function programVariables(node: string, source: string): { command: string; env: Record<string, string> } {
  return {
    command: `${node} -e "eval(process.env.CONFORMANCE_PROGRAM)"`,
    env: {
      CONFORMANCE_PROGRAM: `(async () => { ${PREAMBLE}\n${source}\n process.exit(0); })().catch((error) => { console.error(error); process.exit(70); })`,
    },
  };
}

/** Keeps a program from ending. */
export const FOREVER = 'await new Promise((never) => setInterval(never, 3_600_000));';

const PREAMBLE = `
const api = process.env.PREFECT_API_URL, id = process.env.PREFECT__FLOW_RUN_ID;
const post = async (url, body) => {
  for (;;) {
    try {
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? null) });
      await answer.text();
      return answer.status;
    } catch { await new Promise((next) => setTimeout(next, 100)); }
  }
};
const say = (word, value) => post(new URL('/conformance/' + id + '/' + word, api), value);
const report = (type, name) => post(api + '/flow_runs/' + id + '/set_state', { state: { type, name } });
const begin = async () => { await report('RUNNING', 'Running'); await say('begun'); };
const complete = () => report('COMPLETED', 'Completed');`;
