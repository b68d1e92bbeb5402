import { complaintOf, SilentFailure } from './errors.ts';
import { createOutput } from './terminal/output.ts';

// A reader that closes the pipe early, as `head` does, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const out = createOutput(process.stdout, process.stderr);
try {
  const { runProgram } = await import('./program.ts');
  await runProgram(process.argv.slice(2), out);
} catch (error) {
  process.exitCode = 1;
  if (!(error instanceof SilentFailure)) {
    const { message, hint, exitCode } = complaintOf(error);
    out.complain(message, hint);
    if (/^(1|t|true|y|yes|on)$/i.test(process.env.PREFECT_DEBUG_MODE ?? '')) console.error(error);
    process.exitCode = exitCode;
  }
}
