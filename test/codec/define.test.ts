import { describe, expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import { hex, toHex } from '../../src/base/hex.js';
import { must, sentenceOf } from '../../src/base/problem.js';
import { ascii, decimal, letter, zeroOne } from '../../src/codec/ascii.js';
import { defineSensor } from '../../src/codec/define.js';
import { layout } from '../../src/codec/layout.js';
import { constant, flag, oneOf, spare, uint } from '../../src/codec/parts.js';

const model = defineSensor({
  id: 'test-one',
  vendor: 'Test',
  model: 'One',
  source: 'made up for this test',
  defaultFPort: 1,
  defaults: { inverted: false },
  ports: {
    1: { status: layout({ _spare: spare(7), occupied: flag }) },
    5: {
      count: layout({ _id: constant(8, 0), count: uint(32) }),
      rates: layout({ _id: constant(8, 2), fast: uint(48), slow: uint(48) }),
    },
  },
  downlinks: { 51: { setMode: layout({ mode: oneOf(8, ['a', 'b']) }) } },
  toReadings(message, { options }) {
    switch (message.type) {
      case 'status':
        return [{ occupied: message.occupied !== options['inverted'] }];
      case 'count':
        return [{ count: message.count }];
      case 'rates':
        return [];
    }
  },
  examples: [],
});

const anyPort = defineSensor({
  id: 'test-any',
  vendor: 'Test',
  model: 'Any',
  source: 'made up for this test',
  defaultFPort: 2,
  ports: {
    any: {
      boot: ascii({ _letter: letter('R'), occupied: zeroOne }),
      alive: ascii({ _letter: letter('K'), occupied: zeroOne, batteryV: decimal({ before: 1, after: 2, unit: 'V' }) }),
    },
  },
  toReadings: ({ occupied }) => [{ occupied }],
  examples: [],
});

test('says what it can do', () => {
  expect(model.fPorts).toEqual([1, 5]);
  expect(model.messageTypes).toEqual(['status', 'count', 'rates']);
  expect(model.commandTypes).toEqual(['setMode']);
  expect(anyPort.fPorts).toBe('any');
});

test('each message has its type, in both directions', () => {
  expect(must(model.decode(5, hex('0000000007')))).toEqual({ type: 'count', count: 7 });
  expect(model.encode({ type: 'count', count: 7 })).toEqual({
    ok: true,
    value: { fPort: 5, bytes: hex('0000000007') },
  });
  expect(must(model.decodeCommand(51, hex('01')))).toEqual({ type: 'setMode', mode: 'b' });
  expect(must(model.encodeCommand({ type: 'setMode', mode: 'b' })).fPort).toBe(51);
});

test('a command is no message, and a message no command', () => {
  expect(model.decode(51, hex('01'))).toMatchObject({ problem: { code: 'unknown-port' } });
  expect(model.encode({ type: 'setMode', mode: 'b' })).toMatchObject({ problem: { code: 'unknown-message' } });
  expect(anyPort.decodeCommand(1, hex('01'))).toMatchObject({ problem: { code: 'unknown-command-port' } });
});

test('an unknown port is said with the known ones', () => {
  const result = model.decode(9, hex('01'));
  expect(result).toMatchObject({ problem: { facts: { fPort: 9, known: '1, 5' } } });
  expect(result.ok ? '' : sentenceOf(result.problem)).toBe('test-one sends nothing on port 9');
});

test('a format without a port is read on every port and sent on its default', () => {
  for (const fPort of [1, 2, 223])
    expect(must(anyPort.decode(fPort, hex('5231')))).toEqual({ type: 'boot', occupied: true });
  const sent = must(anyPort.encode({ type: 'boot', occupied: true }));
  expect([sent.fPort, toHex(sent.bytes)]).toEqual([2, '5231']);
});

describe('of several layouts the one that fits best says what is wrong', () => {
  test.each([
    ['02000000', { code: 'wrong-length', facts: { need: 13 } }],
    ['000000', { code: 'wrong-length', facts: { need: 5 } }],
    ['0700000000', { code: 'bad-value', facts: { field: 'id', value: 7 } }],
    ['', { code: 'wrong-length', facts: { need: 5 } }],
  ])('port 5, "%s"', (text, problem) => expect(model.decode(5, hex(text))).toMatchObject({ problem }));
  test('text', () =>
    expect(anyPort.decode(2, hex('4b31332e78'))).toMatchObject({
      problem: { code: 'bad-text', facts: { field: 'batteryV' } },
    }));
});

test('options: what the device says goes over the defaults', () => {
  const status = { type: 'status', occupied: true };
  expect(model.toReadings(status)).toEqual([{ occupied: true }]);
  expect(model.toReadings(status, { options: { inverted: true } })).toEqual([{ occupied: false }]);
});

test('a type that does not exist cannot be sampled', () => {
  expect(() => model.sample('nonsense', dice('define', 'none'))).toThrow('test-one has no message nonsense');
  expect(model.sample('setMode', dice('define', 'mode')).type).toBe('setMode');
});
