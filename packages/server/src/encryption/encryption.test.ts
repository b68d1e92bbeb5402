import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encryptionKey, lazyCipher, WrongKeyError } from './index.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'prefect-key-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const keyFile = () => join(home, 'encryption-key');

describe('the key', () => {
  it('is made once, readable for its owner only, and is the same afterwards', () => {
    const first = encryptionKey({ encryptionKey: null, home });
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    expect(Buffer.from(readFileSync(keyFile(), 'utf8').trim(), 'base64url')).toEqual(first.bytes);
    expect(encryptionKey({ encryptionKey: null, home })).toEqual(first);
  });

  it('is the setting where there is one, and no file is made', () => {
    const text = Buffer.alloc(32, 7).toString('base64');
    expect(encryptionKey({ encryptionKey: text, home }).bytes).toEqual(Buffer.alloc(32, 7));
    expect(() => statSync(keyFile())).toThrow('ENOENT');
  });

  it('is refused when it is too short, by the name of the setting', () => {
    expect(() => encryptionKey({ encryptionKey: 'c2hvcnQ', home })).toThrow(
      'PREFECT_SERVER_ENCRYPTION_KEY should hold 32 bytes in URL-safe base64 and holds 5.',
    );
  });
});

describe('the cipher', () => {
  const cipherOf = (fill: number) =>
    lazyCipher(() => encryptionKey({ encryptionKey: Buffer.alloc(32, fill).toString('base64url'), home }));

  it('opens what it sealed, and never seals the same text the same way', () => {
    const cipher = cipherOf(1);
    const sealed = cipher.seal('swordfish 🐟', 'a');
    expect(sealed).not.toContain('swordfish');
    expect(cipher.seal('swordfish 🐟', 'a')).not.toBe(sealed);
    expect(cipher.open(sealed, 'a')).toBe('swordfish 🐟');
  });

  it('says so when the key is another one', () => {
    expect(() => cipherOf(2).open(cipherOf(1).seal('x', 'a'), 'a')).toThrow(WrongKeyError);
  });

  it('opens nothing that was moved to another place or changed', () => {
    const cipher = cipherOf(1);
    const sealed = cipher.seal('swordfish', 'a');
    expect(() => cipher.open(sealed, 'b')).toThrow();
    expect(() => cipher.open(`${sealed.slice(0, -4)}AAAA`, 'a')).toThrow();
  });

  it('asks for its key only when it is used', () => {
    let asked = 0;
    lazyCipher(() => {
      asked += 1;
      return encryptionKey({ encryptionKey: null, home });
    });
    expect(asked).toBe(0);
  });
});
