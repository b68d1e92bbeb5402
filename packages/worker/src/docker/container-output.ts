import { createInterface } from 'node:readline';
import { PassThrough, type Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { Logger } from 'prefect-ts/runner';

export interface OutputOptions {
  log: Logger;
  /** Only what is printed from then on, in seconds since 1970. Default: everything. */
  since?: number | undefined;
  signal: AbortSignal;
}

/** Writes each line that a container prints to the log, until it ends. */
export async function followOutput(
  docker: Docker,
  container: Docker.Container,
  { log, since, signal }: OutputOptions,
): Promise<void> {
  const { Config } = await container.inspect();
  const stream = (await container.logs({
    follow: true,
    stdout: true,
    stderr: true,
    abortSignal: signal,
    ...(since === undefined ? {} : { since }),
  })) as Readable;
  if (Config.Tty) return writeLines(stream, log);
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  docker.modem.demuxStream(stream, stdout, stderr);
  const close = (): void => {
    stdout.end();
    stderr.end();
  };
  stream.once('close', close).once('end', close).once('error', close);
  await Promise.all([writeLines(stdout, log), writeLines(stderr, log)]);
}

async function writeLines(stream: Readable, log: Logger): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) log.info(line);
}
