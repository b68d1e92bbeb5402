import { formatTimestamp, nowMicros, type RelatedResource, uuid7 } from '@prefect-ts/protocol';
import { argument, command, many, text } from '../../command.ts';
import { UsageError } from '../../errors.ts';
import { jsonOrText, readJsonObject } from '../../pairs.ts';

const ID = 'prefect.resource.id';
const ROLE = 'prefect.resource.role';

export const emit = command({
  summary: 'Send an event',
  arguments: { event: argument('Its name, for example acme.invoice.paid') },
  options: {
    resource: many('-r, --resource <label=value>', 'A label of what it happened to, or all as a JSON object; may repeat'),
    resourceId: text('--resource-id <id>', 'Id of what it happened to'),
    related: many('--related <json>', 'A related resource, or a list of them, as JSON; may repeat'),
    payload: text('-p, --payload <json>', 'More about it, as a JSON object'),
  },
  async run({ args: { event }, options, session }) {
    const resource = readResource(options.resource, options.resourceId);
    const related = options.related.flatMap(readRelated);
    const payload = options.payload === undefined ? {} : readJsonObject(options.payload, '--payload');
    const client = await session.client();
    const id = uuid7();
    const body = [{ id, occurred: formatTimestamp(nowMicros()), event, resource, related, payload, follows: null }];
    await client.call('POST /events', { body });
    session.out.line(session.out.colors.green(`Successfully emitted event '${event}' with ID ${id}`));
  },
});

function readResource(words: readonly string[], id: string | undefined): Record<string, string> {
  const labels = Object.assign({}, ...words.map((word) => readLabels(word, '--resource')), id === undefined ? {} : { [ID]: id });
  if (!labels[ID]) throw new UsageError(`An event happens to something: give --resource-id, or --resource ${ID}=….`);
  return labels;
}

function readRelated(word: string): RelatedResource[] {
  const given = jsonOrText(word);
  const each = Array.isArray(given) ? given.map((one) => textLabels(one, '--related')) : [readLabels(word, '--related')];
  return each.map((labels) => {
    const { [ID]: id, [ROLE]: role } = labels;
    if (!id || !role)
      throw new UsageError(
        `--related needs ${ID} and ${ROLE}, for example '{"${ID}": "acme.customer.1", "${ROLE}": "customer"}'.`,
      );
    return { ...labels, [ID]: id, [ROLE]: role };
  });
}

/** Labels as a JSON object or as one `label=value`; values are texts. */
function readLabels(word: string, option: string): Record<string, string> {
  if (word.trimStart().startsWith('{')) return textLabels(readJsonObject(word, option), option);
  const at = word.indexOf('=');
  if (at < 1) throw new UsageError(`${option} '${word}' is not of the form label=value.`);
  return { [word.slice(0, at)]: word.slice(at + 1) };
}

function textLabels(labels: unknown, option: string): Record<string, string> {
  if (typeof labels !== 'object' || labels === null) throw new UsageError(`${option} must hold JSON objects.`);
  return Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, String(value)]));
}
