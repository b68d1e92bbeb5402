import { API_VERSION, COMPATIBLE_VERSION } from '@prefect-ts/protocol';
import { command, flag } from '../command.ts';
import { ownVersion } from '../own-version.ts';

export const version = command({
  summary: 'Show the versions of this installation and how it is set up',
  options: { omitIntegrations: flag('--omit-integrations', 'Accepted for scripts; there are none to leave out') },
  async run({ session }) {
    const settings = await session.settings();
    const apiUrl = settings.get('PREFECT_API_URL');
    const facts: readonly (readonly [string, string])[] = [
      ['Version', ownVersion()],
      ['API version', API_VERSION],
      ['Compatible with', COMPATIBLE_VERSION],
      ['Node version', process.versions.node],
      ['OS/Arch', `${process.platform}/${process.arch}`],
      ['Profile', settings.profile],
      ['Server type', apiUrl ? 'server' : 'unconfigured'],
      ...(apiUrl ? ([['API URL', apiUrl]] as const) : []),
    ];
    for (const [name, value] of facts) session.out.line(`${`${name}:`.padEnd(20)}  ${value}`);
  },
});
