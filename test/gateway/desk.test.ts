import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import bosch from '../../devices/sensors/bosch-tps110.js';
import { keptLog } from '../../src/base/log.js';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import type { Message } from '../../src/codec/sensor.js';
import { commandDesk } from '../../src/gateway/desk.js';
import type { DownlinkEvent } from '../../src/network/queue.js';
import { device, listDoor, startUs, street } from './door.js';

const desk = (devices = street) => {
  const list = listDoor();
  const { log, events } = keptLog();
  return { ...list, said: events, ...commandDesk({ door: list.door, devices, log }) };
};
const reboot = { content: { kind: 'message', message: { type: 'reboot' } }, confirmed: false } as const;
const bytes = { content: { kind: 'bytes', bytes: Uint8Array.of(1) }, fPort: 9, confirmed: true } as const;

describe('whom a command is for', () => {
  test.each([
    ['02000000000000a1', '02000000000000a1'],
    ['02-00-00-00-00-00-00-A1', '02000000000000a1'],
    ['og-02', '02000000000000a2'],
    ['k-2', '02000000000000a4'],
  ])('%s is %s', (text, devEui) => expect(desk().find(text)).toMatchObject({ value: { devEui } }));

  test.each([
    ['og-03', 'device-not-found', { near: 'og-01, og-02, k-1' }],
    ['02000000000000ff', 'unknown-device', { devEui: '02000000000000ff' }],
    ['kerb', 'device-ambiguous', { who: 'kerb', count: 2, found: 'k-1, k-2' }],
    ['', 'device-not-found', {}],
  ])('%s: %s', (text, code, facts) => expect(desk().find(text)).toMatchObject({ problem: { code, facts } }));

  test('a gateway without devices', () =>
    expect(desk([]).find('x')).toMatchObject({ problem: { facts: { near: 'nothing' } } }));
});

describe('what becomes of a command', () => {
  test('bytes go as they are', () => {
    const { take, requests } = desk();
    expect(take('og-01', { ...bytes, id: 'a', expiresUs: 7 })).toMatchObject({ value: { id: 'a', state: 'queued' } });
    expect(requests).toEqual([
      { devEui: '02000000000000a1', fPort: 9, payload: Uint8Array.of(1), confirmed: true, id: 'a', expiresUs: 7 },
    ]);
  });

  test("a message is written by the codec of the device's model; a port that is named counts", () => {
    const { take, requests } = desk();
    const message = bosch.examples.find(({ direction }) => direction === 'downlink')!;
    expect(take('og-01', { content: { kind: 'message', message: message.message }, confirmed: false }).ok).toBe(true);
    expect(requests[0]).toMatchObject({ fPort: message.fPort });
    const other = take('og-01', {
      content: { kind: 'message', message: message.message },
      confirmed: false,
      fPort: 99,
    });
    expect(other).toMatchObject({ value: { fPort: 99 } });
  });

  test('one that its codec does not know, one for nobody: a problem, and nothing is queued', () => {
    const { take, requests } = desk();
    expect(take('og-01', { ...reboot, content: { kind: 'message', message: { type: 'fly' } } })).toMatchObject({
      problem: { code: 'unknown-message' },
    });
    expect(take('nobody', bytes)).toMatchObject({ problem: { code: 'device-not-found' } });
    expect(requests).toEqual([]);
  });

  test('whoever watches hears every event, the first one included', () => {
    const { take, watch, say } = desk();
    const heard: DownlinkEvent[] = [];
    const off = watch((event) => heard.push(event));
    for (const id of ['a', 'b', 'c']) take('og-01', { ...bytes, id });
    const event = { id: 'a', devEui: '02000000000000a1', fPort: 9, confirmed: true, atUs: startUs } as const;
    say({ ...event, state: 'sent', fCnt: 1, frame: 'f' });
    expect(heard.map(({ id, state, why }) => [id, state, why])).toEqual([
      ['a', 'queued', undefined],
      ['b', 'queued', undefined],
      ['c', 'failed', 'queue-full'],
      ['a', 'sent', undefined],
    ]);
    off();
    say({ ...event, state: 'acknowledged' });
    expect(heard).toHaveLength(4);
  });

  test('a codec that breaks its promise is a problem, and logged', () => {
    const broken = {
      ...bosch,
      encodeCommand: () => {
        throw new RangeError('a slip');
      },
    };
    const { take, said } = desk([device(1, { model: broken })]);
    expect(take('og-01', reboot)).toMatchObject({ problem: { code: 'internal' } });
    for (let i = 0; i < 50; i++) take('og-01', reboot);
    // Whoever may command may do so as often as they like: the 1st and the 10th are said.
    expect(said).toMatchObject([
      { event: 'command_failed', fields: { model: 'bosch-tps110', count: 1 } },
      { event: 'command_failed', fields: { model: 'bosch-tps110', count: 10 } },
    ]);
  });
});

test('no message that somebody could send breaks a codec of ours', async () => {
  const models = (await openCatalogue().all('sensors')).map(({ entry }) => must(entry));
  for (const model of models.filter(({ commandTypes }) => commandTypes.length > 0)) {
    const { take, said } = desk([device(1, { model })]);
    const type = fc.oneof(fc.constantFrom(...model.commandTypes), fc.constantFrom('__proto__', 'toString', ''));
    const known = model.formats.flatMap(({ rows }) => rows.map(({ name }) => name));
    const fields = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('x', ...known)), fc.jsonValue(), { maxKeys: 5 });
    fc.assert(
      fc.property(type, fields, (name, more) => {
        take('og-01', { content: { kind: 'message', message: { ...more, type: name } as Message }, confirmed: false });
        expect(said).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }
});
