import { hmacSha256 } from './digest.js';

/** A name for somebody that tells nothing about them: the same person, the same name, as long as the key is the same. */
export type Pseudonym = (identifier: string) => string;

const digits = 16;

/**
 * Pseudonyms by HMAC-SHA256: the first 64 bits in hexadecimal digits. Without the key nobody can tell whose they are,
 * nor try out all the numbers that a driver's tag can have; with another key they are other names.
 */
export const pseudonyms =
  (key: Uint8Array | string): Pseudonym =>
  (identifier) =>
    hmacSha256(key, identifier).slice(0, digits);
