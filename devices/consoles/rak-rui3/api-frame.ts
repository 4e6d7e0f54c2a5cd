// The binary console of RUI3 (API mode): 0x7E, length of the payload in two bytes, type, flag, payload, checksum.

export interface ApiFrame {
  readonly type: number;
  /** 1 in an answer. */
  readonly flag: number;
  /** At most 255 bytes. */
  readonly payload: Uint8Array;
}

export const apiStart = 0x7e;
const mostPayload = 255;

const ones = (bytes: Iterable<number>): number => {
  let count = 0;
  for (let byte of bytes) for (; byte > 0; byte >>= 1) count += byte & 1;
  return count & 0xff;
};
const checksum = ({ type, flag, payload }: ApiFrame): number => (ones([type, flag]) + ones(payload)) & 0xff;

/** The bytes of a frame; the checksum is the number of ones in type, flag and payload. */
export const writeApiFrame = (frame: ApiFrame): Uint8Array => {
  const { type, flag, payload } = frame;
  if (payload.length > mostPayload) throw new RangeError(`an API frame carries ${mostPayload} bytes at most`);
  return Uint8Array.of(apiStart, payload.length >> 8, payload.length & 0xff, type, flag, ...payload, checksum(frame));
};

/**
 * What stands at the beginning of these bytes: a frame and its length, how many bytes are noise, or undefined when more
 * must come.
 */
export const readApiFrame = (
  bytes: Uint8Array,
): { readonly frame: ApiFrame; readonly length: number } | { readonly noise: number } | undefined => {
  if (bytes.length === 0) return undefined;
  if (bytes[0] !== apiStart) {
    const start = bytes.indexOf(apiStart);
    return { noise: start < 0 ? bytes.length : start };
  }
  if (bytes.length < 3) return undefined;
  const size = (bytes[1]! << 8) | bytes[2]!;
  if (size > mostPayload) return { noise: 1 };
  if (bytes.length < size + 6) return undefined;
  const frame = { type: bytes[3]!, flag: bytes[4]!, payload: bytes.slice(5, 5 + size) };
  return checksum(frame) === bytes[5 + size] ? { frame, length: size + 6 } : { noise: 1 };
};

/** Back to the text console: the one frame that is known whole. */
export const toTextMode: ApiFrame = { type: 1, flag: 0, payload: Uint8Array.of(0, 0, 2, 0x48) };
