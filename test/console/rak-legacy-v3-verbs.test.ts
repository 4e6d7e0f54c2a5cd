import { describe, expect, test } from 'vitest';
import console from '../../devices/consoles/rak-legacy-v3/index.js';
import { factsOf } from '../../devices/consoles/rak-legacy-v3/verbs.js';
import { hex } from '../../src/base/hex.js';
import { hideKeys } from '../../src/console/hide.js';
import type { ModemEvent } from '../../src/sim/modem-types.js';
import type { Flash } from '../../src/sim/twin.js';
import twin from '../../simulators/consoles/rak-legacy-v3/index.js';
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
  const b = bench({ dialect: console, twin: answered, modem, board: 'rak-rak4270', flash }, farBaud ? { farBaud } : {});
  b.wire.advance(1_000_000);
  return { b, modem };
};

const joined: ModemEvent = { kind: 'joined', devAddr: 0x26011234, netId: 0x13 };
const failed: ModemEvent = { kind: 'join-failed', why: 'rx-timeout' };
const acked: ModemEvent = { kind: 'delivered', acknowledged: true };
const missed: ModemEvent = { kind: 'delivered', acknowledged: false };
const down: ModemEvent = {
  ...{ kind: 'downlink', fPort: 10, bytes: hex('0aff'), window: 'rx1', rssiDbm: -70, snrDb: 8 },
  ...{ dataRate: 5, pending: false },
};

const appKey = '000102030405060708090a0b0c0d0e0f';
const nwkSKey = '101112131415161718191a1b1c1d1e1f';
const appSKey = '202122232425262728292a2b2c2d2e2f';
const otaa = { devEui: '0011223344556677', joinEui: '70b3d57ed0000000', appKey };
const abp = { devAddr: '260b1234', nwkSKey, appSKey };

describe('identify', () => {
  test('tells who it is, and no key', () => {
    const { b } = board();
    const found = b.run(verbs.identify());
    expect(found).toMatchObject({
      ok: true,
      value: {
        ...{ model: 'RAK4270', firmware: 'V3.3.0.14', chip: 'STM32L071KB', devEui: 'ac1f09fffe000001' },
        ...{ joinEui: 'ac1f09fff8680811', region: 'EU868', mode: 'LoRaWAN', joined: false },
        more: { 'LoRa chip': 'SX1262', Class: 'A', RX2_CHANNEL_DR: '0' },
      },
    });
    expect(JSON.stringify(found)).not.toMatch(/[0-9a-f]{32}/i);
    expect(b.told.filter(({ kind }) => kind === 'flash')).toEqual([]);
  });

  test('nor does the console show one, once it is hidden', () => {
    const { b } = board([], { multicast: '1', multicastAppSKey: appKey, multicastNwkSKey: nwkSKey });
    b.run(verbs.readKeys());
    b.run(verbs.setKeys({ ...otaa, ...abp }));
    const shown = b.lines.map(({ text }) => hideKeys(text)).join('\n');
    expect(b.lines.some(({ text }) => /[0-9a-f]{32}/i.test(text))).toBe(true);
    expect(shown).not.toMatch(/[0-9a-f]{32}/i);
    expect(shown).toContain('AC1F09FFFE000001');
  });
});

describe('keys', () => {
  test('of OTAA are set, read back, and the activation with them', () => {
    const { b, modem } = board([], { activation: '1' });
    expect(b.run(verbs.setKeys(otaa))).toEqual({ ok: true, value: otaa });
    expect(modem.settings.activation).toBe('otaa');
    expect(b.run(verbs.readKeys())).toEqual({ ok: true, value: otaa });
  });
  test('of ABP likewise: its number is 1 here and 0 elsewhere', () => {
    const { b, modem } = board();
    expect(b.run(verbs.setKeys(abp))).toEqual({ ok: true, value: abp });
    expect(modem.settings.activation).toBe('abp');
    expect(b.lines.some(({ text }) => text === 'Join_mode: ABP')).toBe(true);
  });
  test('of both are all read back, and OTAA stays', () => {
    const { b, modem } = board();
    expect(b.run(verbs.setKeys({ ...otaa, ...abp }))).toEqual({ ok: true, value: { ...otaa, ...abp } });
    expect(modem.settings.activation).toBe('otaa');
  });
  test('switch a board to LoRaWAN that is in another mode', () => {
    const { b } = board([], { workMode: '1' });
    expect(b.run(verbs.setKeys(otaa))).toEqual({ ok: true, value: otaa });
    expect(b.events).toContainEqual({ kind: 'boot', mode: 'lorawan' });
  });
  test('that a board refuses are its problem, without the key in it', () => {
    const { b } = board();
    expect(b.run(verbs.setKeys({ joinEui: '0000000000000000' }))).toMatchObject({
      problem: { code: 'board-refused', facts: { code: 'ERROR: 2' } },
    });
    expect(b.run(verbs.setKeys({ appKey: 'beef' }))).toMatchObject({ problem: { code: 'console-value' } });
    expect(JSON.stringify(b.run(verbs.setKeys({ appKey: appKey.slice(2) })))).not.toContain(appKey.slice(2));
  });
});

