import type { WholeReader } from '../base/whole.js';
import { mostDepth } from './cbor-write.js';

const text = 3;
const map = 5;

/**
 * Reads a CBOR sequence (RFC 8742) of maps with texts as keys, such as `writeCbor` makes of JSON objects, and stops at
 * what is none: of a map that was cut off, or of the zeros that a power cut leaves in a file, nothing is whole.
 */
export const wholeMaps = (): WholeReader => {
  let whole = 0;
  let place = 0;
  let stopped = false;
  /** Items still to come in each list or map around the place; in a map a key is due when their number is even. */
  const left: number[] = [];
  const isMap: boolean[] = [];
  let major = 0;
  let value = 0;
  /** Bytes still to come of a head's argument, and of a string. */
  let argument = 0;
  let content = 0;

  /** An item has ended, and with it perhaps those around it. */
  const ended = (): void => {
    while (left.length > 0) {
      if (--left[left.length - 1]! > 0) return;
      left.pop();
      isMap.pop();
    }
    whole = place;
  };
  /** A head is complete; false when it is nothing that stands in such a sequence. */
  const headed = (): boolean => {
    const keyDue = isMap.at(-1) === true && left.at(-1)! % 2 === 0;
    if (left.length === 0 ? major !== map : keyDue && major !== text) return false;
    if (!Number.isSafeInteger(2 * value) && (major === text || major === 2)) return false;
    switch (major) {
      case 2:
      case text:
        content = value;
        if (content === 0) ended();
        return true;
      case 4:
      case map:
        if (left.length >= mostDepth || value > 0xffff_ffff) return false;
        if (value === 0) return (ended(), true);
        left.push(major === map ? 2 * value : value);
        isMap.push(major === map);
        return true;
      case 6:
        return false;
      default:
        return (ended(), true);
    }
  };

  const step = (byte: number): boolean => {
    place++;
    if (argument > 0) {
      value = value * 256 + byte;
      return --argument > 0 || headed();
    }
    const info = byte & 31;
    major = byte >> 5;
    if (info > 27) return false;
    argument = info < 24 ? 0 : 2 ** (info - 24);
    value = argument > 0 ? 0 : info;
    return argument > 0 || headed();
  };

  return {
    take(bytes) {
      for (let i = 0; i < bytes.length && !stopped;) {
        if (content > 0) {
          const jump = Math.min(content, bytes.length - i);
          content -= jump;
          place += jump;
          i += jump;
          if (content === 0) ended();
        } else stopped = !step(bytes[i++]!);
      }
      return !stopped;
    },
    end: () => ({ keep: whole }),
  };
};
