import { task } from 'prefect-ts';

/** Ends only after its process was told to end. */
const patient = task('patient', async () => {
  const told = new Promise((resolve) => process.once('SIGTERM', resolve));
  process.stdout.write('begun');
  await told;
  return 'ended in peace';
});

await patient.serve();
