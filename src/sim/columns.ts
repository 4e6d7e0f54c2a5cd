// A device is a row: its state lies in typed columns, one array per name, and step functions work on a cursor over them.

/** What a column holds. `any` is for the few things that are no number. */
export type ColumnKind = 'flag' | 'u8' | 'u16' | 'u32' | 'i16' | 'i32' | 'f64';
export type ColumnSpec = Readonly<Record<string, ColumnKind>>;

/** A row as a step function sees it: plain fields that may be read and written. */
export type Row<S extends ColumnSpec> = { -readonly [Name in keyof S]: S[Name] extends 'flag' ? boolean : number };

type Numbers = Uint8Array | Uint16Array | Uint32Array | Int16Array | Int32Array | Float64Array;

const makers: Record<ColumnKind, (rows: number) => Numbers> = {
  flag: (rows) => new Uint8Array(rows),
  u8: (rows) => new Uint8Array(rows),
  u16: (rows) => new Uint16Array(rows),
  u32: (rows) => new Uint32Array(rows),
  i16: (rows) => new Int16Array(rows),
  i32: (rows) => new Int32Array(rows),
  f64: (rows) => new Float64Array(rows),
};

interface Cursor {
  row: number;
}
interface Window {
  get(): number | boolean;
  set(value: number & boolean): void;
}

// One pair of functions for each kind of column: a pair for all of them would meet every kind of array, and V8 would look
// up the kind at each of hundreds of millions of calls.
const windows: { readonly [Kind in ColumnKind]: (column: never, cursor: Cursor) => Window } = {
  flag: (column: Uint8Array, cursor) => ({
    get: () => column[cursor.row] === 1,
    set: (value: boolean) => void (column[cursor.row] = value ? 1 : 0),
  }),
  u8: (column: Uint8Array, cursor) => ({
    get: () => column[cursor.row]!,
    set: (value: number) => void (column[cursor.row] = value),
  }),
  u16: (column: Uint16Array, cursor) => ({
    get: () => column[cursor.row]!,
    set: (value: number) => void (column[cursor.row] = value),
  }),
  u32: (column: Uint32Array, cursor) => ({
    get: () => column[cursor.row]!,
    set: (value: number) => void (column[cursor.row] = value),
  }),
  i16: (column: Int16Array, cursor) => ({
    get: () => column[cursor.row]!,
    set: (value: number) => void (column[cursor.row] = value),
  }),
  i32: (column: Int32Array, cursor) => ({
    get: () => column[cursor.row]!,
    set: (value: number) => void (column[cursor.row] = value),
  }),
  f64: (column: Float64Array, cursor) => ({
    get: () => column[cursor.row]!,
    set: (value: number) => void (column[cursor.row] = value),
  }),
};

export interface Table<S extends ColumnSpec> {
  readonly rows: number;
  /** The one cursor, moved to a row. It is only good until the next `at`. */
  at(row: number): Row<S>;
  /** Zeroes a row. */
  clear(row: number): void;
  /** A row's values by name, for saving. */
  save(row: number): Record<string, number | boolean>;
  /** Puts saved values back; names that no column has are ignored. */
  load(row: number, values: Readonly<Record<string, unknown>>): void;
}

/** A table of `rows` rows with the columns of `spec`, all zero. */
export const table = <const S extends ColumnSpec>(spec: S, rows: number): Table<S> => {
  const names = Object.keys(spec);
  const columns = new Map<string, Numbers>(names.map((name) => [name, makers[spec[name]!](rows)]));
  const cursor: Cursor = { row: 0 };
  const face = {} as Row<S>;
  for (const name of names) {
    const kind = spec[name]!;
    Object.defineProperty(face, name, { enumerable: true, ...windows[kind](columns.get(name) as never, cursor) });
  }
  const at = (row: number): Row<S> => {
    cursor.row = row;
    return face;
  };
  return {
    rows,
    at,
    clear(row) {
      for (const column of columns.values()) column[row] = 0;
    },
    save: (row) => ({ ...at(row) }) as Record<string, number | boolean>,
    load(row, values) {
      for (const [name, column] of columns) {
        const value = values[name];
        if (typeof value === 'number') column[row] = value;
        else if (typeof value === 'boolean') column[row] = value ? 1 : 0;
      }
    },
  };
};
