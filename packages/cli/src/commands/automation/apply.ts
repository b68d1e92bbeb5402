import type { Automation, AutomationCreate, AutomationUpdate } from '@prefect-ts/protocol';
import { command, needed, text, uuid, value } from '../../command.ts';
import { CommandError, UsageError } from '../../errors.ts';
import { readTextFile } from '../../files.ts';
import { readAutomation } from './find.ts';

const source = {
  fromFile: text('-f, --from-file <file>', 'YAML or JSON file with it'),
  fromJson: text('-j, --from-json <json>', 'The same as a JSON text'),
};

type Definition = Readonly<Record<string, unknown>>;

export const create = command({
  summary: 'Make automations: one, a list, or a list under `automations`',
  options: source,
  async run({ options, session }) {
    const definitions = await readDefinitions(options.fromFile, options.fromJson);
    for (const definition of definitions) refuseUnnamed(definition);
    const client = await session.client();
    for (const definition of definitions) {
      // The server checks what it is given, and says what is wrong with it.
      const { id, name } = await client.call('POST /automations/', { body: definition as unknown as AutomationCreate });
      session.out.line(session.out.colors.green(`Created automation '${name}' with id ${id}.`));
    }
  },
});

export const update = command({
  summary: 'Change an automation; what is not given stays',
  options: { id: needed(value('--id <id>', 'Id of the automation', uuid)), ...source },
  async run({ options: { id, fromFile, fromJson }, session }) {
    const [changes = {}, ...more] = await readDefinitions(fromFile, fromJson);
    if (more.length > 0) throw new CommandError('An update takes one automation, but there are several.');
    const kept = partsToWrite(await readAutomation(session, id));
    const client = await session.client();
    const body = { ...kept, ...changes } as unknown as AutomationUpdate;
    await client.call('PUT /automations/{id}', { path: { id }, body });
    session.out.line(session.out.colors.green(`Updated automation '${body.name}' (${id}).`));
  },
});

async function readDefinitions(file: string | undefined, json: string | undefined): Promise<Definition[]> {
  if ((file === undefined) === (json === undefined)) throw new UsageError('Give one of: --from-file, --from-json.');
  const found = file === undefined ? parseJson(json ?? '', '--from-json') : await readDocument(file);
  const listed = isObject(found) && Array.isArray(found.automations) ? found.automations : [found].flat();
  if (listed.length === 0 || !listed.every(isObject)) {
    throw new CommandError(`${file ?? '--from-json'} must hold an automation, or a list of them.`);
  }
  return listed;
}

async function readDocument(path: string): Promise<unknown> {
  const content = await readTextFile(path);
  if (path.endsWith('.json')) return parseJson(content, path);
  if (!/\.ya?ml$/.test(path)) throw new CommandError(`${path} must end in .yaml, .yml or .json.`);
  const { parse } = await import('yaml');
  try {
    return parse(content);
  } catch (error) {
    throw new CommandError(`${path} is not valid YAML: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
  }
}

function parseJson(content: string, place: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new CommandError(`${place} is not valid JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** Refused before anything is made, so that a list is not left half done for this. */
function refuseUnnamed({ name, trigger, actions }: Definition): void {
  const absent = Object.entries({ name, trigger, actions }).flatMap(([key, given]) => (given === undefined ? [key] : []));
  if (absent.length > 0) {
    throw new CommandError(`The automation ${name === undefined ? '' : `'${name}' `}lacks: ${absent.join(', ')}.`);
  }
}

function partsToWrite(automation: Automation): Definition {
  const { id: _, created: __, updated: ___, ...parts } = automation;
  return parts;
}

function isObject(found: unknown): found is Record<string, unknown> {
  return typeof found === 'object' && found !== null && !Array.isArray(found);
}
