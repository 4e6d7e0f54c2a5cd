/** Reads an unsigned number of up to 48 bits, most significant bit first, from any bit of `bytes`. */
export const readBits = (bytes: Uint8Array, bit: number, count: number): number => {
  let value = 0;
  for (let left = count; left > 0;) {
    const inByte = bit & 7;
    const take = Math.min(8 - inByte, left);
    const part = (bytes[bit >> 3]! >> (8 - inByte - take)) & ((1 << take) - 1);
    value = value * 2 ** take + part;
    bit += take;
    left -= take;
  }
  return value;
};

/** Writes an unsigned number of up to 48 bits, most significant bit first. */
export const writeBits = (
  bytes: Uint8Array,
  bit: number,
  { count, value }: { readonly count: number; readonly value: number },
): void => {
  for (let i = count - 1; i >= 0; i--, bit++)
    if (Math.floor(value / 2 ** i) % 2 === 1) bytes[bit >> 3]! |= 0x80 >> (bit & 7);
};

/** How many digits behind the point a number has: 2 for 0.25. */
export const decimals = (value: number): number => {
  const match = /(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  return Math.min(20, Math.max(0, (match?.[1]?.length ?? 0) - Number(match?.[2] ?? 0)));
};

/** The same bits as a signed number in two's complement. */
export const signed = (value: number, count: number): number =>
  value >= 2 ** (count - 1) ? value - 2 ** count : value;
