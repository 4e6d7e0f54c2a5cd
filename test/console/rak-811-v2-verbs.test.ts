import { describe, expect, test } from 'vitest';
import console from '../../devices/consoles/rak-811-v2/index.js';
import { hex } from '../../src/base/hex.js';
import { hideKeys } from '../../src/console/hide.js';
import type { ModemEvent } from '../../src/sim/modem-types.js';
import type { Flash } from '../../src/sim/twin.js';
import twin from '../../simulators/consoles/rak-811-v2/index.js';
import { answering } from './answering.js';
import { bench, type Bench } from './bench.js';
import { scriptedModem, type ScriptedModem } from './scripted-modem.js';
import { tableLaws } from './table-laws.js';

const { verbs } = console;

const board = (
  replies: readonly (readonly ModemEvent[])[] = [],
  flash: Flash = {},
  farBaud?: () => number,
): { readonly b: Bench; readonly modem: ScriptedModem } => {
  const modem = scriptedModem();
  const turn = replies[Symbol.iterator]();
  const answered = answering(twin, modem, () => turn.next().value ?? []);
  const b = bench({ dialect: console, twin: answered, modem, flash }, farBaud ? { farBaud } : {});
  b.wire.advance(1_000_000);
  return { b, modem };
};

const joined: ModemEvent = { kind: 'joined', devAddr: 0x26011234, netId: 0x13 };
const failed: ModemEvent = { kind: 'join-failed', why: 'rx-timeout' };
const down: ModemEvent = {
  ...{ kind: 'downlink', fPort: 10, bytes: hex('0aff'), window: 'rx1', rssiDbm: -70, snrDb: 8 },
  ...{ dataRate: 5, pending: false },
};

const keys = {
  devEui: '0011223344556677',
  joinEui: '70b3d57ed0000000',
  appKey: '000102030405060708090a0b0c0d0e0f',
  devAddr: '260b1234',
  nwkSKey: '101112131415161718191a1b1c1d1e1f',
  appSKey: '202122232425262728292a2b2c2d2e2f',
};

describe('identify and keys', () => {
  test('tells who it is, and no key, and changes nothing', () => {
    const { b } = board();
    const found = b.run(verbs.identify());
    expect(found).toEqual({
      ok: true,
      value: {
        ...{ model: 'RAK811', firmware: '2.0.3.0', devEui: 'ac1f09fffe000001', joinEui: 'ac1f09fff8680811' },
        ...{ region: 'EU868', mode: 'LoRaWAN' },
      },
    });
    expect(b.told.filter(({ kind }) => kind === 'flash')).toEqual([]);
  });
  test('are set and read back, out of another mode too', () => {
    const { b } = board([], { mode: '1' });
    expect(b.run(verbs.setKeys(keys))).toEqual({ ok: true, value: keys });
    expect(b.run(verbs.identify())).toMatchObject({ value: { mode: 'LoRaWAN', devEui: keys.devEui } });
  });
  test('that are not there are absent', () => {
    const { b, modem } = board();
    b.type('at+reload\r\n');
    expect(b.run(verbs.readKeys())).toEqual({ ok: true, value: { devEui: 'ac1f09fffe000001' } });
    expect(modem.asked).toEqual([]);
  });
  test('are never shown', () => {
    const { b } = board();
    b.run(verbs.setKeys(keys));
    b.type('at+abp_info\r\n');
    b.type(`at+set_config=app_eui:39d7119f920f7952&app_key:${keys.appKey}\r\n`);
    const lines = b.lines.map(({ text }) => text);
    expect(lines.some((line) => /[0-9a-f]{32},[0-9a-f]{32}/i.test(line))).toBe(true);
    expect(lines.map(hideKeys).join('\n')).not.toMatch(/[0-9a-f]{32}/i);
    const set = `at+set_config=app_eui:39d7119f920f7952&app_key:${keys.appKey}`;
    expect(hideKeys(set)).not.toContain(keys.appKey);
  });
});

describe('join', () => {
  const how = { attempts: 2, withinMs: 10_000 };
  test('is good when the event says so', () => {
    const { b, modem } = board([[joined]]);
    expect(b.run(verbs.join(how))).toEqual({ ok: true, value: { joined: true } });
    expect(modem.settings.activation).toBe('otaa');
  });
  test('is tried again, and given up', () => {
    expect(board([[failed], [joined]]).b.run(verbs.join(how))).toMatchObject({ value: { joined: true } });
    const { b, modem } = board([[failed], [failed], [joined]]);
    expect(b.run(verbs.join(how))).toEqual({ ok: true, value: { joined: false, why: 'no-answer' } });
    expect(modem.asked).toHaveLength(2);
  });
  test('is bounded when the board does not decide', () => {
    const { b } = board();
    expect(b.run(verbs.join(how))).toEqual({ ok: true, value: { joined: false, why: 'no-answer' } });
    expect(b.tookMs).toBeLessThan(11_000);
  });
  test('goes by ABP when there is no root key', () => {
    const { b, modem } = board();
    b.type('at+reload\r\n');
    const { devAddr, nwkSKey, appSKey } = keys;
    b.run(verbs.setKeys({ devAddr, nwkSKey, appSKey }));
    expect(b.run(verbs.join(how))).toEqual({ ok: true, value: { joined: true } });
    expect(modem.settings.activation).toBe('abp');
  });
  test('that is refused says why', () => {
    const { b, modem } = board();
    modem.refusals.push({ kind: 'busy' });
    expect(b.run(verbs.join(how))).toMatchObject({ problem: { code: 'board-refused', facts: { code: 'ERROR-6' } } });
  });
});

