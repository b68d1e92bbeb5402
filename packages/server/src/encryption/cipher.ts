import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ApiError } from '../errors.ts';
import type { EncryptionKey } from './encryption-key.ts';

/** Hides texts in the database. */
export interface Cipher {
  /** Tells the key that this cipher works with. */
  readonly fingerprint: string;
  /** @param context what the text belongs to; it opens nowhere else. */
  seal(text: string, context: string): string;
  /** @throws WrongKeyError for a text that was sealed with another key. */
  open(sealed: string, context: string): string;
}

/** What is in the database was sealed with a key that this server does not have. */
export class WrongKeyError extends ApiError {
  override readonly name = 'WrongKeyError';
  constructor() {
    const message =
      'The blocks in this database are encrypted with another key. Set PREFECT_SERVER_ENCRYPTION_KEY to the key of the server that wrote them; without the setting it is in the file encryption-key of its PREFECT_HOME.';
    super(500, { exception_message: message }, message);
  }
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM. The key is asked for when the first text is sealed or opened. */
export function lazyCipher(readKey: () => EncryptionKey): Cipher {
  let key: EncryptionKey | undefined;
  const theKey = () => {
    key ??= readKey();
    return key;
  };
  return {
    get fingerprint() {
      return theKey().fingerprint;
    },
    seal(text, context) {
      const { bytes, fingerprint } = theKey();
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, bytes, nonce).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `1.${fingerprint}.${sealed.toString('base64url')}`;
    },
    open(sealed, context) {
      const { bytes, fingerprint } = theKey();
      const [version, sealedWith, body = ''] = sealed.split('.');
      if (version !== '1' || sealedWith !== fingerprint) throw new WrongKeyError();
      const data = Buffer.from(body, 'base64url');
      const decipher = createDecipheriv(ALGORITHM, bytes, data.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(context))
        .setAuthTag(data.subarray(-TAG_BYTES));
      return decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    },
  };
}
