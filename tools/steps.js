// What installing and the quickstart tell of their work, one line a step. Plain JavaScript: it is used before there is a Node that reads TypeScript.

const TITLE_WIDTH = 56;

/** Something that the person can mend; told in one line with its hint. */
export class StepError extends Error {
  /**
   * @param {string} message
   * @param {string} hint
   * @param {string} [details] what a program printed
   */
  constructor(message, hint, details = '') {
    super(message);
    this.name = 'StepError';
    this.hint = hint;
    this.details = details;
  }
}

/** Does a step, then says what it was and how long it took; the title may depend on what came out. */
export async function step(title, work, command = '') {
  const began = performance.now();
  const result = await work();
  const text = typeof title === 'function' ? title(result) : title;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`  ✓ ${text.padEnd(TITLE_WIDTH)} ${`${seconds} s`.padStart(7)}${command === '' ? '' : `   ${dim(command)}`}`);
  return result;
}

/** Starts a part of the quickstart. */
export function heading(text) {
  console.log(`\n${process.stdout.isTTY ? `\x1b[1m${text}\x1b[22m` : text}`);
}

/** Tells of a failure: one line what, one line what to do about it, and what a program had to say. */
export function tellFailure(error) {
  if (!(error instanceof StepError)) {
    console.error(error);
    return;
  }
  console.error(`  ✗ ${error.message}\n    ${error.hint}`);
  if (error.details !== '') console.error(`\n${error.details}`);
}

/** Steps back what matters less. */
export function dim(text) {
  return process.stdout.isTTY ? `\x1b[2m${text}\x1b[22m` : text;
}
