import { describe, expect, test } from 'vitest';
import { hex } from '../../src/base/hex.js';
import type { Result } from '../../src/base/result.js';
import type { Dialect } from '../../src/console/dialect.js';
import { must, type Script } from '../../src/console/script.js';
import console, { commands } from '../../devices/consoles/heltec-cubecell/index.js';
import { sketchKeys } from '../../simulators/consoles/heltec-cubecell/settings.js';
import { licenceOf } from '../../simulators/consoles/heltec/licence.js';
import twin from '../../simulators/consoles/heltec-cubecell/index.js';
import { bench, type Bench } from './bench.js';
import { downlink, scriptedModem, type ScriptedModem } from './scripted-modem.js';

const serial = '91813a4b00112233';

const awake = (modem: ScriptedModem = scriptedModem()): Bench => {
  const b = bench({ dialect: console, twin, modem, serial });
  b.type('hello');
  b.type('AT+AutoLPM=0');
  return b;
};

/** Runs a conversation in steps of 100 ms, and does something before each; undefined when it does not end in 100 s. */
const during = <T>(b: Bench, script: Script<T>, step: (i: number) => void): Result<T> | undefined => {
  let end: Result<T> | undefined;
  const told = (function* (): Script<T> {
    end = yield* script;
    return end;
  })();
  b.wire.tell({ kind: 'script', id: 99, script: told });
  for (let i = 0; i < 1_000 && end === undefined; i++) {
    step(i);
    b.wire.advance(b.wire.nowUs + 100_000);
  }
  return end;
};

