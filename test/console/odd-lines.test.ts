import { describe, expect, test } from 'vitest';
import rn2483 from '../../devices/consoles/microchip-rn2483/index.js';
import rui3 from '../../devices/consoles/rak-rui3/index.js';
import st from '../../devices/consoles/st-at-slave/index.js';
import virtualRn2483 from '../../simulators/consoles/microchip-rn2483/index.js';
import virtualRui3 from '../../simulators/consoles/rak-rui3/index.js';
import another from '../../simulators/consoles/stellwerk-at.js';
import virtualSt from '../../simulators/consoles/st-at-slave/index.js';
import type { BoardIdentity, BoardKeys, Dialect } from '../../src/console/dialect.js';
import type { VirtualConsole } from '../../src/sim/twin.js';
import { bench } from './bench.js';
import { scriptedModem } from './scripted-modem.js';

// Lines that nobody knows (traces of a firmware, prints of a user's own code) come whole, and between any two others. What
// is told of a board must be of its answers, never of them.

const odd = ['somebody printed this', '12s345:TX on freq 868100000 Hz at DR 0', 'AT+FOO=1'];

/** The board, with a line more after the n-th of its own. */
const talkative = (twin: VirtualConsole, after: number, line: string): VirtualConsole => ({
  ...twin,
  open(setup) {
    const inner = twin.open(setup);
    let count = 0;
    return {
      step(input, nowUs, out) {
        inner.step(input, nowUs, {
          ...out,
          bytes(bytes) {
            const text = String.fromCharCode(...bytes).replaceAll('\r\n', () =>
              count++ === after ? `\r\n${line}\r\n` : '\r\n',
            );
            out.bytes(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
          },
        });
      },
    };
  },
});

const all: readonly { readonly dialect: Dialect; readonly twin: VirtualConsole }[] = [
  { dialect: rui3, twin: virtualRui3 },
  { dialect: st, twin: virtualSt },
  { dialect: rn2483, twin: virtualRn2483 },
];

describe.each(all)('$dialect.id', ({ dialect, twin }) => {
  const told = (seen: VirtualConsole) => {
    const b = bench({ dialect, twin: seen, modem: scriptedModem() });
    b.wire.advance(4_000_000);
    const keys = b.run<BoardKeys>(dialect.verbs.readKeys());
    const identity = b.run<BoardIdentity>(dialect.verbs.identify());
    if (!keys?.ok || !identity?.ok) throw new Error(`no answer: ${JSON.stringify([keys, identity])}`);
    const { devEui, joinEui, serial, firmware, model } = identity.value;
    return { keys: keys.value, devEui, joinEui, serial, firmware, model, more: identity.value.more };
  };

  test.each(odd)('%s', (line) => {
    const plain = told(twin);
    for (let after = 0; after < 60; after++) expect(told(talkative(twin, after, line))).toEqual(plain);
  });
});

test('whoever is not there cannot be rescued', () => {
  const b = bench({ dialect: rn2483, twin: another, modem: scriptedModem() });
  b.wire.advance(4_000_000);
  expect(b.run(rn2483.verbs.rescue())).toMatchObject({ ok: false, problem: { code: 'console-unknown' } });
});

test.each([
  { dialect: rui3 as Dialect, word: 'AT_DUTYCYCLE_RESTRICTED' },
  { dialect: st as Dialect, word: 'AT_COMMAND_NOT_FOUND' },
])('$dialect.id: a refusal in a word of somebody else is one', ({ dialect, word }) => {
  const open = { name: '', text: 'AT+X', ends: 'status', withinMs: 1_000 } as const;
  expect(dialect.reader().line(word, open)).toEqual([{ kind: 'refused', why: 'failed', code: word }]);
});
