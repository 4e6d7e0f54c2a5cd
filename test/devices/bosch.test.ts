import { describe, expect, test } from 'vitest';
import model from '../../devices/sensors/bosch-tps110.js';
import { debugCodes } from '../../devices/sensors/bosch/debug.js';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';

const old = { options: { firmware: '0.23' } };
const decode = (fPort: number, text: string, context = {}) => must(model.decode(fPort, hex(text), context));

describe('firmwares', () => {
  test('a start-up message shows its own: below 0.29 the record is opaque', () => {
    const head = '0a000000970320cd0021';
    expect(decode(3, `${head}0000001d000200`)).toMatchObject({ type: 'startup', code: 205, firmware: '0.29.0' });
    expect(decode(3, `${head}0000001cff0200`)).toMatchObject({ type: 'startupOpaque', record: head });
  });

  test('a debug record does not: the option says whether it is opaque', () => {
    const record = '0000000099020206006f';
    expect(decode(6, record)).toMatchObject({ type: 'debug', code: 518 });
    expect(decode(6, record, { options: { firmware: '0.29' } })).toMatchObject({ type: 'debug' });
    expect(decode(6, record, old)).toEqual({ type: 'debugOpaque', record });
    expect(model.toReadings(decode(6, '64000000970b23e90007', old))).toEqual([]);
  });

  test('the option holds against the frame as well', () => {
    const frame = '0a000000970320cd002100000027020400';
    expect(decode(3, frame, old)).toMatchObject({ type: 'startupOpaque', firmware: '0.39.2' });
  });

  test.each([
    ['1703', 4, 'other', 'other'],
    ['1d02', 4, 'other', 'other'],
    ['2702', 4, 'external-pin', 'external-pin'],
    ['1d02', 7, 'unknown-7', 'other'],
    ['2702', 7, 'other', 'other'],
    ['2702', 0, 'unknown-0', 'other'],
    ['1703', 3, 'request', 'request'],
  ])('firmware 00%s names cause %i %s', (firmware, number, resetCause, restart) => {
    const text = `0a000000970320cd0021000000${firmware}0${number}01`;
    const message = decode(3, text);
    expect(message).toMatchObject({ resetCause, occupied: true });
    expect(model.toReadings(message)).toMatchObject([{ restart }]);
    expect(toHex(must(model.encode(message)).bytes)).toBe(text);
  });

  test('no old firmware has a cause "external-pin", and no start-up with a record is older than 0.29', () => {
    const message = decode(3, '0a000000970320cd0021000000270204' + '00');
    expect(model.encode({ ...message, firmware: '0.29.2' })).toMatchObject({ problem: { code: 'bad-message' } });
    expect(model.encode({ ...message, firmware: '0.28.9', resetCause: 'request' })).toMatchObject({
      problem: { facts: { field: 'firmware' } },
    });
  });

  test('0.23 knows confirmation on and off, newer ones a number of transmissions', () => {
    expect(model.decodeCommand(51, hex('01'), old)).toMatchObject({ value: { type: 'setConfirmationOnOff' } });
    expect(model.decodeCommand(51, hex('02'), old)).toMatchObject({
      problem: { code: 'bad-value', facts: { at: 0, expected: '0 confirmed, 1 unconfirmed' } },
    });
    expect(model.decodeCommand(51, hex('02'))).toMatchObject({ value: { mode: 'unconfirmed-2' } });
    expect(model.decodeCommand(51, hex('05'))).toMatchObject({ problem: { code: 'bad-value' } });
  });

  test('the option takes these three words and nothing else', () => {
    expect(model.options!.safeParse({}).success).toBe(true);
    expect(model.options!.safeParse({ firmware: '0.29' }).success).toBe(true);
    expect(model.options!.safeParse({ firmware: '0.17' }).success).toBe(false);
  });
});

describe('debug codes', () => {
  test('every code of the public table has a meaning, and the dump shows it', () => {
    const inTable = [201, 208, 209, 210, 215, 216, 217, 404, 717, 720, 729, 800, 802, 804, 805, 808, 809, 810];
    const commands = Array.from({ length: 23 }, (_, i) => 880 + i);
    expect([...debugCodes.keys()].sort((a, b) => a - b)).toEqual([...inTable, ...commands, 1001, 1003]);
    const shown = (text: string) => model.annotate(6, hex(text)).find(({ name }) => name === 'code')!.value;
    expect(shown('64000000970b23820007')).toBe('898 (command refused: bad length for ADR offset (port 59))');
    expect(shown('64000000970b20cd0007')).toBe('205 (in no public table)');
  });

  test.each([
    ['0c9', { fault: 'join-failed' }],
    ['0d7', { restart: 'lockup' }],
    ['2d9', { fault: 'uplink-unacknowledged' }],
    ['376', { fault: 'heartbeat-test-mode' }],
    ['384', { fault: 'command-refused' }],
    ['3eb', { fault: 'communication-parameters-recovered' }],
  ])('code %s becomes a reading', (code, reading) => {
    expect(model.toReadings(decode(6, `64000000970b2${code}0007`))).toEqual([reading]);
  });

  test('a note that the configuration was active already is no complaint', () => {
    expect(model.toReadings(decode(6, '64000000970b23250007'))).toEqual([]);
  });
});

describe('lengths and values', () => {
  test.each([
    [1, '', 'wrong-length', 0],
    [1, '0100', 'wrong-length', 0],
    [2, '010203', 'too-long', 0],
    [3, '0a000000970320cd0021000000270203', 'wrong-length', 0],
    [4, '0027', 'wrong-length', 0],
    [5, '0000', 'wrong-length', 1],
    [5, '0700000000', 'bad-value', 0],
    [6, '64000000970b2382', 'wrong-length', 0],
    [7, '', 'wrong-length', 0],
  ])('port %i, %s: %s at byte %i', (fPort, text, code, at) => {
    expect(model.decode(fPort, hex(text))).toMatchObject({ ok: false, problem: { code, facts: { at } } });
  });

  test.each(['02', '80', 'ff'])('ADR is off or on: %s is neither, as the sensor answers with code 895', (text) => {
    expect(model.decodeCommand(58, hex(text))).toMatchObject({
      problem: { code: 'bad-value', facts: { field: 'adr', expected: '0 (off) or 1 (on)', at: 0 } },
    });
  });

  test('port 60 is no command that anybody has explained', () => {
    expect(model.decodeCommand(60, hex('0a'))).toMatchObject({ problem: { code: 'unknown-command-port' } });
  });

  test('uptime and requested resets count low byte first', () => {
    expect(decode(6, '0001000099020206006f')).toMatchObject({ uptimeS: 256 });
    expect(decode(5, '0500000000000100')).toMatchObject({ request: 1 });
  });
});
