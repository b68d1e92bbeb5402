import { argument, command } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { findType } from './find.ts';
import { newestSchema } from './type.ts';

export const create = command({
  summary: 'Show how to make a block of a kind',
  arguments: { blockTypeSlug: argument('Slug of the kind, for example secret') },
  async run({ args: { blockTypeSlug: slug }, session }) {
    const { out } = session;
    const type = await findType(session, slug);
    const schema = await newestSchema(session, type.id);
    if (!schema) {
      throw new CommandError(
        `Block type '${slug}' has no schema yet.`,
        'Register it from code that defines it: prefect block register --file blocks.ts',
      );
    }
    const { fields, required } = readFields(schema.fields);
    const names = Object.keys(fields);
    const body = {
      name: `my-${slug}`,
      block_type_id: type.id,
      block_schema_id: schema.id,
      data: Object.fromEntries((required.length > 0 ? required : names).map((name) => [name, '…'])),
    };
    out.line(`A ${type.name} block is made of:\n`);
    for (const name of names) out.line(`  ${name}${required.includes(name) ? '' : ' (optional)'}${describe(fields[name])}`);
    out.line('\nFill in your values and send it:\n');
    const word = JSON.stringify(body).replaceAll("'", String.raw`'\''`);
    out.line(`  ${out.colors.cyan(`prefect api POST /block_documents/ --data '${word}'`)}\n`);
    out.line('In code, the kind itself does it: its `save(name, …)`.');
  },
});

interface Fields {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
}

function readFields({ properties, required }: Readonly<Record<string, unknown>>): Fields {
  return {
    fields: typeof properties === 'object' && properties !== null ? { ...properties } : {},
    required: Array.isArray(required) ? required.map(String) : [],
  };
}

function describe(field: unknown): string {
  if (typeof field !== 'object' || field === null || !('description' in field)) return '';
  return `: ${String(field.description).split('\n')[0]}`;
}
