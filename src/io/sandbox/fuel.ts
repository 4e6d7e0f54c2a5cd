// A WebAssembly engine cannot be stopped from outside while it computes: whoever calls it waits. So the module itself is
// given a meter: at the head of every function and every turn of every loop, also of those inside the engine's own
// library (searching, sorting, long division, regular expressions), some code counts down and traps below zero. That
// bounds everything, and by a count instead of a clock: the same work ends at the same place on every machine.
// Formats: WebAssembly Core Specification 2.0, chapter 5 (binary format).

/** Names under which the module gives out its meter: what is left, and a place to lay a length down. */
export const fuelName = 'fuel';

const sections = { global: 6, export: 7, code: 10 } as const;
const i32 = 0x7f;

const leb = (value: number): number[] => {
  const out: number[] = [];
  do {
    const more = value >= 0x80;
    out.push((value & 0x7f) | (more ? 0x80 : 0));
    value = Math.floor(value / 0x80);
  } while (value > 0);
  return out;
};

/** Reads a module from front to end. */
class Reader {
  at: number;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(): number {
    return this.bytes[this.at++]!;
  }

  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  skip(count: number): void {
    for (; count > 0; count--) while (this.byte() >= 0x80);
  }
}

/** How many variable-length numbers follow an instruction; the others are told apart in `step`. */
const numbersAfter = (code: number): number => {
  if (code >= 0x28 && code <= 0x3e) return 2;
  if ((code >= 0x45 && code <= 0xc4) || [0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b, 0xd1].includes(code)) return 0;
  if ([0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10, 0x12, 0x3f, 0x40, 0x41, 0x42, 0xd0, 0xd2].includes(code)) return 1;
  if (code >= 0x20 && code <= 0x26) return 1;
  if (code === 0x11 || code === 0x13) return 2;
  throw new TypeError(`the WebAssembly module has the instruction 0x${code.toString(16)}, which is not expected`);
};

const numbersAfterBulk = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

/** Moves behind one instruction; says whether it is the head of a loop or moves a block of memory. */
const step = (from: Reader): 'loop' | 'block' | undefined => {
  const code = from.byte();
  if (code === 0x43) from.at += 4;
  else if (code === 0x44) from.at += 8;
  else if (code === 0x0e) from.skip(from.number() + 1);
  else if (code === 0x1c) from.skip(from.number());
  else if (code === 0xfc) {
    const bulk = from.number();
    const numbers = numbersAfterBulk[bulk];
    if (numbers === undefined) throw new TypeError(`the WebAssembly module has the bulk instruction ${bulk}`);
    from.skip(numbers);
    return bulk === 10 || bulk === 11 ? 'block' : undefined;
  } else from.skip(numbersAfter(code));
  return code === 0x03 ? 'loop' : undefined;
};

interface Meter {
  /** Counts one. */
  readonly one: readonly number[];
  /** Counts a sixty-fourth of the length that lies on the stack, and leaves it there. */
  readonly length: readonly number[];
}

const meter = (fuel: number, spare: number): Meter => {
  const [get, set] = [(index: number) => [0x23, ...leb(index)], (index: number) => [0x24, ...leb(index)]];
  // fuel - n -> fuel; if (fuel < 0) unreachable
  const take = (...n: number[]): number[] => [
    ...[...get(fuel), ...n, 0x6b, ...set(fuel)],
    ...[...get(fuel), 0x41, 0, 0x48, 0x04, 0x40, 0x00, 0x0b],
  ];
  return { one: take(0x41, 1), length: [...set(spare), ...take(...get(spare), 0x41, 6, 0x76), ...get(spare)] };
};

/** A function's body with the meter in it. */
const meteredBody = (body: Uint8Array, { one, length }: Meter): Uint8Array => {
  const from = new Reader(body);
  for (let groups = from.number(); groups > 0; groups--) from.skip(2);
  const pieces: (Uint8Array | readonly number[])[] = [body.subarray(0, from.at), one];
  let copied = from.at;
  const until = (at: number, then: readonly number[]): void => {
    pieces.push(body.subarray(copied, at), then);
    copied = at;
  };
  while (from.at < body.length) {
    const before = from.at;
    const what = step(from);
    if (what === 'loop') until(from.at, one);
    else if (what === 'block') until(before, length);
  }
  pieces.push(body.subarray(copied));
  return joined(pieces);
};

const joined = (pieces: readonly (Uint8Array | readonly number[])[]): Uint8Array => {
  const out = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
};

/** A list that has grown: its new count, what stood there, what is new. */
const grown = (list: Uint8Array, more: readonly number[], by: number): Uint8Array => {
  const from = new Reader(list);
  const count = from.number();
  return joined([leb(count + by), list.subarray(from.at), more]);
};

const meteredCode = (list: Uint8Array, how: Meter): Uint8Array => {
  const from = new Reader(list);
  const count = from.number();
  const pieces: (Uint8Array | readonly number[])[] = [leb(count)];
  for (let i = 0; i < count; i++) {
    const size = from.number();
    const body = meteredBody(list.subarray(from.at, from.at + size), how);
    pieces.push(leb(body.length), body);
    from.at += size;
  }
  return joined(pieces);
};

/**
 * The module with a meter, exported as the mutable 32-bit global `fuel`: set it before a call, and the call traps
 * (`RuntimeError: unreachable`) when it is used up. Moving a block of memory costs one for every 64 bytes. Takes modules
 * that import no globals.
 */
export const metered = (wasm: Uint8Array): Uint8Array => {
  const parts: { id: number; content: Uint8Array }[] = [];
  for (const from = new Reader(wasm, 8); from.at < wasm.length;) {
    const id = from.byte();
    const size = from.number();
    parts.push({ id, content: wasm.subarray(from.at, from.at + size) });
    from.at += size;
  }
  const globals = parts.find(({ id }) => id === sections.global);
  if (!globals) throw new TypeError('the WebAssembly module has no globals of its own');
  const fuel = new Reader(globals.content).number();
  const how = meter(fuel, fuel + 1);
  // The module's own beginning runs on a full meter: 2 to the 31 less one.
  const variables = [...[i32, 1, 0x41, 0xff, 0xff, 0xff, 0xff, 0x07, 0x0b], ...[i32, 1, 0x41, 0, 0x0b]];
  const name = [...Buffer.from(fuelName)];
  const renewed = (id: number, content: Uint8Array): Uint8Array => {
    if (id === sections.global) return grown(content, variables, 2);
    if (id === sections.export) return grown(content, [name.length, ...name, 3, ...leb(fuel)], 1);
    return id === sections.code ? meteredCode(content, how) : content;
  };
  const pieces: (Uint8Array | readonly number[])[] = [wasm.subarray(0, 8)];
  for (const { id, content } of parts) {
    const now = renewed(id, content);
    pieces.push([id, ...leb(now.length)], now);
  }
  return joined(pieces);
};
