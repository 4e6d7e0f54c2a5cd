/** Reads a record's body field by field and remembers the first thing that is wrong. Local to one reading. */
export interface FieldReader {
  /** What is wrong first; undefined while all is well. */
  why(): string | undefined;
  refuse(why: string): void;
  number(name: string, bounds?: Bounds): number;
  maybeNumber(name: string, bounds?: Bounds): number | undefined;
  text(name: string, form?: RegExp): string;
  maybeText(name: string, form?: RegExp): string | undefined;
  oneOf<T extends string>(name: string, choices: readonly T[]): T;
  maybeOneOf<T extends string>(name: string, choices: readonly T[]): T | undefined;
}

export interface Bounds {
  readonly whole?: true;
  readonly least?: number;
  readonly most?: number;
}

/** Bounds of an unsigned whole number of that many bits. */
export const unsigned = (bits: number): Bounds => ({ whole: true, least: 0, most: 2 ** bits - 1 });

export const fieldReader = (body: Readonly<Record<string, unknown>>): FieldReader => {
  let first: string | undefined;
  const refuse = (why: string): void => {
    first ??= why;
  };
  const own = (name: string): unknown => (Object.hasOwn(body, name) ? body[name] : undefined);
  const maybeNumber = (
    name: string,
    { whole, least = -Infinity, most = Infinity }: Bounds = {},
  ): number | undefined => {
    const value = own(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isFinite(value)) refuse(`${name} is not a number`);
    else if (whole && !Number.isSafeInteger(value)) refuse(`${name} is not a whole number`);
    else if (value < least || value > most) refuse(`${name} is out of its range`);
    else return value;
    return undefined;
  };
  const maybeText = (name: string, form?: RegExp): string | undefined => {
    const value = own(name);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && (form?.test(value) ?? true)) return value;
    refuse(typeof value === 'string' ? `${name} has not the form it must have` : `${name} is not a text`);
    return undefined;
  };
  const maybeOneOf = <T extends string>(name: string, choices: readonly T[]): T | undefined => {
    const value = own(name);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) refuse(`${name} is none of ${choices.join(', ')}`);
    return found;
  };
  const needed = <T>(name: string, value: T | undefined, stand: T): T => {
    if (value === undefined) refuse(`${name} is missing`);
    return value ?? stand;
  };
  return {
    why: () => first,
    refuse,
    maybeNumber,
    maybeText,
    maybeOneOf,
    number: (name, bounds) => needed(name, maybeNumber(name, bounds), 0),
    text: (name, form) => needed(name, maybeText(name, form), ''),
    oneOf: (name, choices) => needed(name, maybeOneOf(name, choices), choices[0]!),
  };
};

/** The same object without the fields that are undefined, so that it equals what was written. */
export const present = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
