import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dice, pick, whole, type Dice } from '../../src/base/dice.js';
import { hex, toHex } from '../../src/base/hex.js';
import { describe as describeProblem, hintOf, must, type Problem } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import type { Context, Example } from '../../src/codec/sensor.js';
import type { SensorPort } from '../../src/sim/behaviour.js';
import { table } from '../../src/sim/columns.js';

const catalogue = openCatalogue();
const sensors = (await catalogue.all('sensors')).map(({ id, entry }) => ({ id, model: must(entry) }));
const behaviours = (await catalogue.all('behaviours')).map(({ id, entry }) => ({ id, behaviour: must(entry) }));

/** Across the catalogue these are a million and more. */
const noiseRuns = Math.max(25_000, Math.ceil(1_100_000 / sensors.length));
const noise = (d: Dice): Uint8Array => Uint8Array.from({ length: whole(d, 0, 30) }, () => whole(d, 0, 255));
const spoilt = (d: Dice, seed: Uint8Array): Uint8Array => {
  const bytes = [...seed];
  for (let n = whole(d, 0, 3); n > 0; n--) bytes[whole(d, 0, bytes.length)] = whole(d, 0, 255);
  const cut = whole(d, 0, 3);
  return Uint8Array.from(cut === 0 ? bytes.slice(0, whole(d, 0, bytes.length)) : bytes);
};
/** The device of an example, where its options matter. */
const contextOf = (example: Example | undefined): Context => (example?.options ? { options: example.options } : {});
/** A problem that leaves no hole in its sentence. */
const expectSentence = (what: Problem): void => {
  if (/\{\w+\}/.test(describeProblem(what) + (hintOf(what) ?? ''))) throw new Error(describeProblem(what));
};

describe.each(sensors)('$id', ({ id, model }) => {
  test('has the name of its file, a source, and a default port that it may use', () => {
    expect(model.id).toBe(id);
    expect(model.source.length).toBeGreaterThan(10);
    if (model.fPorts !== 'any') expect(model.fPorts).toContain(model.defaultFPort);
  });

  test('has examples, each with a source, for every message type that a source shows', () => {
    expect(model.examples.length).toBeGreaterThan(3);
    for (const example of model.examples) expect(example.source.length).toBeGreaterThan(10);
  });

  for (const example of model.examples)
    test(`${example.what} (port ${example.fPort}, ${example.hex})`, () => {
      const down = example.direction === 'downlink';
      const bytes = hex(example.hex);
      const context = contextOf(example);
      const decode = down ? model.decodeCommand : model.decode;
      const decoded = must(decode(example.fPort, bytes, context));
      expect(decoded).toEqual(example.message);
      if (!down && example.readings) expect(model.toReadings(decoded, context)).toEqual(example.readings);
      if (example.oneWay) return expect(example.oneWay.length).toBeGreaterThan(10);
      const encoded = must(down ? model.encodeCommand(example.message) : model.encode(example.message));
      expect(toHex(encoded.bytes)).toBe(example.hex);
      if (down || model.fPorts !== 'any') expect(encoded.fPort).toBe(example.fPort);
    });

  for (const [what, types] of [
    ['message', model.messageTypes],
    ['command', model.commandTypes],
  ] as const)
    for (const type of types)
      test(`${what} ${type}: what it encodes, it decodes`, () => {
        const d = dice('laws', `${id} ${type}`);
        // A type that only some devices send: its examples say which.
        const context = contextOf(model.examples.find(({ message }) => message.type === type));
        for (let i = 0; i < 300; i++) {
          const sample = model.sample(type, d);
          const { fPort, bytes } = must(what === 'message' ? model.encode(sample) : model.encodeCommand(sample));
          const decode = what === 'message' ? model.decode : model.decodeCommand;
          const back = must(decode(fPort, bytes, context));
          // Fields that were left out may come back as absent.
          expect(JSON.parse(JSON.stringify(back))).toEqual(JSON.parse(JSON.stringify(sample)));
          if (what === 'message') expect(Array.isArray(model.toReadings(back, context))).toBe(true);
        }
      });

  test('annotations cover an example from its first bit on, without overlap', () => {
    for (const example of model.examples) {
      const { fPort, hex: text, direction } = example;
      if (direction === 'downlink') continue;
      let end = 0;
      for (const field of model.annotate(fPort, hex(text), contextOf(example))) {
        expect(field.bit).toBe(end);
        end = field.bit + field.bits;
      }
      expect(end).toBe(text.length * 4);
    }
  });

  test(`${noiseRuns} random byte strings: no throw, a typed problem or readings each`, () => {
    const ports = [...new Set([...model.formats.map(({ fPort }) => (fPort === 'any' ? 1 : fPort)), 0, 200])];
    const seeds = model.examples.map((e) => hex(e.hex));
    const d = dice('noise', id);
    for (let i = 0; i < noiseRuns; i++) {
      const fPort = pick(d, ports);
      // Half of it is pure noise, half are real payloads with a few bytes changed, cut or added.
      const bytes = i % 2 === 0 || seeds.length === 0 ? noise(d) : spoilt(d, pick(d, seeds));
      for (const message of [model.decode(fPort, bytes), model.decodeCommand(fPort, bytes)])
        if (!message.ok) expectSentence(message.problem);
      const message = model.decode(fPort, bytes);
      if (!message.ok) continue;
      model.toReadings(message.value, { heardUs: 1_780_000_000_000_000 });
      model.identifiers(message.value);
      model.annotate(fPort, bytes);
    }
  });

  test('what tells a person apart is named, and enters no reading', () => {
    const marked = model.formats.some(({ rows }) => rows.some((row) => row.personal));
    const d = dice('persons', id);
    let found = 0;
    for (let i = 0; i < 200; i++)
      for (const type of model.messageTypes) {
        const message = model.sample(type, d);
        const said = JSON.stringify(model.toReadings(message, { heardUs: 1_780_000_000_000_000 }));
        for (const who of model.identifiers(message)) {
          found++;
          // A number of a few digits may stand there by chance.
          if (who.length > 5) expect(said).not.toContain(who);
        }
      }
    expect(found > 0).toBe(marked);
  });

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
});

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
