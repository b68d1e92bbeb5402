import { orMissing, seeList } from '../../answers.ts';
import { argument, command, type Group, output } from '../../command.ts';

const inspect = command({
  summary: 'Show where a work pool keeps the code of runs',
  arguments: { workPoolName: argument('Name of the work pool') },
  options: { output: output() },
  async run({ args: { workPoolName: name }, options, session: { out, client } }) {
    const api = await client();
    const { storage_configuration: storage } = await orMissing(
      api.call('GET /work_pools/{name}', { path: { name } }),
      `Work pool '${name}' not found!`,
      seeList('work-pool'),
    );
    if (options.output) return out.json(storage);
    if (Object.values(storage).every((part) => part === null))
      return out.line(`No storage configuration found for work pool '${name}'`);
    await out.object(storage);
  },
});

export const storage: Group = {
  summary: 'See where a pool keeps the code of runs',
  commands: { inspect },
  absent: {
    configure: 'Bundles of code are made by Python alone: use the `prefect` command of the Python that makes them.',
  },
};
