import { describe, expect, test } from 'vitest';
import console from '../../devices/consoles/rak-rui3/index.js';
import twin from '../../simulators/consoles/rak-rui3/index.js';
import { detect } from '../../src/console/detect.js';
import { hideKeys } from '../../src/console/hide.js';
import type { Bench } from './bench.js';
import { startRui3 as start } from './rak-rui3-bench.js';
import { downlink, scriptedModem } from './scripted-modem.js';

const secondUs = 1_000_000;
const { verbs } = console;

describe('the verbs', () => {
  const keys = {
    devEui: '0011223344556677',
    joinEui: '70b3d57ed0000000',
    appKey: '000102030405060708090a0b0c0d0e0f',
  };

  test.each(twin.boards)('identify %s, and nothing changes', (board) => {
    const b = start(scriptedModem(), { board });
    expect(b.run(verbs.identify())).toMatchObject({
      ok: true,
      value: {
        serial: '9181004E20900057',
        devEui: 'ac1f09fffe000001',
        region: 'EU868',
        mode: 'LoRaWAN',
        joined: false,
        batteryV: 3.3,
      },
    });
    expect(b.modem.asked).toEqual([]);
    expect(b.told.some(({ kind }) => kind === 'flash')).toBe(false);
  });

  test('identify in point-to-point mode says what it can', () => {
    const b = start();
    b.type('AT+NWM=0\r\n');
    const found = b.run(verbs.identify());
    expect(found).toMatchObject({ ok: true, value: { mode: 'P2P', model: 'rak3172' } });
    expect(found?.ok && found.value.devEui).toBe(undefined);
  });

  test.each(twin.boards)('keys of %s, out of another mode', (board) => {
    const b = start(scriptedModem(), { board });
    b.type('AT+NWM=0\r\n', 3_000);
    expect(b.run(verbs.setKeys(keys))).toMatchObject({ ok: true, value: keys });
    expect(b.modem.identity).toMatchObject({ devEui: keys.devEui, joinEui: keys.joinEui });
    expect(b.run(verbs.setKeys({ devEui: 'xyz' }))).toMatchObject({ ok: false, problem: { code: 'console-value' } });
  });

  test('keys of a session are for ABP', () => {
    const b = start();
    const session = { devAddr: '26011f88', nwkSKey: keys.appKey, appSKey: keys.appKey };
    expect(b.run(verbs.setKeys(session))).toMatchObject({ ok: true, value: session });
    expect(b.modem.settings.activation).toBe('abp');
    b.modem.joined = true;
    expect(b.run(verbs.join({ attempts: 1, withinMs: 1_000 }))).toMatchObject({
      value: { joined: true, devAddr: '26011f88' },
    });
  });

  test('join', () => {
    const b = start();
    b.modem.refusals.push({ kind: 'wait', ms: 5_000 });
    expect(b.run(verbs.join({ attempts: 1, withinMs: 1_000 }))).toMatchObject({
      problem: { code: 'board-refused', facts: { code: 'AT_BUSY_ERROR, Restricted_Wait_5000_ms' } },
    });
    expect(b.run(verbs.join({ attempts: 3, withinMs: 1_000 }))).toMatchObject({
      value: { joined: false, why: 'no-answer' },
    });
    expect(b.type('AT+JOIN=?\r\n')).toBe('AT+JOIN=0:0:8:2\r\nOK\r\n');
    const script = verbs.join({ attempts: 2, withinMs: 15_000 });
    b.wire.tell({ kind: 'script', id: 99, script });
    b.wire.advance(b.wire.nowUs + secondUs);
    b.tell({ kind: 'join-failed', why: 'rx-timeout' });
    b.wire.advance(b.wire.nowUs + 10 * secondUs);
    b.modem.joined = true;
    b.tell({ kind: 'joined', devAddr: 1, netId: 0 });
    expect(b.events.slice(-2)).toEqual([
      { kind: 'join-failed', why: 'no-answer', code: 'RX_TIMEOUT' },
      { kind: 'joined' },
    ]);
    expect(script.next().done).toBe(true);
  });

  test('send', () => {
    const b = start();
    expect(b.run(verbs.send({ fPort: 2, hex: 'abcd', confirmed: false }))).toMatchObject({
      problem: { facts: { code: 'AT_NO_NETWORK_JOINED' } },
    });
    b.modem.joined = true;
    // The end comes while the conversation waits: news from the network between two steps of the wire.
    const sendWith = (confirmed: boolean, ...happens: Parameters<Bench['tell']>[0][]): unknown => {
      let result: unknown;
      const script = verbs.send({ fPort: 2, hex: 'abcd', confirmed });
      const seen = (function* (): ReturnType<typeof verbs.send> {
        const ended = yield* script;
        result = ended;
        return ended;
      })();
      b.wire.tell({ kind: 'script', id: 1_000 + Math.round(b.wire.nowUs), script: seen });
      b.wire.advance(b.wire.nowUs + secondUs);
      for (const one of happens) b.tell(one);
      b.wire.advance(b.wire.nowUs + secondUs);
      return result;
    };
    expect(sendWith(false, { kind: 'sent' }, downlink(4, [1, 2]))).toEqual({
      ok: true,
      value: {
        end: 'sent',
        downlinks: [expect.objectContaining({ kind: 'downlink', fPort: 4, hex: '0102', rssiDbm: -70, snrDb: 8 })],
        rssiDbm: -70,
        snrDb: 8,
      },
    });
    expect(sendWith(true, { kind: 'delivered', acknowledged: true })).toMatchObject({
      value: { end: 'acknowledged', downlinks: [], rssiDbm: 0 },
    });
    expect(sendWith(true, { kind: 'delivered', acknowledged: false })).toMatchObject({
      value: { end: 'not-acknowledged', why: 'no-answer' },
    });
    expect(b.modem.asked.at(-1)).toMatchObject({ send: { confirmed: true, tries: 1 } });
    expect(b.run(verbs.send({ fPort: 224, hex: '00', confirmed: false }))).toMatchObject({
      problem: { code: 'console-value' },
    });
    // A board that never tells the end.
    expect(b.run(verbs.send({ fPort: 2, hex: '00', confirmed: true }), 200_000)).toMatchObject({
      value: { end: 'not-acknowledged' },
    });
  });

  test.each(twin.boards)('restart %s', (board) => {
    const b = start(scriptedModem(), { board });
    const before = b.modem.restarts;
    expect(b.run(verbs.restart())).toEqual({ ok: true, value: undefined });
    expect(b.modem.restarts).toBe(before + 1);
    expect(b.events.at(-1)).toEqual({ kind: 'boot', mode: 'lorawan' });
    expect(b.run(verbs.identify())).toMatchObject({ ok: true });
  });

  test.each([
    ['a usual board', '', 'factory settings restored with ATR'],
    ['another mode, with echo', 'ATE\r\nAT+NWM=0\r\n', 'factory settings restored with ATR'],
    ['a lock', 'AT+LOCK\r\n', 'unlocked with the password of new boards'],
    ['the binary mode', 'AT+APM\r\n', 'left the binary or the data mode with AT+ATM'],
    ['the data mode', 'ATD\r\n', 'left the binary or the data mode with AT+ATM'],
    ['the bootloader', 'AT+BOOT\r\n', 'left the bootloader with at+run'],
  ])('rescue from %s', (_, typed, did) => {
    for (const board of twin.boards) {
      const b = start(scriptedModem(), { board });
      b.type('AT+DEVEUI=0000000000000001\r\n');
      b.modem.joined = true;
      b.type(typed, 3_000);
      const rescued = b.run(verbs.rescue());
      expect(rescued?.ok && rescued.value).toContain(did);
      expect(b.type('AT+DEVEUI=?\r\n')).toBe('AT+DEVEUI=AC1F09FFFE000001\r\nOK\r\n');
      expect(b.run(verbs.identify())).toMatchObject({ value: { mode: 'LoRaWAN' } });
    }
  });

  test('rescue gives up', () => {
    const b = start();
    b.type('AT+PWORD=other\r\nAT+LOCK\r\n');
    expect(b.run(verbs.rescue())).toMatchObject({ problem: { code: 'rui3-locked' } });
    expect(b.run(verbs.identify())).toMatchObject({ problem: { facts: { code: 'COMMAND_LOCKED' } } });
    const asleep = start();
    asleep.type('AT+SLEEP=4000000\r\n');
    expect(asleep.run(verbs.rescue())).toMatchObject({ problem: { code: 'board-silent' } });
  });
});

