import { commandsOf, type Syntax } from '../../../src/console/dialect.js';
import { general } from './table-general.js';
import { lorawan } from './table-lorawan.js';
import { p2p } from './table-p2p.js';

export const table = { ...general, ...lorawan, ...p2p };
export type Name = keyof typeof table;

const head = (name: string): string => `AT${name}=`;
const isNamed = (line: string, name: string): boolean => line.slice(0, head(name).length).toUpperCase() === head(name);

/** How RUI3 spells: the name stands before the value, as it was typed; firmware of version 3 often leaves it out. */
export const syntax: Syntax = {
  ask: (name) => `AT${name}=?`,
  set: (name, values) => `AT${name}=${values.join(':')}`,
  run: (name) => `AT${name}`,
  value(line, name) {
    if (isNamed(line, name)) return line.slice(head(name).length);
    // Class B was told with names of its own: `BCON: 3, 869.525`.
    const older = /^(?:BCON|BTIME|BGW|LTIME): (.*)$/.exec(line);
    if (older) return older[1]!;
    return /^AT[+=]/i.test(line) ? undefined : line;
  },
  names: isNamed,
  separator: ':',
};

export const commands = commandsOf(table, syntax);
