import { must } from '../base/problem.js';
import { oneLine } from '../base/one-line.js';
import { hideKeys } from '../console/hide.js';
import { textTable } from '../report/table.js';
import { withBoard } from './board-open.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

const next: Readonly<Record<string, string>> = {
  locked: 'Its console is locked: stellwerk board rescue PORT unlocks it with the password, or resets it.',
  bootloader: 'It stands in its bootloader: stellwerk board rescue PORT starts its firmware.',
};

/** `stellwerk board identify`. */
export const run = async (args: Args, shell: Shell): Promise<void> =>
  withBoard(args, shell, { verb: 'identify', reconnect: false }, async (board) => {
    const found = must(await board.meet());
    const { dialect, baud, state, identity } = found;
    const { more, ...facts } = identity;
    const names = board.boardsOf(found);
    const shown = {
      port: board.address,
      board: names.map(({ id }) => id),
      name: names.map(({ name }) => name).join(' or '),
      console: dialect.id,
      baud,
      state,
      ...facts,
      ...(more && { more }),
    };
    if (shell.json) return shell.out(JSON.stringify(shown));
    const rows: (readonly [string, string])[] = [
      ['port', board.address],
      ['board', shown.name === '' ? 'not known from what it says' : shown.name],
      ['console', `${dialect.name} at ${baud} baud${dialect.ours ? ' (defined by Stellwerk)' : ''}`],
      ['state', state === 'talks' ? 'talks' : state === 'locked' ? 'locked' : 'in its bootloader'],
      ...words.flatMap(([name, word]) => {
        const value = facts[name];
        return value === undefined ? [] : [[word, valueText(value)] as const];
      }),
      ...Object.entries(more ?? {}).map(([name, value]) => [name, hideKeys(oneLine(value))] as const),
    ];
    textTable(rows).forEach(shell.out);
    const hint = next[state];
    if (hint !== undefined) shell.talk(hint);
    const [cannot] = Object.values(dialect.cannot ?? {});
    if (cannot !== undefined) shell.talk(cannot);
  });

const words = [
  ['model', 'model'],
  ['firmware', 'firmware'],
  ['chip', 'chip'],
  ['serial', 'serial number'],
  ['devEui', 'DevEUI'],
  ['joinEui', 'JoinEUI'],
  ['region', 'region'],
  ['mode', 'mode'],
  ['joined', 'joined'],
  ['batteryV', 'battery'],
] as const;

const valueText = (value: string | number | boolean): string =>
  typeof value === 'boolean' ? (value ? 'yes' : 'no') : typeof value === 'number' ? `${value} V` : oneLine(value);
