import { describe, expect, test } from 'vitest';
import r719a from '../../devices/sensors/netvox-r719a.js';
import r719b from '../../devices/sensors/netvox-r719b.js';
import { hex, toHex } from '../../src/base/hex.js';
import { must, sentenceOf } from '../../src/base/problem.js';
import { published } from '../catalogue/published.js';

const both = [
  { name: 'R719A', model: r719a, type: '59', number: 89 },
  { name: 'R719B', model: r719b, type: 'af', number: 175 },
] as const;

const sentence = (result: { ok: boolean; problem?: Parameters<typeof sentenceOf>[0] }): string =>
  result.problem ? sentenceOf(result.problem) : 'no problem';

test('every published frame with a device name belongs to the model of that name, by its device type alone', () => {
  const named = published
    .filter(({ vendor }) => vendor === 'Netvox')
    .flatMap((v) => {
      const name = /"Device":"(R719[AB])"/.exec(JSON.stringify(v.decodedRaw))?.[1];
      return name && v.bytesHex ? [{ v, name }] : [];
    });
  expect(named.length).toBeGreaterThan(15);
  for (const { v, name } of named)
    for (const { name: ours, model } of both) {
      const bytes = hex(v.bytesHex!);
      const down = v.direction === 'downlink';
      expect((down ? model.decodeCommand(v.fPort!, bytes) : model.decode(v.fPort!, bytes)).ok).toBe(name === ours);
    }
});

describe.each(both)('$name', ({ name, model, type, number }) => {
  const frame = (text: string): Uint8Array => hex(text.replace('TT', type));

  test('another device type is a problem that names the expected one', () => {
    const other = type === '59' ? 'af' : '59';
    const stranger = other === 'af' ? 175 : 89;
    const expected = `deviceType at byte 1 has the value ${stranger}, expected is ${number} (0x${type}, ${name})`;
    expect(sentence(model.decode(6, hex(`01${other}012400000000000000`)))).toBe(expected);
    expect(sentence(model.decode(7, hex(`82${other}003c0e100500000000`)))).toBe(expected);
    expect(sentence(model.decodeCommand(7, hex(`01${other}003c0e100500000000`)))).toBe(expected);
  });

  test.each([
    [6, '02TT012400000000000000', 'version at byte 0 has the value 2, expected is always 1'],
    [6, '01TT022400000000000000', 'report at byte 2 has the value 2, expected is 0 (versions) or 1 (status)'],
    [6, '01TT012402000000000000', 'occupied at byte 4 has the value 2, expected is 0 (no car) or 1 (car)'],
    [6, '01TT0124010000000000', '10 bytes are there, 11 are expected'],
    [6, '01TT01240100000000000000', '12 bytes are there, 11 are expected'],
    [7, '83TT003c0e100500000000', /^command at byte 0 has the value 131, .* 129 .* or 130/],
    [7, '01TT003c0e100500000000', /^command at byte 0 has the value 1, /],
    [6, '', '0 bytes are there, 11 are expected'],
  ])('port %i, %s: %s', (fPort, text, expected) => {
    const said = sentence(model.decode(fPort, frame(text)));
    if (typeof expected === 'string') expect(said).toBe(expected);
    else expect(said).toMatch(expected);
  });

  test('problems say at which byte', () => {
    expect(model.decode(6, frame('01TT012402000000000000'))).toMatchObject({ problem: { facts: { at: 4 } } });
    expect(model.decode(6, frame('01TT0124'))).toMatchObject({ problem: { facts: { have: 4, need: 11, at: 3 } } });
  });

  test.each([
    ['00', 0, false],
    ['7f', 12.7, false],
    ['80', 0, true],
    ['ff', 12.7, true],
    ['9f', 3.1, true],
  ])('battery byte %s: %f V, low %s', (byte, batteryV, batteryLow) => {
    const message = must(model.decode(6, frame(`01TT01${byte}01000000000000`)));
    expect(message).toEqual({ type: 'status', batteryV, batteryLow, occupied: true });
    expect(model.toReadings(message)).toEqual([{ occupied: true, batteryV, batteryLow }]);
  });

  test('reserved bytes are ignored on read and zero on write', () => {
    const message = must(model.decode(6, frame('01TT012401aabbccddeeff')));
    expect(toHex(must(model.encode(message)).bytes)).toBe(`01${type}012401000000000000`);
  });

  test('an answer of any number but 0 says that the configuration was not taken', () => {
    expect(model.decode(7, frame('81TTff0000000000000000'))).toMatchObject({ value: { status: 'unknown-255' } });
    expect(model.decode(7, frame('81TT010000000000000000'))).toMatchObject({ value: { status: 'failure' } });
  });

  test('the times are seconds of 16 bits; what does not fit is refused and never wrapped', () => {
    const command = { type: 'setConfiguration', minTimeS: 65_535, maxTimeS: 65_535, batteryChangeV: 25.5 };
    expect(toHex(must(model.encodeCommand(command)).bytes)).toBe(`01${type}ffffffffff00000000`);
    for (const wrong of [{ minTimeS: 65_536 }, { maxTimeS: -1 }, { maxTimeS: 0.5 }, { batteryChangeV: 25.6 }]) {
      const refused = model.encodeCommand({ ...command, ...wrong });
      expect(refused).toMatchObject({ problem: { code: 'bad-message', facts: { field: Object.keys(wrong)[0] } } });
    }
    expect(sentence(model.encodeCommand({ ...command, maxTimeS: 65_536 }))).toContain('from 0 to 65535 (s)');
  });

  test('a date that is none costs no version, and is not written', () => {
    const message = must(model.decode(6, frame('01TT00690cffffffff0000')));
    expect(message).toEqual({ type: 'versions', softwareVersion: 10.5, hardwareVersion: 12, dateCode: 'ffffffff' });
    expect(model.encode(message)).toMatchObject({ problem: { code: 'bad-message', facts: { field: 'dateCode' } } });
  });

  test('the version report is a restart of a cause that it does not tell', () => {
    const message = must(model.decode(6, frame('01TT000a0b202004240000')));
    expect(model.toReadings(message)).toEqual([{ firmware: '1.0', restart: 'other' }]);
  });
});
