import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dice, pick, whole, type Dice } from '../../src/base/dice.js';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import {
  dumpFaults,
  exampleFaults,
  noiseFaults,
  personFaults,
  rangeFaults,
  roundTripFaults,
} from '../../src/codec/laws.js';
import type { Message } from '../../src/codec/sensor.js';
import type { SensorPort } from '../../src/sim/behaviour.js';
import { table } from '../../src/sim/columns.js';

const catalogue = openCatalogue();
const sensors = (await catalogue.all('sensors')).map(({ id, entry }) => ({ id, model: must(entry) }));
const behaviours = (await catalogue.all('behaviours')).map(({ id, entry }) => ({ id, behaviour: must(entry) }));

/** Across the catalogue these are a million and more. */
const noiseRuns = Math.max(25_000, Math.ceil(1_100_000 / sensors.length));

describe.each(sensors)('$id', ({ id, model }) => {
  test('has the name of its file, a source, and a default port that it may use', () => {
    expect(model.id).toBe(id);
    expect(model.source.length).toBeGreaterThan(10);
    if (model.fPorts !== 'any') expect(model.fPorts).toContain(model.defaultFPort);
  });

  test('has examples, each with a source', () => {
    expect(model.examples.length).toBeGreaterThan(3);
    for (const example of model.examples) expect(example.source.length).toBeGreaterThan(10);
  });

  for (const example of model.examples)
    test(`${example.direction ?? 'uplink'} ${example.what} (port ${example.fPort}, ${example.hex})`, () => {
      expect(exampleFaults(model, example)).toEqual([]);
      expect(dumpFaults(model, example)).toEqual([]);
    });

  for (const type of [...model.messageTypes, ...model.commandTypes])
    test(`${type}: what it encodes, it decodes`, () => expect(roundTripFaults(model, type, 300)).toEqual([]));

  for (const type of [...model.messageTypes, ...model.commandTypes])
    test(`${type}: a number that does not fit is refused, not cut`, () =>
      expect(rangeFaults(model, type, 200)).toEqual([]));

  test(`${noiseRuns} random byte strings: no throw, a typed problem or readings each`, () =>
    expect(noiseFaults(model, noiseRuns)).toEqual([]));

  test('what tells a person apart is named, and enters no reading', () => expect(personFaults(model, 200)).toEqual([]));

  test('its documentation names every field, from the first byte on', () => {
    expect(model.formats.length).toBeGreaterThan(0);
    for (const { type, rows } of model.formats) {
      expect(rows.length, type).toBeGreaterThan(0);
      for (const { where, name, says } of rows)
        expect(
          [where, name, says].every((text) => text !== ''),
          type,
        ).toBe(true);
    }
  });

  test('an impossible message is a typed problem', () => {
    fc.assert(
      fc.property(fc.object(), fc.constantFrom(...model.messageTypes, 'nonsense'), (fields, type) => {
        const result = model.encode({ ...fields, type });
        if (!result.ok) expect(['bad-message', 'unknown-message']).toContain(result.problem.code);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a message with one wrong value is a typed problem, or what fits into a frame', () => {
    const d = dice('wrong', id);
    const directions = [
      [model.messageTypes, model.encode],
      [model.commandTypes, model.encodeCommand],
    ] as const;
    for (const [types, encode] of directions)
      for (const type of types) {
        const message = model.sample(type, d);
        for (const field of Object.keys(message))
          for (const value of wrongValues) {
            if (field === 'type') continue;
            const made = encode({ ...message, [field]: value });
            if (made.ok) expect(made.value.bytes.length, `${type} ${field}`).toBeLessThanOrEqual(242);
            else expect(made.problem.code, `${type} ${field}`).toBe('bad-message');
          }
        for (const strange of ['noSuchField', '__proto__', 'toString']) {
          const more = Object.fromEntries([...Object.entries(message), [strange, 1]]) as Message;
          expect(encode(more), `${type} ${strange}`).toMatchObject({ problem: { code: 'bad-message' } });
        }
      }
  });
});

const wrongValues: readonly unknown[] = [
  ...[NaN, Infinity, -1, 0.5, 256, 65_536, 2 ** 32, 2 ** 53, 1e300, '', 'x', '0x10', '00'.repeat(300), true, null],
  ...[[], {}, [1], ['a'], { a: 1 }, [[[[]]]]],
];

const noise = (d: Dice): Uint8Array => Uint8Array.from({ length: whole(d, 0, 30) }, () => whole(d, 0, 255));

describe('behaviours', () => {
  test('every sensor has one, and every one a sensor', () => {
    expect(behaviours.map(({ id }) => id)).toEqual(sensors.map(({ id }) => id));
  });

  test.each(behaviours)(
    '$id: a random life never throws and sends only what its model encodes',
    ({ id, behaviour }) => {
      expect(behaviour.id).toBe(id);
      expect(behaviour.model.id).toBe(id);
      const d = dice('life', id);
      const rows = table(behaviour.columns, 1);
      let sent = 0;
      let nowUs = 1_780_000_000_000_000;
      let rebooted = false;
      const port: SensorPort = {
        get nowUs() {
          return nowUs;
        },
        dice: d,
        get temperatureC() {
          return -40 + d.next() * 120;
        },
        get charge() {
          return d.next();
        },
        get carPresent() {
          return d.next() < 0.5;
        },
        send(message) {
          sent++;
          const { fPort, bytes } = must(behaviour.model.encode(message));
          expect(behaviour.model.decode(fPort, bytes).ok).toBe(true);
        },
        ask: () => undefined,
        wakeInMs: (_slot, ms) => expect(ms).toBeGreaterThanOrEqual(0),
        cancel: () => undefined,
        reboot: () => void (rebooted = true),
      };
      behaviour.step(rows.at(0), { kind: 'boot', cause: 'power-on' }, port);
      behaviour.step(rows.at(0), { kind: 'joined' }, port);
      for (let i = 0; i < 5_000; i++) {
        nowUs += whole(d, 1, 600_000_000);
        const kind = whole(d, 0, 5);
        const command = (): { fPort: number; bytes: Uint8Array } => {
          const types = behaviour.model.commandTypes;
          if (types.length === 0 || d.next() < 0.5) return { fPort: whole(d, 1, 100), bytes: noise(d) };
          return must(behaviour.model.encodeCommand(behaviour.model.sample(pick(d, types), d)));
        };
        if (kind === 0) behaviour.step(rows.at(0), { kind: 'car', present: d.next() < 0.5 }, port);
        else if (kind === 1) behaviour.step(rows.at(0), { kind: 'delivered', acknowledged: d.next() < 0.9 }, port);
        else if (kind === 2) behaviour.step(rows.at(0), { kind: 'downlink', ...command() }, port);
        else behaviour.step(rows.at(0), { kind: 'wake', slot: whole(d, 0, 3) }, port);
        if (!rebooted) continue;
        rebooted = false;
        rows.clear(0);
        behaviour.step(rows.at(0), { kind: 'boot', cause: 'request' }, port);
        behaviour.step(rows.at(0), { kind: 'joined' }, port);
      }
      expect(sent).toBeGreaterThan(100);
    },
  );
});