describe('send', () => {
  const send = (confirmed: boolean) => verbs.send({ fPort: 2, hex: 'abcd', confirmed });
  const ready = (...events: readonly ModemEvent[]) => {
    const made = board([events]);
    made.modem.joined = true;
    Object.assign(made.modem, { lastHeard: { rssiDbm: -99, snrDb: 3 } });
    return made;
  };
  test('unconfirmed, and what the modem was told', () => {
    const { b, modem } = ready({ kind: 'sent' });
    expect(b.run(send(false))).toEqual({ ok: true, value: { end: 'sent', downlinks: [] } });
    expect(modem.asked).toEqual([{ send: { fPort: 2, bytes: hex('abcd'), confirmed: false, tries: 8 } }]);
  });
  test('with a downlink after the end; its level is asked for', () => {
    const { b } = ready(down, { kind: 'sent' });
    expect(b.run(send(false))).toEqual({
      ok: true,
      value: { end: 'sent', downlinks: [{ kind: 'downlink', fPort: 10, hex: '0aff' }], rssiDbm: -99, snrDb: 3 },
    });
  });
  test('with a downlink that tells its level', () => {
    const { b } = ready(down, { kind: 'sent' });
    b.type('at+recv_ex=1\r\n');
    expect(b.run(send(false))).toMatchObject({ value: { rssiDbm: -70, snrDb: 8 } });
  });
  test('confirmed, with and without an answer', () => {
    expect(ready({ kind: 'delivered', acknowledged: true }).b.run(send(true))).toMatchObject({
      value: { end: 'acknowledged', rssiDbm: -99 },
    });
    expect(ready({ kind: 'delivered', acknowledged: false }).b.run(send(true))).toEqual({
      ok: true,
      value: { end: 'not-acknowledged', why: 'no-answer', downlinks: [] },
    });
  });
  test('refused, and never ended', () => {
    expect(board().b.run(send(false))).toMatchObject({ problem: { facts: { code: 'ERROR-5' } } });
    const { b } = ready();
    expect(b.run(send(false), 120_000)).toMatchObject({ problem: { code: 'board-silent' } });
  });
});

describe('rescue', () => {
  const first = 'factory settings restored with at+reload, which leaves no key but the DevEUI';
  test('of a board that talks: its region stays', () => {
    const { b } = board([], { mode: '1', band: 'US915', deviceClass: '2' });
    b.type('at+txc=9,1000,01\r\n');
    expect(b.run(verbs.rescue())).toEqual({ ok: true, value: [first, 'restarted'] });
    expect(b.run(verbs.identify())).toMatchObject({ value: { mode: 'LoRaWAN', region: 'US915' } });
    expect(b.run(verbs.readKeys())).toEqual({ ok: true, value: { devEui: 'ac1f09fffe000001' } });
  });
  test('out of sleep', () => {
    const { b } = board();
    b.type('at+sleep\r\n');
    expect(b.run(verbs.rescue())).toEqual({ ok: true, value: ['woke it up', first, 'restarted'] });
  });
  test('from another speed, which changes with the restart', () => {
    let farBaud = 9_600;
    const { b } = board([], { uart: '9600,8,0,1,0' }, () => farBaud);
    const inner = verbs.rescue();
    const watched = (function* (): ReturnType<typeof verbs.rescue> {
      let turn = inner.next({ kind: 'done' });
      while (!turn.done) {
        const step = turn.value;
        const reply = yield step;
        if (step.kind === 'ask' && step.command.text === 'at+reset=0') farBaud = 115_200;
        turn = inner.next(reply);
      }
      return turn.value;
    })();
    expect(b.run(watched)).toEqual({
      ok: true,
      value: ['set the port from 9600 to 115200 baud', first, 'restarted'],
    });
  });
  test('of nothing is a problem, in bounded time', () => {
    const dead = { ...twin, open: () => ({ step: () => undefined }) };
    const b = bench({ dialect: console, twin: dead, modem: scriptedModem() });
    expect(b.run(verbs.rescue())).toMatchObject({ problem: { code: 'board-silent' } });
    expect(b.tookMs).toBeLessThan(20_000);
  });
});

test('restart waits for the banner; a question to a sleeping board is put again', () => {
  const { b } = board();
  expect(b.run(verbs.restart())).toEqual({ ok: true, value: undefined });
  expect(b.tookMs).toBeLessThan(1_000);
  b.type('at+sleep\r\n');
  expect(b.run(verbs.identify())).toMatchObject({ ok: true });
  expect(b.events).toContainEqual({ kind: 'awake' });
});

describe('the table', () => {
  tableLaws({
    dialect: console,
    start() {
      // A region with many channels, so that all numbers of the table are some.
      const { b, modem } = board([], { band: 'US915' });
      modem.joined = true;
      return b;
    },
    readBack(name, b) {
      const row = console.commands[name as keyof typeof console.commands];
      if (!('read' in row) || ['counters', 'statistics', 'channels', 'channelMask'].includes(name)) return undefined;
      const answer = b.type(`${console.syntax.ask(row.word)}\r\n`);
      return answer.slice(2, -2).split(',');
    },
    // Channels that the region does not have are refused whatever the table says: tested by name.
    without: ['channels', 'channelMask'],
  });
});
