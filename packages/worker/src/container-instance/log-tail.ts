import type { Logger } from 'prefect-ts/runner';
import type { AzureClient } from './azure-client.ts';

const TAIL = 100;

/** Follows the output of a container. Azure gives the last lines only, so a container that writes faster than it is asked loses some. */
export class LogTail {
  readonly #read: () => Promise<string>;
  readonly #log: Logger;
  /** The lines of the last look, with their times: what is seen twice stands in both. */
  #seen: readonly string[] = [];

  constructor(client: AzureClient, resourceGroup: string, group: string, log: Logger) {
    this.#log = log;
    this.#read = async () => {
      const { content } = await client.containers.listLogs(resourceGroup, group, group, { tail: TAIL, timestamps: true });
      return content ?? '';
    };
  }

  /** Writes what is new. Output that cannot be read now is no reason to stop watching. */
  async print(): Promise<void> {
    let content: string;
    try {
      content = await this.#read();
    } catch (error) {
      this.#log.debug(`The output of a container could not be read: ${error}`);
      return;
    }
    const lines = content.split('\n').filter((line) => line !== '');
    for (const line of lines.slice(overlap(this.#seen, lines))) this.#log.info(withoutTime(line));
    if (lines.length > 0) this.#seen = lines;
  }
}

/** How many lines at the start of `now` are the end of `before`. */
export function overlap(before: readonly string[], now: readonly string[]): number {
  for (let count = Math.min(before.length, now.length); count > 0; count -= 1) {
    const start = before.length - count;
    if (now.slice(0, count).every((line, index) => line === before[start + index])) return count;
  }
  return 0;
}

function withoutTime(line: string): string {
  return line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) /, '');
}
