import { setTimeout as sleep } from 'node:timers/promises';
import { command, flag, integer, output, value } from '../../command.ts';
import { CommandError, complaintOf, SilentFailure } from '../../errors.ts';
import type { Session } from '../../session.ts';

interface Health {
  readonly version: string | undefined;
  readonly error: string | undefined;
}

export const status = command({
  summary: 'Ask whether the server answers',
  options: {
    wait: flag('--wait', 'Wait until it does'),
    timeout: value('-t, --timeout <seconds>', 'How long to wait with --wait; 0: for ever', integer),
    output: output(),
  },
  async run({ options, session }) {
    const { apiUrl } = await session.client();
    if (!options.output) session.out.line(`Connecting to server at ${apiUrl}...`);
    const deadline = options.timeout ? Date.now() + options.timeout * 1000 : Number.POSITIVE_INFINITY;
    let health = await ask(session);
    while (options.wait && health.error !== undefined && Date.now() < deadline) {
      await sleep(250);
      health = await ask(session);
    }
    tell(session, apiUrl, health, options.output);
    if (health.error === undefined) return;
    if (options.output) throw new SilentFailure();
    throw new CommandError(
      options.wait
        ? `Timed out after ${options.timeout} seconds waiting for the server.`
        : `Server is not available: ${health.error}`,
      'Start it with `prefect server start`, or set PREFECT_API_URL to where it runs.',
    );
  },
});

async function ask(session: Session): Promise<Health> {
  const client = await session.client();
  try {
    await client.call('GET /health', { timeout: 5 });
    return { version: String(await client.call('GET /admin/version', { timeout: 5 })), error: undefined };
  } catch (error) {
    return { version: undefined, error: complaintOf(error).message };
  }
}

function tell(session: Session, apiUrl: string, { version, error }: Health, format: 'json' | undefined): void {
  const { out } = session;
  if (format) {
    const facts =
      error === undefined
        ? { status: 'available', api_url: apiUrl, server_version: version }
        : { status: 'unavailable', api_url: apiUrl, error };
    out.json(facts);
  } else if (error === undefined) {
    out.line(out.colors.green('Server is available.'));
    out.line(`  API URL: ${apiUrl}`);
    out.line(`  Server version: ${version}`);
  }
}
