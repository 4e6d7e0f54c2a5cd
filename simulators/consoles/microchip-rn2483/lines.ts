import { syntax, table } from '../../../devices/consoles/microchip-rn2483/table.js';
import { cutValues, readValues, type CommandRow } from '../../../src/console/dialect.js';

export type Name = keyof typeof table;

/** What a line wants; undefined is `invalid_param`. */
export type Wanted =
  | { readonly kind: 'ask' | 'run'; readonly name: Name }
  | { readonly kind: 'set'; readonly name: Name; readonly values: readonly unknown[]; readonly text: string };

const rows = Object.entries(table) as [Name, CommandRow][];
const fixed: Readonly<Record<string, Wanted>> = Object.fromEntries(
  rows.flatMap(([name, row]): [string, Wanted][] => [
    ...(row.read ? [[syntax.ask(row.word), { kind: 'ask', name }] as [string, Wanted]] : []),
    ...(row.run ? [[syntax.run(row.word), { kind: 'run', name }] as [string, Wanted]] : []),
  ]),
);
// `mac set ch freq` before anything that is shorter.
const orders = rows
  .flatMap(([name, { word, write }]) => (write ? [{ name, write, begin: `${syntax.set(word, [])} ` }] : []))
  .sort((a, b) => b.begin.length - a.begin.length);

/** Finds the command of a line, and its values when all of them are in range. */
export const wantedIn = (line: string): Wanted | undefined => {
  if (Object.hasOwn(fixed, line)) return fixed[line];
  const order = orders.find(({ begin }) => line.startsWith(begin));
  if (!order) return undefined;
  const text = line.slice(order.begin.length);
  const parts = cutValues(text, ' ', order.write.length);
  const values = parts.length === order.write.length ? readValues(order.write, parts) : undefined;
  return values?.ok ? { kind: 'set', name: order.name, values: values.value, text } : undefined;
};
