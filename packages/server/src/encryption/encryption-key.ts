import { createHash, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidSettingError, type ServerSettings } from '../settings.ts';

/** A key for data at rest. */
export interface EncryptionKey {
  /** 32 bytes. */
  readonly bytes: Buffer;
  /** Tells keys apart without telling anything about them. */
  readonly fingerprint: string;
}

const KEY_FILE = 'encryption-key';
const KEY_BYTES = 32;

/**
 * The key that the settings name, or else the one in the server's home, which is made the first time that it is needed.
 *
 * @throws InvalidSettingError for a key that is not 32 bytes in URL-safe base64.
 */
export function encryptionKey({ encryptionKey, home }: Pick<ServerSettings, 'encryptionKey' | 'home'>): EncryptionKey {
  const source = encryptionKey === null ? join(home, KEY_FILE) : 'PREFECT_SERVER_ENCRYPTION_KEY';
  const bytes = Buffer.from(encryptionKey ?? keyInFile(home), 'base64url');
  if (bytes.length !== KEY_BYTES)
    throw new InvalidSettingError(`${source} should hold ${KEY_BYTES} bytes in URL-safe base64 and holds ${bytes.length}.`);
  return { bytes, fingerprint: createHash('sha256').update('prefect-ts key ').update(bytes).digest('hex').slice(0, 16) };
}

function keyInFile(home: string): string {
  const path = join(home, KEY_FILE);
  const present = contentOf(path);
  if (present !== undefined) return present;
  mkdirSync(home, { recursive: true });
  // Written in full before it gets its name, so that a server beside this one reads all of it or makes none.
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    unlinkSync(draft);
  }
  return readFileSync(path, 'utf8').trim();
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
