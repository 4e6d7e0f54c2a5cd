import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { missingFacts, problem, sentenceOf } from '../../src/base/problem.js';
import {
  commandFields,
  commandFrom,
  downlinkEventFields,
  downlinkEventJson,
  mostCommandBytes,
  readCommand,
  refusedCommandJson,
} from '../../src/dialects/city/downlink-json.js';
import { checkDeviceTopic, commandTopics, fillTopic, topicsMayMeet } from '../../src/dialects/city/topics.js';

const nowUs = 1_780_293_600_000_000;
const read = (value: unknown) => commandFrom(value, nowUs);
const bytes = (...all: number[]) => ({ kind: 'bytes' as const, bytes: Uint8Array.from(all) });

describe('a command', () => {
  test.each([
    ['hexadecimal', { fPort: 15, hex: '01FF' }, { fPort: 15, content: bytes(1, 255), confirmed: false }],
    ['base64', { fPort: 1, data: 'Af8=' }, { fPort: 1, content: bytes(1, 255), confirmed: false }],
    ['no bytes at all', { fPort: 223, hex: '' }, { fPort: 223, content: bytes(), confirmed: false }],
    [
      'a message, whose codec knows the port',
      { message: { type: 'reboot', now: true } },
      { content: { kind: 'message', message: { type: 'reboot', now: true } }, confirmed: false },
    ],
    [
      'all that can be said',
      { fPort: 7, hex: '00', confirmed: true, id: 'heat 1', expiresAt: '2026-06-01T08:00:00+02:00' },
      { fPort: 7, content: bytes(0), confirmed: true, id: 'heat 1', expiresUs: 1_780_293_600_000_000 },
    ],
    [
      'seconds from now; null says nothing',
      { fPort: 7, hex: '00', id: null, data: null, expiresInS: 1.5 },
      { fPort: 7, content: bytes(0), confirmed: false, expiresUs: nowUs + 1_500_000 },
    ],
  ])('%s', (_what, value, command) => expect(read(value)).toEqual({ ok: true, value: command }));

  test.each([
    ['nothing', null, 'command-field', 'the whole'],
    ['a list', [], 'command-field', 'the whole'],
    ['port 0', { fPort: 0, hex: '00' }, 'command-field', 'fPort'],
    ['port 224', { fPort: 224, hex: '00' }, 'command-field', 'fPort'],
    ['half a port', { fPort: 1.5, hex: '00' }, 'command-field', 'fPort'],
    ['a port as text', { fPort: '15', hex: '00' }, 'command-field', 'fPort'],
    ['half a byte', { fPort: 1, hex: '0' }, 'command-field', 'hex'],
    ['a number for hex', { fPort: 1, hex: 10 }, 'command-field', 'hex'],
    ['damaged base64', { fPort: 1, data: 'A*' }, 'command-field', 'data'],
    ['243 bytes', { fPort: 1, hex: '00'.repeat(243) }, 'command-field', 'hex'],
    ['a message without a type', { message: {} }, 'command-field', 'message'],
    ['a message that is a text', { message: 'reboot' }, 'command-field', 'message'],
    ['confirmed as text', { fPort: 1, hex: '', confirmed: 'yes' }, 'command-field', 'confirmed'],
    ['an empty id', { fPort: 1, hex: '', id: '' }, 'command-field', 'id'],
    ['an id of 65 letters', { fPort: 1, hex: '', id: 'x'.repeat(65) }, 'command-field', 'id'],
    ['an id with a line end', { fPort: 1, hex: '', id: 'a\nb' }, 'command-field', 'id'],
    ['a time without its zone', { fPort: 1, hex: '', expiresAt: '2026-06-01T08:00:00' }, 'command-field', 'expiresAt'],
    ['a span of nothing', { fPort: 1, hex: '', expiresInS: 0 }, 'command-field', 'expiresInS'],
    ['a span of two years', { fPort: 1, hex: '', expiresInS: 7e7 }, 'command-field', 'expiresInS'],
    ['both ends', { fPort: 1, hex: '', expiresInS: 1, expiresAt: '2026-06-01T08:00:00Z' }, 'command-two-ends'],
    ['bytes without a port', { hex: '00' }, 'command-no-port'],
    ['nothing to send', { fPort: 1 }, 'command-content'],
    ['two things to send', { fPort: 1, hex: '00', data: 'AA==' }, 'command-content'],
    ['a field of another program', { fPort: 1, hex: '', priority: 'high' }, 'command-unknown-field', '"priority"'],
    ['a slip', { fport: 1, hex: '' }, 'command-unknown-field', '"fport"'],
  ])('%s is refused by name', (_what, value, code, field?: string) => {
    const refused = read(value);
    expect(refused).toMatchObject({ problem: { code, ...(field !== undefined && { facts: { field } }) } });
    expect(!refused.ok && missingFacts(refused.problem)).toEqual([]);
  });

  test('the id is told even when the rest is wrong', () => {
    expect(read({ id: 'a', fPort: 0, hex: '' })).toMatchObject({ ok: false, id: 'a' });
    expect(read({ id: 'a\u202e', fPort: 1, hex: '' })).not.toHaveProperty('id');
  });

  test('a text that is no JSON, or endless', () => {
    expect(readCommand('{"fPort":', nowUs)).toMatchObject({ problem: { code: 'command-no-json' } });
    expect(readCommand('', nowUs)).toMatchObject({ problem: { code: 'command-no-json' } });
    const long = `{"fPort":1,"hex":"${' '.repeat(mostCommandBytes)}"}`;
    expect(readCommand(long, nowUs)).toMatchObject({ problem: { code: 'command-too-long' } });
    const deep = '['.repeat(mostCommandBytes / 2) + ']'.repeat(mostCommandBytes / 2);
    expect(readCommand(`{"message":${deep.slice(100, -100)}}`, nowUs)).toMatchObject({ ok: false });
  });

  test('no text and no JSON value throws, and what is taken keeps its bounds', () => {
    const part = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('00ff', 'AAE=', 7, true, '2026-06-01T08:00:00Z', { type: 't' }),
    );
    const near = fc.record(
      {
        fPort: part,
        hex: part,
        data: part,
        message: part,
        confirmed: part,
        id: part,
        expiresAt: part,
        expiresInS: part,
      },
      { requiredKeys: [] },
    );
    fc.assert(fc.property(fc.string(), (text) => typeof readCommand(text, nowUs).ok === 'boolean'));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), near), (value) => {
        const command = readCommand(JSON.stringify(value), nowUs);
        if (!command.ok) return missingFacts(command.problem).length === 0;
        const { content, fPort, id } = command.value;
        return (
          (content.kind === 'message' || (fPort !== undefined && content.bytes.length <= 242)) &&
          (fPort === undefined || (fPort >= 1 && fPort <= 223)) &&
          (id === undefined || (id.length >= 1 && id.length <= 64))
        );
      }),
    );
  });

  test('the table knows every field', () =>
    expect(commandFields.flatMap(([names]) => names.split(', ')).sort()).toEqual(
      ['fPort', 'hex', 'data', 'message', 'confirmed', 'id', 'expiresAt', 'expiresInS'].sort(),
    ));
});

