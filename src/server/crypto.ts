import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What is done with the installation's secret. */
export type SecretBox = {
  /** Encrypts what must be kept exactly but never shown: iv ‖ tag ‖ ciphertext. */
  seal(text: string): Uint8Array<ArrayBuffer>;
  open(sealed: Uint8Array): string;
  /** A keyed digest (32 bytes): equal for equal parts, and without the secret nobody can try out what the parts were. */
  digest(...parts: readonly string[]): Buffer;
};

/** AES-256-GCM and HMAC-SHA-256 under keys derived from the installation's secret (HKDF-SHA-256, RFC 5869). */
export function createSecretBox(secret: string): SecretBox {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', secret, 'tars', use, 32));
  const key = derive('secret-box/1');
  const digestKey = derive('secret-box/digest/1');
  return {
    seal(text) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, iv);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return new Uint8Array(Buffer.concat([iv, cipher.getAuthTag(), body]));
    },
    open(sealed) {
      const bytes = Buffer.from(sealed);
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const body = bytes.subarray(IV_BYTES + TAG_BYTES);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    },
    // As JSON, so that ("a", "bc") and ("ab", "c") differ.
    digest: (...parts) => createHmac('sha256', digestKey).update(JSON.stringify(parts)).digest(),
  };
}

/** For values with enough entropy of their own (API keys, one-time tokens): SHA-256, hex. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

export const newToken = (bytes = 32): string => randomBytes(bytes).toString('base64url');
