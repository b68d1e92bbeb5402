import { writeFile } from 'node:fs/promises';
import { command, needed, text } from '../../command.ts';
import { templateOfType } from './types.ts';

export const getDefaultBaseJobTemplate = command({
  summary: 'Print the base job template that a type of work pool begins with',
  options: {
    type: needed(text('-t, --type <type>', 'Type of work pool')),
    file: text('-f, --file <file>', 'Write it to this file instead'),
  },
  async run({ options: { type, file }, session }) {
    const template = await templateOfType(session, type);
    if (file === undefined) return session.out.json(template);
    await writeFile(file, `${JSON.stringify(template, null, 2)}\n`);
    session.out.line(`Wrote the base job template of type '${type}' to ${file}.`);
  },
});
