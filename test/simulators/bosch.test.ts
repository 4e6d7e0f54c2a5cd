import { describe, expect, test } from 'vitest';
import { dayMs, hourMs } from '../../src/base/time.js';
import { must } from '../../src/base/problem.js';
import bosch from '../../simulators/sensors/bosch-tps110.js';
import { life, type Sent } from './life.js';

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

  test('port 56: debug records come only when asked for, and number themselves', () => {
    const it = one();
    it.sent.length = 0;
    const wrong = (fPort: number, ...bytes: readonly number[]): void =>
      it.tell({ kind: 'downlink', fPort, bytes: Uint8Array.from(bytes) });
    wrong(52, 9);
    expect(it.sent).toEqual([]);
    it.command(model, { type: 'setDebug', transmissions: '2' });
    wrong(52, 9);
    wrong(52, 1, 1);
    wrong(77, 1);
    it.command(model, { type: 'setConfirmation', mode: 'confirmed' });
    it.command(model, { type: 'setHeartbeat', interval: 'test' });
    expect(it.sent.map(({ fPort, message }) => [fPort, message['code']])).toEqual([
      [6, 880],
      [6, 881],
      [6, 800],
      [6, 805],
      [6, 886],
    ]);
    const numbers = it.sent.map(({ message }) => Number(message['sequence']));
    expect(numbers).toEqual(numbers.map((_, i) => numbers[0]! + i));
    it.command(model, { type: 'setDebug', transmissions: 'off' });
    wrong(52, 9);
    expect(it.sent).toHaveLength(5);
  });
});
