// The one door to node:crypto in the pure rooms: SHA-256 and its HMAC are functions of their bytes and nothing else.
import { createHash, createHmac, hash } from 'node:crypto';

/** SHA-256 in 64 lower-case hexadecimal digits. */
export const sha256 = (data: Uint8Array | string): string => hash('sha256', data, 'hex');

/** The first `length` bytes (at most 32) of SHA-256. */
export const sha256Bytes = (data: Uint8Array | string, length = 32): Uint8Array =>
  new Uint8Array(hash('sha256', data, 'buffer').subarray(0, length));

/** HMAC-SHA256 in 64 lower-case hexadecimal digits (RFC 2104). */
export const hmacSha256 = (key: Uint8Array | string, data: string): string =>
  createHmac('sha256', key).update(data).digest('hex');

/** A SHA-256 that grows with what happens. */
export interface RunningDigest {
  add(data: Uint8Array | string): void;
  /** The digest of all that was added so far, in 64 hexadecimal digits; adding may go on. */
  value(): string;
}

/** So much is gathered before it is hashed: a call of OpenSSL takes as long as hashing some hundred bytes. */
const gatheredBytes = 1_024;

export const runningDigest = (): RunningDigest => {
  const hash = createHash('sha256');
  const gathered = Buffer.allocUnsafeSlow(gatheredBytes);
  let length = 0;
  const flush = (): void => {
    if (length > 0) hash.update(gathered.subarray(0, length));
    length = 0;
  };
  return {
    add(data) {
      // A character takes three bytes at the most.
      const most = typeof data === 'string' ? 3 * data.length : data.length;
      if (length + most > gatheredBytes) flush();
      if (most > gatheredBytes) return void hash.update(data);
      if (typeof data === 'string') length += gathered.write(data, length, 'utf8');
      else {
        gathered.set(data, length);
        length += data.length;
      }
    },
    value() {
      flush();
      return hash.copy().digest('hex');
    },
  };
};
