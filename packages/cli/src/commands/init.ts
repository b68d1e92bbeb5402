import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { choice, command, many, text, withDefault } from '../command.ts';
import { CommandError, UsageError } from '../errors.ts';
import { hasCode } from '../files.ts';
import { readPairs } from '../pairs.ts';

const FILE = 'prefect.yaml';

/** What each recipe may be told. */
const FIELDS = { local: [], git: ['repository', 'branch'] } as const;

export const init = command({
  summary: `Begin a project: write its ${FILE}`,
  options: {
    name: text('--name <name>', 'Name of the project (default: that of the folder)'),
    recipe: withDefault(choice('--recipe <recipe>', 'How workers come to the code', ['local', 'git'] as const), 'local'),
    field: many('-f, --field <name=value>', 'For git: repository (needed), branch; may repeat'),
  },
  async run({ options: { name, recipe, field }, session: { out } }) {
    const fields = readPairs(field, '--field');
    const allowed: readonly string[] = FIELDS[recipe];
    const unknown = Object.keys(fields).find((each) => !allowed.includes(each));
    if (unknown !== undefined) throw new UsageError(`The recipe '${recipe}' has no field '${unknown}'.`);
    if (recipe === 'git' && !fields.repository) {
      throw new UsageError("The recipe 'git' needs --field repository=https://….");
    }
    const { stringify } = await import('yaml');
    const pull = [{ 'prefect.deployments.steps.git_clone': fields }];
    const head = stringify({ name: name ?? basename(process.cwd()), ...(recipe === 'git' ? { pull } : {}) });
    await writeNew(`${head}\n${DEPLOYMENTS}`);
    out.line(out.colors.green(`Wrote ${FILE}.`));
    out.line('\nDescribe deployments in it, then bring them to the server:\n\n\tprefect deploy --all');
  },
});

const DEPLOYMENTS = `deployments: []
#  - name: daily
#    entrypoint: flows/etl.ts:etl
#    schedules:
#      - cron: "0 6 * * *"
#    work_pool:
#      name: my-pool
`;

async function writeNew(content: string): Promise<void> {
  try {
    await writeFile(FILE, content, { flag: 'wx' });
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw new CommandError(`${FILE} exists already.`, 'Nothing was changed.');
    throw error;
  }
}