describe('found', () => {
  const found = (b: Bench): unknown => b.run(detect({ dialects: [console] }));
  test.each([
    ['with echo', 'ATE\r\n', 'talks'],
    ['with half a line of somebody else', 'AT+SE', 'talks'],
    ['in point-to-point mode', 'AT+NWM=0\r\n', 'talks'],
    ['locked', 'AT+LOCK\r\n', 'locked'],
    ['in its bootloader', 'AT+BOOT\r\n', 'bootloader'],
  ])('%s', (_, typed, state) => {
    for (const board of twin.boards) {
      const b = start(scriptedModem(), { board });
      b.type(typed, 3_000);
      expect(found(b)).toMatchObject({ ok: true, value: { dialect: { id: 'rak-rui3' }, state } });
    }
  });

  test('USB opened at 1200 baud is the bootloader; a UART is not', () => {
    for (const board of ['rak-rak4631-r', 'rak-rak3172']) {
      const b = start(scriptedModem(), { board });
      b.wire.tell({ kind: 'baud', baud: 1_200 });
      b.wire.advance(b.wire.nowUs + 3 * secondUs);
      expect(b.take()).toBe(board === 'rak-rak4631-r' ? '<BOOT MODE>\r\n' : '');
    }
  });
});

test('no key and no password of it is shown', () => {
  const secrets = ['00112233445566778899aabbccddeeff', '0011223344556677', 'hunter2'];
  const lines = [
    `AT+APPKEY=${secrets[0]}`,
    `AT+MCROOTKEY=${secrets[0]!.toUpperCase()}`,
    `AT+ADDMULC=C:11223344:${secrets[0]}:${secrets[0]}`,
    `AT+ENCKEY=${secrets[1]}`,
    `AT+PWORD=${secrets[2]}`,
  ];
  for (const line of lines)
    for (const secret of secrets) expect(hideKeys(line).toLowerCase()).not.toContain(`=${secret}`);
  expect(hideKeys(lines[2]!)).not.toContain(secrets[0]);
});