describe('join', () => {
  const how = { attempts: 2, withinMs: 10_000 };
  test('is good when the board says so', () => {
    const { b } = board([[joined]]);
    expect(b.run(verbs.join(how))).toEqual({ ok: true, value: { joined: true } });
    expect(b.events).toContainEqual({ kind: 'joined' });
  });
  test('is tried again, and given up', () => {
    const { b, modem } = board([[failed], [joined]]);
    expect(b.run(verbs.join(how))).toEqual({ ok: true, value: { joined: true } });
    const none = board([[failed], [failed], [joined]]);
    expect(none.b.run(verbs.join(how))).toEqual({ ok: true, value: { joined: false, why: 'no-answer' } });
    expect(modem.asked).toHaveLength(2);
  });
  test('is bounded when the board does not decide', () => {
    const { b } = board();
    expect(b.run(verbs.join({ attempts: 3, withinMs: 5_000 }))).toEqual({
      ok: true,
      value: { joined: false, why: 'no-answer' },
    });
    expect(b.tookMs).toBeLessThan(8_000);
  });
  test('that is refused says why', () => {
    const { b, modem } = board();
    modem.refusals.push({ kind: 'wait', ms: 1_000 });
    expect(b.run(verbs.join(how))).toMatchObject({ problem: { code: 'board-refused', facts: { code: 'ERROR: 90' } } });
  });
});

describe('send', () => {
  const send = (confirmed: boolean) => verbs.send({ fPort: 2, hex: 'abcd', confirmed });
  const ready = (...replies: readonly (readonly ModemEvent[])[]) => {
    const made = board(replies);
    made.modem.joined = true;
    Object.assign(made.modem, { lastHeard: { rssiDbm: -99, snrDb: 3 } });
    return made;
  };
  test('unconfirmed', () => {
    const { b, modem } = ready([{ kind: 'sent' }]);
    expect(b.run(send(false))).toEqual({ ok: true, value: { end: 'sent', downlinks: [] } });
    expect(b.events).toEqual([{ kind: 'boot', mode: 'lorawan' }, { kind: 'sent' }]);
    expect(modem.asked).toEqual([{ send: { fPort: 2, bytes: hex('abcd'), confirmed: false, tries: 1 } }]);
  });
  test('unconfirmed, with a downlink', () => {
    const { b } = ready([down, { kind: 'sent' }]);
    expect(b.run(send(false))).toMatchObject({
      value: { end: 'sent', downlinks: [{ fPort: 10, hex: '0aff' }], rssiDbm: -70, snrDb: 8 },
    });
  });
  test('confirmed, and acknowledged on port 0', () => {
    const { b } = ready([acked]);
    expect(b.run(send(true))).toEqual({
      ok: true,
      value: { end: 'acknowledged', downlinks: [], rssiDbm: -99, snrDb: 3 },
    });
  });
  test('confirmed, and acknowledged by a downlink', () => {
    const { b } = ready([down, acked]);
    expect(b.run(send(true))).toMatchObject({ value: { end: 'acknowledged', downlinks: [{ hex: '0aff' }] } });
  });
  test('confirmed, and nobody answers', () => {
    const { b } = ready([missed]);
    expect(b.run(send(true))).toEqual({
      ok: true,
      value: { end: 'not-acknowledged', why: 'no-answer', downlinks: [] },
    });
  });
  test('refused', () => {
    const { b } = board();
    expect(b.run(send(false))).toMatchObject({ problem: { code: 'board-refused', facts: { code: 'ERROR: 86' } } });
  });
});

