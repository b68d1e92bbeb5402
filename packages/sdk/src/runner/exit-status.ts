import { constants } from 'node:os';

/**
 * Turns what Node tells about an ended process into one number, as the contract counts: the exit code, or minus the signal's number
 * for a process that a signal ended.
 */
export function exitStatus(code: number | null, signal: NodeJS.Signals | null): number {
  if (code !== null) return code;
  return signal === null ? -1 : -constants.signals[signal];
}

const EXPLANATIONS: Readonly<Record<number, string>> = {
  [-9]: 'The process was ended by a SIGKILL signal. The usual causes are a lack of memory or someone ending it by hand.',
  [-15]:
    'The process was ended by a SIGTERM signal. The usual causes are a shutdown of the machine or someone ending it by hand.',
  0: 'The process ended before its run did; code that ends the process, such as process.exit(), does that.',
  1: 'The process ended with a general error. Its logs tell more.',
  125: 'The container could not be started. Check that its image exists and can be pulled.',
  126: 'The command was found, but it is not executable.',
  127: 'The command was not found. Check that its program is installed and on the PATH.',
  137: 'The container was ended by a SIGKILL signal, most often because it used more memory than it may.',
  143: 'The container was ended by a SIGTERM signal, most often because it was stopped from outside.',
  247: 'The process was ended for using more memory than there is.',
  3221225786: 'The process was interrupted with Ctrl-C or Ctrl-Break.',
};

/** One sentence or two on what a status number means and where to look; the contract fixes the sentence for codes that mean nothing. */
export function explainExitStatus(status: number): string {
  return EXPLANATIONS[status] ?? 'Process exited with an unexpected status code.';
}

/** The message of the Crashed state of a run whose process died. */
export function processCrashMessage(status: number): string {
  return `Process exited with status code: ${status}. ${explainExitStatus(status)}`;
}
