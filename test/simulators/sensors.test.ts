import { describe, expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import { must } from '../../src/base/problem.js';
import { dayMs, hourMs, usPerMs } from '../../src/base/time.js';
import type { Message, RestartCause, SensorModel } from '../../src/codec/sensor.js';
import type { SensorBehaviour, SensorInput, SensorPort } from '../../src/sim/behaviour.js';
import { table } from '../../src/sim/columns.js';
import bosch from '../../simulators/sensors/bosch-tps110.js';
import cicicom from '../../simulators/sensors/cicicom-s-lg-i3.js';
import pni from '../../simulators/sensors/pni-placepod.js';

interface Sent {
  readonly atMs: number;
  readonly message: Message;
  readonly confirmed: boolean;
  readonly tries: number | undefined;
  readonly fPort: number;
}

/** One sensor of a fleet of one, in virtual time: appointments come when they are due, nothing else moves the clock. */
const life = (behaviour: SensorBehaviour, name = 'a') => {
  const row = table(behaviour.columns, 1).at(0);
  const d = dice('habits', name);
  const due = new Map<number, number>();
  const sent: Sent[] = [];
  const reboots: RestartCause[] = [];
  const startUs = 1_780_000_000_000_000;
  let nowMs = 0;
  let car = false;
  const port: SensorPort = {
    get nowUs() {
      return startUs + Math.round(nowMs * usPerMs);
    },
    dice: d,
    temperatureC: -4.4,
    get carPresent() {
      return car;
    },
    send(message, { confirmed = false, tries } = {}) {
      const { fPort } = must(behaviour.model.encode(message));
      sent.push({ atMs: nowMs, message, confirmed, tries, fPort });
    },
    wakeInMs: (slot, ms) => void due.set(slot, nowMs + ms),
    cancel: (slot) => void due.delete(slot),
    reboot: (cause) => void reboots.push(cause),
  };
  const tell = (input: SensorInput): void => behaviour.step(row, input, port);
  const runTo = (untilMs: number): void => {
    for (;;) {
      const next = [...due].sort((a, b) => a[1] - b[1])[0];
      if (!next || next[1] > untilMs) break;
      nowMs = next[1];
      due.delete(next[0]);
      tell({ kind: 'wake', slot: next[0] });
    }
    nowMs = untilMs;
  };
  const drive = (present: boolean): void => {
    car = present;
    tell({ kind: 'car', present });
  };
  const command = (model: SensorModel, message: Message): void =>
    tell({ kind: 'downlink', ...must(model.encodeCommand(message)) });
  const start = (present: boolean, cause: RestartCause = 'power-on'): void => {
    car = present;
    tell({ kind: 'boot', cause });
    nowMs += 7_000;
    tell({ kind: 'joined' });
  };
  return { sent, reboots, tell, runTo, drive, command, start, types: () => sent.map(({ message }) => message.type) };
};

const said = (model: SensorModel, { message }: Sent): boolean | undefined => model.toReadings(message).at(-1)?.occupied;

describe.each([bosch, pni, cicicom])('$id', (behaviour) => {
  test.each([true, false])('the first report after the join tells the present state (%s)', (present) => {
    const one = life(behaviour);
    one.start(present);
    expect(said(behaviour.model, one.sent[0]!)).toBe(present);
  });

  test('nothing is sent before the join', () => {
    const one = life(behaviour);
    one.tell({ kind: 'boot', cause: 'power-on' });
    one.drive(true);
    one.runTo(10 * 60_000);
    expect(one.sent).toEqual([]);
  });

  test('a car is told after a while, and the last word is the truth even when the sensor wavered', () => {
    for (let i = 0; i < 300; i++) {
      const one = life(behaviour, `car ${i}`);
      one.start(false);
      one.sent.length = 0;
      one.drive(true);
      one.runTo(7_000 + 120_000);
      const words = one.sent.map((sent) => said(behaviour.model, sent));
      expect(words.at(-1)).toBe(true);
      expect(words.length).toBeLessThanOrEqual(7);
      expect(one.sent[0]!.atMs - 7_000).toBeGreaterThanOrEqual(3_000);
    }
  });

  test('a fleet that starts together does not report in step', () => {
    const first = Array.from({ length: 40 }, (_, i) => {
      const one = life(behaviour, `fleet ${i}`);
      one.start(false);
      one.sent.length = 0;
      one.runTo(2 * dayMs);
      return one.sent[0]!.atMs;
    });
    expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(hourMs);
    expect(new Set(first).size).toBe(40);
  });
});

describe('Bosch TPS110', () => {
  const one = () => {
    const it = life(bosch);
    it.start(false);
    return it;
  };
  const { model } = bosch;

  test('a heartbeat every 24 h, confirmed with eight tries', () => {
    const it = one();
    it.runTo(5 * dayMs);
    const beats = it.sent.filter(({ fPort }) => fPort === 2);
    expect(beats.length).toBeGreaterThanOrEqual(4);
    for (const [i, beat] of beats.entries()) {
      expect(beat).toMatchObject({ confirmed: true, tries: 8, message: { temperatureC: -4 } });
      if (i > 0) expect(beat.atMs - beats[i - 1]!.atMs).toBeCloseTo(dayMs, 3);
    }
  });

  test('a confirmed uplink that nobody acknowledges ends in a restart "request"', () => {
    const it = one();
    it.tell({ kind: 'delivered', acknowledged: true });
    expect(it.reboots).toEqual([]);
    it.tell({ kind: 'delivered', acknowledged: false });
    expect(it.reboots).toEqual(['request']);
    const after = life(bosch);
    after.start(true, 'request');
    expect(after.sent[0]).toMatchObject({ fPort: 3, message: { resetCause: 'request', occupied: true } });
  });

  test('port 51 switches confirmation of the status off and on', () => {
    const it = one();
    const next = (present: boolean): Sent => {
      it.sent.length = 0;
      it.drive(present);
      it.runTo((minutes += 5) * 60_000);
      return it.sent.find(({ fPort }) => fPort === 1)!;
    };
    let minutes = 0;
    expect(next(true)).toMatchObject({ confirmed: true, tries: 8 });
    it.command(model, { type: 'setConfirmation', mode: 'unconfirmed-2' });
    expect(next(false).confirmed).toBe(false);
    it.command(model, { type: 'setConfirmation', mode: 'confirmed' });
    expect(next(true).confirmed).toBe(true);
  });

  test.each(['urn', 'firmware'])('port 54: %s is answered on port 4', (what) => {
    const it = one();
    it.sent.length = 0;
    it.command(model, { type: 'requestInfo', what });
    expect(it.sent).toMatchObject([{ fPort: 4, message: { type: what } }]);
  });

  test('port 55: every question is answered on port 5, with the number of the question in front', () => {
    const questions = [
      'statusChanges',
      'secondsOccupied',
      'framesByDataRate',
      'radarTriggers',
      'secondsSinceRestart',
      'resets',
      'secondsSinceInstallation',
    ];
    for (const [id, what] of questions.entries()) {
      const it = one();
      it.sent.length = 0;
      it.command(model, { type: 'requestUsage', what });
      const { message } = it.sent[0]!;
      const { fPort, bytes } = must(model.encode(message));
      expect([fPort, bytes[0]]).toEqual([5, id]);
    }
  });

  test('port 53: another heartbeat interval counts from now', () => {
    const it = one();
    it.command(model, { type: 'setHeartbeat', interval: 'long' });
    it.sent.length = 0;
    it.runTo(47 * hourMs);
    expect(it.sent).toEqual([]);
    it.runTo(49 * hourMs);
    expect(it.types()).toEqual(['heartbeat']);
  });
});
