import { command, flag, text } from '../../../command.ts';
import { CommandError } from '../../../errors.ts';
import { yes } from './open.ts';

export const downgrade = command({
  summary: 'Says how to go back to an older schema',
  options: {
    yes,
    revision: text('-r, --revision <step>', 'Back to which step'),
    dryRun: flag('--dry-run', 'Only say what would be done'),
  },
  async run() {
    throw new CommandError(
      'The schema only goes forward, so that no step back can lose what a newer one holds.',
      'Restore the copy of the database that was made before the upgrade, and start the older server on it.',
    );
  },
});
