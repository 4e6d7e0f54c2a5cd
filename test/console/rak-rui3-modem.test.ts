import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { table } from '../../devices/consoles/rak-rui3/table.js';
import twin from '../../simulators/consoles/rak-rui3/index.js';
import { dice } from '../../src/base/dice.js';
import type { CommandRow } from '../../src/console/dialect.js';
import type { Machine } from '../../src/base/machine.js';
import { virtualBoard } from '../../src/sim/board.js';
import { startModem } from '../../src/sim/modem.js';
import { wire } from '../../src/base/wire.js';

/** A board with the real device behind it, that nobody answers; gives what it says to each line. */
const board = (seed: string) => {
  const startUs = 1_780_000_000_000_000;
  const modem = startModem({ seed, name: 'board', profile: twin.profile, startUs });
  const console = twin.open({ modem, board: 'rak-rak3172', dice: dice(seed, 'twin'), serial: '9181004e20900057' });
  let said = '';
  const host: Machine<never, Uint8Array> = {
    step(input, _, out) {
      if (input.kind === 'order') out.bytes(input.order);
      if (input.kind === 'bytes') said += String.fromCharCode(...input.bytes);
    },
  };
  const cable = wire({ machine: host }, { machine: virtualBoard({ console, modem, air: {} }) }, { startUs });
  cable.open();
  cable.advance(startUs + 2_000_000);
  return {
    type(text: string, forMs = 1_000) {
      said = '';
      cable.tell(Uint8Array.from(`${text}\r\n`, (c) => c.charCodeAt(0)));
      cable.advance(cable.nowUs + forMs * 1_000);
      return said;
    },
  };
};

const rows = Object.values<CommandRow>(table).filter(({ word }) => word !== '+SLEEP' && word !== '+LOCK');

describe('with the real device behind it', () => {
  test('a join that nobody answers, and its duty cycle', () => {
    const b = board('join');
    expect(b.type('AT+JOIN=1:0:8:0', 20_000)).toBe('OK\r\n+EVT:JOIN_FAILED_RX_TIMEOUT\r\n');
    let last = '';
    for (let i = 0; i < 40 && !last.startsWith('Restricted'); i++) last = b.type('AT+JOIN', 10_000);
    expect(last).toMatch(/^Restricted_Wait_\d+_ms\r\nAT_BUSY_ERROR\r\n$/);
    expect(b.type('AT+NJM=0\r\nAT+JOIN\r\nAT+NJS=?')).toBe('OK\r\nOK\r\nAT+NJS=1\r\nOK\r\n');
    expect(b.type('AT+DCS=0\r\nAT+SEND=2:AABB\r\nAT+SEND=2:AABB', 10_000)).toBe(
      'OK\r\nOK\r\nAT_BUSY_ERROR\r\n+EVT:TX_DONE\r\n',
    );
    expect(b.type('AT+CFM=1\r\nAT+SEND=2:AABB', 20_000)).toBe('OK\r\nOK\r\n+EVT:SEND_CONFIRMED_FAILED(4)\r\n');
    expect(b.type(`AT+SEND=2:${'00'.repeat(200)}`)).toBe('AT_PARAM_ERROR\r\n');
    expect(b.type('ATZ\r\n')).toBe('\r\nCurrent Work Mode: LoRaWAN.\r\n');
    expect(b.type('AT+NJS=?')).toBe('AT+NJS=0\r\nOK\r\n');
  });

  test('no order of its commands breaks it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 5, maxLength: 60 }), fc.string(), (picks, seed) => {
        const values = dice('orders', seed);
        const b = board('orders');
        b.type('AT+DCS=0\r\nAT+NJM=0\r\nAT+JOIN');
        for (const pick of picks) {
          const { word, read, write, run } = rows[pick % rows.length]!;
          const ways = [
            ...(read ? [`AT${word}=?`] : []),
            ...(write ? [`AT${word}=${write.map((param) => param.write(param.sample(values) ?? '1')).join(':')}`] : []),
            ...(run ? [`AT${word}`] : []),
          ];
          b.type(ways[pick % ways.length]!, 3_000);
          b.type('AT+SEND=2:AABB', 3_000);
        }
        b.type('at+run');
        b.type('AT+ATM');
        b.type('\r\nATR', 3_000);
        expect(b.type('AT')).toBe('OK\r\n');
      }),
      { numRuns: 100 },
    );
  });
});
