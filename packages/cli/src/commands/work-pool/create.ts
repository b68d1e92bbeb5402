import type { WorkPoolResponse } from '@prefect-ts/protocol';
import { hasStatus, orMissing, seeList } from '../../answers.ts';
import { argument, command, flag, text } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { readJsonFile } from '../../files.ts';
import { dashboardLink } from '../../links.ts';
import type { Session } from '../../session.ts';
import { changeSetting } from '../config/change.ts';
import { readPoolTypes, templateOfType } from './types.ts';

export const create = command({
  summary: 'Make a work pool',
  arguments: { name: argument('Name of the work pool') },
  options: {
    type: text('-t, --type <type>', 'What runs are started on: process, docker, kubernetes, …'),
    baseJobTemplate: text('--base-job-template <file>', 'JSON file with the base job template'),
    paused: flag('--paused', 'Make it paused'),
    setAsDefault: flag('--set-as-default', 'Deployments that name no pool use this one'),
    provisionInfrastructure: flag(
      '--provision-infrastructure, --provision-infra',
      'Make what the pool needs at the provider first',
    ),
    overwrite: flag('--overwrite', 'Update the pool if it exists'),
  },
  async run({ args: { name }, options, session }) {
    if (name.trim() === '') throw new CommandError('The name of a work pool must not be empty.');
    if (options.provisionInfrastructure) {
      throw new CommandError(
        'Infrastructure cannot be provisioned by this command.',
        'Make it with the tools of the provider, then create the pool without --provision-infrastructure.',
      );
    }
    const type = await chooseType(session, options.type);
    const template = options.baseJobTemplate ? await readJsonFile(options.baseJobTemplate) : await templateOfType(session, type);
    const pool = await createOrUpdate(session, { name, type, template, paused: options.paused, overwrite: options.overwrite });
    await tellPool(session, pool);
    if (options.setAsDefault) {
      await changeSetting(session, { PREFECT_DEPLOYMENTS_DEFAULT_WORK_POOL_NAME: name });
      session.out.line(`Set '${name}' as default work pool.`);
    }
  },
});

interface PoolToMake {
  readonly name: string;
  readonly type: string;
  readonly template: Record<string, unknown>;
  readonly paused: boolean;
  readonly overwrite: boolean;
}

async function chooseType(session: Session, type: string | undefined): Promise<string> {
  const words = (await readPoolTypes(session)).map((known) => known.type);
  if (type === undefined) throw new CommandError('A work pool needs a type.', `Add --type with one of: ${words.join(', ')}.`);
  if (!words.includes(type)) {
    throw new CommandError(`Unknown work pool type '${type}'. Please choose from ${words.join(', ')}.`);
  }
  return type;
}

async function createOrUpdate(session: Session, pool: PoolToMake): Promise<WorkPoolResponse> {
  const client = await session.client();
  try {
    const made = await client.call('POST /work_pools/', {
      body: { name: pool.name, type: pool.type, base_job_template: pool.template, is_paused: pool.paused },
    });
    session.out.line(session.out.colors.green(`Created work pool '${made.name}'!`));
    return made;
  } catch (error) {
    if (!hasStatus(error, 409)) throw error;
    if (!pool.overwrite) throw new CommandError(`Work pool named '${pool.name}' already exists. Use --overwrite to update it.`);
  }
  const path = { name: pool.name };
  await client.call('PATCH /work_pools/{name}', { path, body: { base_job_template: pool.template, is_paused: pool.paused } });
  session.out.line(session.out.colors.green(`Updated work pool '${pool.name}'`));
  return orMissing(client.call('GET /work_pools/{name}', { path }), `Work pool '${pool.name}' not found!`, seeList('work-pool'));
}

async function tellPool({ out, ...session }: Session, pool: WorkPoolResponse): Promise<void> {
  if (!pool.is_paused && !/:(push|managed)$/.test(pool.type)) {
    out.line('\nTo start a worker for this work pool, run:\n');
    out.line(`\t${out.colors.cyan(`prefect worker start --pool ${shellWord(pool.name)}`)}\n`);
  }
  const url = await dashboardLink({ out, ...session }, `/work-pools/work-pool/${encodeURIComponent(pool.name)}`);
  out.line(`└── UUID: ${pool.id}`);
  out.line(`└── Type: ${pool.type}`);
  out.line(`└── Description: ${pool.description ?? 'None'}`);
  out.line(`└── Status: ${describeStatus(pool.status)}`);
  if (url) out.line(`└── URL: ${url}`);
}

function describeStatus(status: string | null): string {
  const words = (status ?? 'unknown').toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function shellWord(name: string): string {
  return /^[\w.@:/-]+$/.test(name) ? name : `'${name.replaceAll("'", String.raw`'\''`)}'`;
}