describe('a result', () => {
  const full = {
    id: 'heat 1',
    devEui: '0200000000000001',
    atUs: nowUs,
    state: 'failed',
    why: 'expired',
    fPort: 7,
    confirmed: true,
    fCnt: 4,
    frame: '00112233445566aa',
    simulated: true,
  } as const;

  test('a full one', () =>
    expect(downlinkEventJson(full, 'too late')).toEqual({
      v: 1,
      id: 'heat 1',
      device: '0200000000000001',
      state: 'failed',
      why: 'expired',
      reason: 'too late',
      fPort: 7,
      confirmed: true,
      fCnt: 4,
      frame: '00112233445566aa',
      time: '2026-06-01T06:00:00.000Z',
      simulated: true,
    }));

  test('the table knows every field that is written', () =>
    expect(downlinkEventFields.flatMap(([names]) => names.split(', ')).sort()).toEqual(
      Object.keys(downlinkEventJson(full, 'too late')).sort(),
    ));

  test('a command that could not be read', () =>
    expect(refusedCommandJson(problem('command-no-port'), { devEui: 'd', atUs: nowUs })).toEqual({
      v: 1,
      device: 'd',
      state: 'failed',
      why: 'command-no-port',
      reason: sentenceOf(problem('command-no-port')),
      time: '2026-06-01T06:00:00.000Z',
    }));
});

describe('topics of commands', () => {
  const topics = commandTopics('{prefix}/device/{device}/command/down', { prefix: 'town/a', gateway: 'g' });

  test('one filter for all devices, and the device read back', () => {
    expect(topics.filter).toBe('town/a/device/+/command/down');
    expect(topics.deviceOf('town/a/device/0200000000000001/command/down')).toBe('0200000000000001');
  });

  test.each([
    '',
    'town/a/events',
    'town/a/device//command/down',
    'town/a/device/a/b/command/down',
    'town/a/device/a/event/down',
  ])('%j is no topic of a command', (topic) => expect(topics.deviceOf(topic)).toBeUndefined());

  test('every name that was filled in is read back', () =>
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (device, gateway) => {
        const template = '{gateway}/{device}';
        const topic = fillTopic(template, { device, gateway });
        expect(commandTopics(template, { gateway }).deviceOf(topic)).toBe(device);
      }),
    ));

  test.each([
    ['{prefix}/command', 'topic-needs'],
    ['{prefix}/x-{device}', 'topic-needs'],
    ['{device}/{device}', 'topic-needs'],
    ['{bay}/{device}', 'topic-hole'],
    ['{device}/#', 'topic-wildcard'],
  ])('%s: %s', (template, code) => expect(checkDeviceTopic(template)).toMatchObject({ problem: { code } }));

  test.each([
    ['{prefix}/events', '{prefix}/device/{device}/command/down', false],
    ['{prefix}/device/{device}/event/down', '{prefix}/device/{device}/command/down', false],
    ['{prefix}/{lot}/{bay}/command/down', '{prefix}/device/{device}/command/down', true],
    ['{prefix}/lot-{lot}/{bay}/command/down', '{prefix}/device/{device}/command/down', false],
    ['{prefix}/de{lot}/{bay}/command/down', '{prefix}/device/{device}/command/down', true],
    ['{prefix}/device/a.b/command/down', '{prefix}/device/{device}/command/down', true],
    ['town/a/device/x/command/down', '{prefix}/device/{device}/command/down', true],
    ['town/device/x/command/down', '{prefix}/device/{device}/command/down', false],
  ])('%s and %s may meet: %s', (one, other, meet) => expect(topicsMayMeet(one, other, 'town/a')).toBe(meet));

  test('templates that have met in one topic may meet', () => {
    const level = fc.constantFrom('{device}', 'a', 'b', 'a-{device}', '{device}-b', '{prefix}');
    const template = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
    const name = fc.constantFrom('a', 'b', 'a-b', '');
    fc.assert(
      fc.property(template, template, name, name, (one, other, x, y) => {
        const prefix = 'a/b';
        const same = fillTopic(one, { prefix, device: x }) === fillTopic(other, { prefix, device: y });
        return !same || topicsMayMeet(one, other, prefix);
      }),
      { numRuns: 2_000 },
    );
  });
});
