import { readFile } from 'node:fs/promises';
import ignore, { type Ignore } from 'ignore';

/**
 * Reads which files of a folder stay at home: lines as in `.gitignore`.
 *
 * @returns undefined where there is no such file
 */
export async function readIgnoreFile(path: string): Promise<Ignore | undefined> {
  try {
    return ignore().add(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
