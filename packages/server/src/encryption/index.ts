export { type Cipher, lazyCipher, WrongKeyError } from './cipher.ts';
export { encryptionKey } from './encryption-key.ts';
