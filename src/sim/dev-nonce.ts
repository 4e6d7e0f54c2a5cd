import { draw, type DiceKey } from '../base/dice.js';

/** DevNonces that there are: 16 bits. */
export const mostNonces = 0x1_0000;

/**
 * The DevNonce of a device's join number `count`, 0 to 65535: it looks like chance, as LoRaWAN 1.0.2 and 1.0.3 ask, and
 * never comes twice. (A network refuses a nonce that it has seen, so a device that draws freely is locked out for one
 * attempt now and then.) Four rounds of a Feistel cipher over two bytes: a permutation for every key.
 */
export const devNonce = (key: DiceKey, count: number): number => {
  let left = (count >>> 8) & 0xff;
  let right = count & 0xff;
  for (let round = 1; round <= 4; round++)
    [left, right] = [right, left ^ (draw(key.hi, key.lo, (round << 8) | right) & 0xff)];
  return (left << 8) | right;
};
