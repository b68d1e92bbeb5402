import { command, text } from '../../command.ts';
import { CommandError, UsageError } from '../../errors.ts';
import { useSettings } from '../user-code.ts';

export const register = command({
  summary: 'Bring the kinds of blocks that a module exports to the server',
  options: {
    module: text('-m, --module <name>', 'Package that exports them'),
    file: text('-f, --file <file>', 'File that exports them'),
  },
  async run({ options: { module, file }, session }) {
    const path = module ?? file;
    if (path === undefined || (module !== undefined && file !== undefined)) {
      throw new UsageError('Give one of: --module, --file.');
    }
    if (file?.endsWith('.py')) {
      throw new CommandError(`${file} is Python.`, 'Register it with the `prefect` command of its own Python.');
    }
    await useSettings(session);
    const { blocksIn, importModule } = await import('prefect-ts/entrypoints');
    const kinds = [...blocksIn(await importModule(path, process.cwd())).values()];
    if (kinds.length === 0)
      throw new CommandError(`${path} exports no blocks.`, "Write: export const Bucket = block('bucket', …)");
    for (const kind of kinds) {
      await kind.register();
      session.out.line(session.out.colors.green(`Registered block type '${kind.slug}'.`));
    }
  },
});
