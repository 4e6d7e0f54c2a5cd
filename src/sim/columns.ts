// A device is a row: its numbers lie side by side in one block for all devices, and step functions work on a cursor over
// it. Side by side, because a step touches most of a row: one array for each name would be a trip to memory for each.

/** What a column holds. */
export type ColumnKind = 'flag' | 'u8' | 'u16' | 'u32' | 'i16' | 'i32' | 'f64';
export type ColumnSpec = Readonly<Record<string, ColumnKind>>;

/** A row as a step function sees it: plain fields that may be read and written. */
export type Row<S extends ColumnSpec> = { -readonly [Name in keyof S]: S[Name] extends 'flag' ? boolean : number };

export interface Table<S extends ColumnSpec> {
  readonly rows: number;
  /** The one cursor, moved to a row. It is only good until the next `at`. */
  at(row: number): Row<S>;
  /** Zeroes a row. */
  clear(row: number): void;
}

/** Where the row of now begins, in elements of one, two, four and eight bytes. */
interface Cursor {
  at1: number;
  at2: number;
  at4: number;
  at8: number;
}

interface Field {
  get(): number | boolean;
  set(value: number & boolean): void;
}

interface Views {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  readonly i16: Int16Array;
  readonly i32: Int32Array;
  readonly f64: Float64Array;
}

const bytesOf: Readonly<Record<ColumnKind, number>> = { f64: 8, u32: 4, i32: 4, u16: 2, i16: 2, u8: 1, flag: 1 };

// One pair of functions for each kind: a pair for all of them would meet every kind of array, and V8 would look up the kind
// at each of hundreds of millions of calls. `at` is the field's place in its row, in elements of its size.
const fields: Readonly<Record<ColumnKind, (views: Views, c: Cursor, at: number) => Field>> = {
  flag: ({ u8 }, c, at) => ({
    get: () => u8[c.at1 + at] === 1,
    set: (value: boolean) => void (u8[c.at1 + at] = value ? 1 : 0),
  }),
  u8: ({ u8 }, c, at) => ({ get: () => u8[c.at1 + at]!, set: (value: number) => void (u8[c.at1 + at] = value) }),
  u16: ({ u16 }, c, at) => ({ get: () => u16[c.at2 + at]!, set: (value: number) => void (u16[c.at2 + at] = value) }),
  i16: ({ i16 }, c, at) => ({ get: () => i16[c.at2 + at]!, set: (value: number) => void (i16[c.at2 + at] = value) }),
  u32: ({ u32 }, c, at) => ({ get: () => u32[c.at4 + at]!, set: (value: number) => void (u32[c.at4 + at] = value) }),
  i32: ({ i32 }, c, at) => ({ get: () => i32[c.at4 + at]!, set: (value: number) => void (i32[c.at4 + at] = value) }),
  f64: ({ f64 }, c, at) => ({ get: () => f64[c.at8 + at]!, set: (value: number) => void (f64[c.at8 + at] = value) }),
};

/** A table of `rows` rows with the columns of `spec`, all zero. */
export const table = <const S extends ColumnSpec>(spec: S, rows: number): Table<S> => {
  // The widest first: then every field lies where a view of its size can reach it.
  const names = Object.keys(spec).sort((a, b) => bytesOf[spec[b]!] - bytesOf[spec[a]!]);
  const used = names.reduce((sum, name) => sum + bytesOf[spec[name]!], 0);
  const rowBytes = Math.ceil(used / 8) * 8;
  const block = new ArrayBuffer(rows * rowBytes);
  const views: Views = {
    u8: new Uint8Array(block),
    u16: new Uint16Array(block),
    u32: new Uint32Array(block),
    i16: new Int16Array(block),
    i32: new Int32Array(block),
    f64: new Float64Array(block),
  };
  const cursor: Cursor = { at1: 0, at2: 0, at4: 0, at8: 0 };
  const face = {} as Row<S>;
  let offset = 0;
  for (const name of names) {
    const kind = spec[name]!;
    Object.defineProperty(face, name, {
      enumerable: true,
      ...fields[kind](views, cursor, offset / bytesOf[kind]),
    });
    offset += bytesOf[kind];
  }
  return {
    rows,
    at(row) {
      const at8 = (row * rowBytes) / 8;
      cursor.at8 = at8;
      cursor.at4 = at8 * 2;
      cursor.at2 = at8 * 4;
      cursor.at1 = at8 * 8;
      return face;
    },
    clear: (row) => void views.u8.fill(0, row * rowBytes, (row + 1) * rowBytes),
  };
};