describe('the verbs', () => {
  test('identify changes nothing, wakes it, and is quick', () => {
    const modem = scriptedModem();
    const b = bench({ dialect: console, twin, modem, serial });
    const from = b.wire.nowUs;
    expect(b.run(console.verbs.identify())).toEqual({
      ok: true,
      value: {
        model: 'CubeCell',
        serial: '3a4b00112233',
        devEui: 'ac1f09fffe000001',
        joinEui: 'ac1f09fff8680811',
        mode: 'lorawan',
        more: { OTAA: '1', Class: 'A' },
      },
    });
    expect(b.wire.nowUs - from).toBeLessThan(2_000_000);
    expect(b.told.filter(({ kind }) => kind === 'flash')).toEqual([]);
    expect(modem.restarts).toBe(0);
  });

  test('at the speed of its line, and with bytes that arrive one by one', () => {
    const cut = (bytes: Uint8Array): readonly Uint8Array[] => Array.from(bytes, (byte) => Uint8Array.of(byte));
    const b = bench({ dialect: console, twin, modem: scriptedModem(), serial }, { paced: true, cut });
    expect(b.run(console.verbs.identify())).toMatchObject({ value: { serial: '3a4b00112233' } });
    const appKey = '0f'.repeat(16);
    expect(b.run(console.verbs.setKeys({ appKey }))).toMatchObject({ value: { appKey } });
    expect(b.run(console.verbs.rescue())).toMatchObject({ ok: true });
  });

  test('keys, from LoRa mode, and what a board does that keeps another one', () => {
    const b = awake();
    b.type('AT+LORAWAN=0');
    const keys = {
      devEui: '0011223344556677',
      joinEui: '70b3d57ed0000000',
      appKey: '000102030405060708090a0b0c0d0e0f',
    };
    expect(b.run(console.verbs.setKeys(keys))).toMatchObject({ ok: true, value: keys });
    expect(b.run(console.verbs.readKeys())).toMatchObject({ value: { ...keys, devAddr: '26011234' } });
    const abp = { devAddr: '01020304', nwkSKey: '11'.repeat(16), appSKey: '22'.repeat(16) };
    expect(b.run(console.verbs.setKeys(abp))).toMatchObject({ value: { ...keys, ...abp } });
    expect(b.type('AT+OTAA=?')).toBe('+OK\r\n+OTAA=0\r\n');
    expect(b.run(console.verbs.join({ attempts: 1, withinMs: 1_000 }))).toMatchObject({
      value: { joined: true, devAddr: '01020304' },
    });
    expect(b.run(console.verbs.setKeys({ appKey: '00' }))).toMatchObject({ problem: { code: 'console-value' } });
  });

  test('a board that tells another key than it was given', () => {
    const modem = scriptedModem();
    const b = awake(modem);
    Object.defineProperty(modem, 'identity', { get: () => sketchKeys, set: () => undefined });
    expect(b.run(console.verbs.setKeys({ appKey: '11'.repeat(16) }))).toMatchObject({
      problem: { code: 'board-kept-another', facts: { name: 'AppKey' } },
    });
  });

  test('joins and joins in vain', () => {
    const modem = scriptedModem();
    const b = bench({ dialect: console, twin, modem, serial });
    const begun = b.wire.nowUs;
    expect(b.run(console.verbs.join({ attempts: 2, withinMs: 10_000 }))).toMatchObject({
      value: { joined: false, why: 'no-answer' },
    });
    expect(b.wire.nowUs - begun).toBeLessThan(25_000_000);
    expect(modem.asked).toHaveLength(2);
    const end = during(b, console.verbs.join({ attempts: 3, withinMs: 10_000 }), (i) => {
      if (i === 20) b.tell({ kind: 'join-failed', why: 'rx-timeout' });
      if (i === 40) b.tell({ kind: 'joined', devAddr: 1, netId: 0 });
    });
    expect(end).toEqual({ ok: true, value: { joined: true } });
    expect(modem.asked).toHaveLength(4);
    modem.refusals.push({ kind: 'busy' });
    expect(b.run(console.verbs.join({ attempts: 1, withinMs: 1_000 }))).toMatchObject({ value: { joined: false } });
  });

  /** Sends, and tells the board what its modem hears in the middle. */
  const sends = (confirmed: boolean, meanwhile: (b: Bench, modem: ScriptedModem) => void): unknown => {
    const modem = scriptedModem();
    modem.joined = true;
    const b = bench({ dialect: console, twin, modem, serial });
    let busy = false;
    Object.defineProperty(modem, 'busy', { get: () => busy });
    const end = during(b, console.verbs.send({ fPort: 4, hex: '0102', confirmed }), (i) => {
      if (i < 40) busy = modem.asked.length > 0;
      if (i !== 40) return;
      busy = false;
      meanwhile(b, modem);
    });
    expect(modem.asked[0]).toMatchObject({ send: { fPort: 4, confirmed, bytes: hex('0102') } });
    return end;
  };

  test('sends until the MAC is at rest', () => {
    expect(sends(false, (b) => b.tell({ kind: 'sent' }))).toEqual({ ok: true, value: { end: 'sent', downlinks: [] } });
    expect(
      sends(false, (b) => {
        b.tell(downlink(9, [1, 2]));
        b.tell({ kind: 'sent' });
      }),
    ).toMatchObject({
      value: { end: 'sent', downlinks: [{ fPort: 9, hex: '0102', window: 'rx1' }], rssiDbm: -70, snrDb: 8 },
    });
    expect(sends(true, (b) => b.tell({ kind: 'delivered', acknowledged: true }))).toMatchObject({
      value: { end: 'acknowledged', downlinks: [] },
    });
    expect(sends(true, (b) => b.tell({ kind: 'delivered', acknowledged: false }))).toMatchObject({
      value: { end: 'not-acknowledged', why: 'no-answer' },
    });
  });

  test('what it cannot send, and what never ends', () => {
    const modem = scriptedModem();
    const b = awake(modem);
    const send = (bytes: number): unknown =>
      b.run(console.verbs.send({ fPort: 2, hex: '00'.repeat(bytes), confirmed: false }), 200_000);
    expect(send(1)).toMatchObject({
      problem: { code: 'board-refused', facts: { why: 'it has not joined a network' } },
    });
    modem.joined = true;
    expect(send(52)).toMatchObject({ value: { end: 'not-acknowledged', why: 'too-long' } });
    expect(send(65)).toMatchObject({ problem: { code: 'board-refused' } });
    Object.defineProperty(modem, 'busy', { get: () => true });
    expect(send(1)).toMatchObject({ problem: { code: 'uplink-waits' } });
  });

  test('restart and rescue', () => {
    const modem = scriptedModem();
    const b = bench({ dialect: console, twin, modem, serial });
    expect(b.run(console.verbs.restart())).toEqual({ ok: true, value: undefined });
    expect(modem.restarts).toBe(1);
    b.wire.advance(b.wire.nowUs + 1_000_000);
    b.type('x');
    b.type('AT+LORAWAN=0');
    b.type('AT+LPM=1');
    expect(b.run(console.verbs.rescue())).toMatchObject({ ok: true, value: [expect.stringContaining('factory')] });
    expect(modem.identity).toEqual(sketchKeys);
    expect(b.run(console.verbs.identify())).toMatchObject({ value: { mode: 'lorawan' } });
  });

  test('the licence, right and wrong', () => {
    const b = awake();
    const right = (): unknown => b.run(must(commands.set('licence', licenceOf(serial).toLowerCase())));
    expect(right()).toMatchObject({ ok: true });
    expect(b.run(must(commands.set('licence', '11'.repeat(16))))).toMatchObject({
      problem: { code: 'board-refused', facts: { command: 'AT+CDKEY=[redacted]' } },
    });
    expect(right()).toMatchObject({ ok: true });
  });

  test('other firmware, other forms', () => {
    const means = (text: string, ...lines: string[]): readonly string[] => {
      const reader = console.reader();
      const open = { ...commands.typed(text), ends: 'value' as const };
      return lines
        .flatMap((line) => reader.line(line, open))
        .map((one) => (one.kind === 'event' ? one.event.kind : one.kind));
    };
    // A question with +OK and without; a value that was set only with it: the list at the start has the same form.
    expect(means('AT+ChipID=?', '+OK', '+ChipID:3A4B00112233')).toEqual(['ok', 'value']);
    expect(means('AT+DevEui=?', '+DevEui=2232330000888802(For OTAA Mode)')).toEqual(['value', 'ok']);
    expect(means('AT+ADR=0', '+ADR=1', '+OK', '+ADR=0')).toEqual(['log', 'ok', 'value']);
    expect(means('AT+ADR=?', '+Class=A', 'joining...+OK', '+ADR=0')).toEqual(['log', 'ok', 'value']);
    expect(means('AT+LPM=1', 'LowPower Mode Stared')).toEqual(['ok', 'asleep']);
    expect(means('AT+LPM=1', '+OK', 'LowPower Mode Started')).toEqual(['ok', 'asleep']);
    expect(means('AT+CDKEY=00', 'The board is activated, Arduino is supported!')).toEqual(['value', 'ok', 'licence']);
    expect(means('x', '+ ERROR: imput format error')).toEqual(['refused']);
    expect(means('AT+Busy=?', 'joining...join failed, join again at 30s later', '+Busy=1')).toEqual([
      'join-failed',
      'value',
      'ok',
    ]);
    // Half a downlink is none.
    expect(means('x', '+REV DATA:0A0B', '+REV DATA:RXWIN1,RXSIZE 2,PORT 10', '+REV DATA:0A')).toEqual([
      'log',
      'log',
      'log',
    ]);
  });

  test('recognises itself', () => {
    const dialect: Dialect = console;
    const heard = (...lines: string[]) => ({ lines, raw: lines.join('\r\n') });
    expect(dialect.recognise(heard('+ChipID:3A4B00112233'), dialect.hellos[0])).toBe('yes');
    expect(dialect.recognise(heard('joining...ASR is Waked,LowPower Mode Stopped'), undefined)).toBe('yes');
    expect(dialect.recognise(heard('AT Rev 0.7'), undefined)).toBe('yes');
    expect(dialect.recognise(heard('+ERROR: error input format'), undefined)).toBe('maybe');
    expect(dialect.recognise(heard('OK'), undefined)).toBe(undefined);
    expect(dialect.recognise(heard('ERROR: 2'), undefined)).toBe(undefined);
  });
});