describe('rescue', () => {
  const first = 'factory keys restored with lora:default_parameters, LoRaWAN settings set to those of the manual';
  const talks = (b: Bench): void => expect(b.run(verbs.identify())).toMatchObject({ ok: true });

  test('of a board that talks', () => {
    const { b } = board([], { deviceClass: '2', confirmed: '1', adr: '0', activation: '1' });
    expect(b.run(verbs.rescue())).toEqual({ ok: true, value: [first, 'restarted'] });
    expect(b.told.findLast(({ kind }) => kind === 'flash')).toMatchObject({
      flash: { deviceClass: '0', confirmed: '0', adr: '1', activation: '0', region: 'EU868' },
    });
    talks(b);
  });
  test('out of data mode, with half a line in it', () => {
    const { b } = board([], { dataMode: '1' });
    b.type('hello', 10);
    expect(b.run(verbs.identify())).toMatchObject({ problem: { code: 'board-silent' } });
    expect(b.run(verbs.rescue())).toEqual({ ok: true, value: ['left the data mode with +++', first, 'restarted'] });
    talks(b);
  });
  test('out of the bootloader', () => {
    const { b } = board();
    b.type('at+set_config=device:boot\r\n');
    expect(b.run(verbs.rescue())).toEqual({
      ok: true,
      value: ['left the bootloader with at+run', first, 'restarted'],
    });
    talks(b);
  });
  test('out of sleep and out of point to point', () => {
    const { b } = board([], { workMode: '1' });
    b.type('at+set_config=device:sleep:1\r\n');
    expect(b.run(verbs.rescue())).toEqual({
      ok: true,
      value: ['switched from point-to-point to LoRaWAN', first, 'restarted'],
    });
    talks(b);
  });
  test('from another speed', () => {
    let farBaud = 9_600;
    const { b } = board([], { baud: '9600' }, () => farBaud);
    const speed = () => {
      const set = b.told.findLast((one) => one.kind === 'note' && one.text.startsWith('UART1 at '));
      if (set?.kind === 'note') farBaud = Number(set.text.split(' ')[2]);
    };
    const wait = verbs.rescue();
    const told = (function* (): ReturnType<typeof verbs.rescue> {
      let turn = wait.next({ kind: 'done' });
      while (!turn.done) {
        const reply = yield turn.value;
        speed();
        turn = wait.next(reply);
      }
      return turn.value;
    })();
    expect(b.run(told)).toEqual({
      ok: true,
      value: ['set the port from 9600 to 115200 baud', first, 'restarted'],
    });
    talks(b);
  });
  test('of nothing is a problem, in bounded time', () => {
    const modem = scriptedModem();
    const dead = { ...twin, open: () => ({ step: () => undefined }) };
    const b = bench({ dialect: console, twin: dead, modem });
    expect(b.run(verbs.rescue())).toMatchObject({ problem: { code: 'board-silent' } });
    expect(b.tookMs).toBeLessThan(20_000);
  });
});

test('restart ends with the boot text, sleep is woken by the question after it', () => {
  const { b } = board();
  expect(b.run(verbs.restart())).toEqual({ ok: true, value: undefined });
  expect(b.tookMs).toBeLessThan(1_000);
  b.type('at+set_config=device:sleep:1\r\n');
  expect(b.run(verbs.identify())).toMatchObject({ ok: true });
  expect(b.events).toContainEqual({ kind: 'awake' });
});

describe('the table', () => {
  /** Where `lora:status` tells what was written, and in which words. */
  const facts: Readonly<Record<string, (all: Readonly<Record<string, string>>) => string>> = {
    region: (all) => all['Region']!,
    devEui: (all) => all['DevEui']!,
    joinEui: (all) => all['AppEui']!,
    appKey: (all) => all['AppKey']!,
    devAddr: (all) => all['DevAddr']!,
    appSKey: (all) => all['AppsKey']!,
    nwkSKey: (all) => all['NwksKey']!,
    multicast: (all) => (all['MulticastEnable'] === 'true' ? '1' : '0'),
    multicastAddr: (all) => all['Multi_Dev_Addr']!,
    multicastAppSKey: (all) => all['Multi_Apps_Key']!,
    multicastNwkSKey: (all) => all['Multi_Nwks_Key']!,
    activation: (all) => (all['Join_mode'] === 'ABP' ? '1' : '0'),
    deviceClass: (all) => (all['Class'] === 'C' ? '2' : '0'),
    confirmed: (all) => (all['IsConfirm'] === 'confirm' ? '1' : '0'),
    dataRate: (all) => all['Primeval Datarate']!,
    txPower: (all) => all['ChannelsTxPower']!,
    adr: (all) => (all['AdrEnable'] === 'true' ? '1' : '0'),
    workMode: (all) => (all['Work Mode'] === 'P2P' ? '1' : '0'),
  };
  tableLaws({
    dialect: console,
    start(name) {
      const session = name === 'devAddr' || name === 'nwkSKey' || name === 'appSKey';
      const { b, modem } = board([[{ kind: 'sent' }]], {
        // US915 knows more powers; multicast keys are told where it is on.
        ...{ region: 'US915', multicast: name === 'multicast' ? '0' : '1' },
        ...(session && { activation: '1' }),
        ...(name.startsWith('p2p') && { workMode: '1' }),
      });
      modem.joined = true;
      return b;
    },
    readBack(name, b) {
      const fact = facts[name];
      if (!fact) return undefined;
      const lines = b.type('at+get_config=lora:status\r\n').replace(/^OK /, '').split('\r\n');
      return [fact(factsOf(lines))];
    },
    // In data mode every line is a payload, and that is its only value.
    without: ['dataMode'],
  });
});
