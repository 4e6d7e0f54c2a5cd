import { describe, expect, test } from 'vitest';
import cicicom from '../../simulators/sensors/cicicom-s-lg-i3.js';
import pni from '../../simulators/sensors/pni-placepod.js';
import { dayMs, hourMs } from '../../src/base/time.js';
import type { LppItem } from '../../src/codec/cayenne.js';
import { life, type Sent } from './life.js';

const on = (channel: number, { message }: Sent): readonly unknown[] =>
  (message['items'] as readonly LppItem[]).filter((item) => item.channel === channel).map(({ value }) => value);

describe('PNI PlacePod', () => {
  test('its first report says that it has begun anew, and what its battery has', () => {
    const [fresh, empty] = [1, 0.02].map((charge) => {
      const it = life(pni, 'a', charge);
      it.start(true);
      return it.sent[0]!;
    });
    expect([on(33, fresh!), on(21, fresh!)]).toEqual([[0x80], [1]]);
    expect(Number(on(3, fresh!)[0]) - Number(on(3, empty!)[0])).toBeGreaterThan(0.4);
  });

  test('six keep-alives a day, one of them with battery, temperature and the cars so far', () => {
    const it = life(pni, 'b');
    it.start(false);
    it.drive(true);
    it.runTo(hourMs);
    it.drive(false);
    it.runTo(4 * hourMs);
    it.sent.length = 0;
    it.runTo(4 * hourMs + 4 * dayMs);
    const beats = it.sent.filter((one) => on(55, one).length > 0);
    expect(beats).toHaveLength(24);
    const full = beats.filter((one) => on(3, one).length > 0);
    expect(full).toHaveLength(4);
    for (const one of full) expect([on(2, one), on(33, one)]).toEqual([[-4.4], [1]]);
  });
});

describe('Cicicom S-LG-I3', () => {
  const day = (charge: number) => {
    const it = life(cicicom, 'a', charge);
    it.start(false);
    it.runTo(dayMs + hourMs);
    return it;
  };

  test('a keep-alive every six hours, with what the battery has', () => {
    const beats = day(0.8).sent.filter(({ message }) => message.type === 'keepAlive');
    expect(beats.length).toBeGreaterThanOrEqual(4);
    for (const [i, { atMs }] of beats.entries())
      if (i > 0) expect(atMs - beats[i - 1]!.atMs).toBeCloseTo(6 * hourMs, 3);
    expect(beats[0]!.message['batteryV']).toBeLessThan(3.6);
    expect(beats[0]!.message['batteryV']).toBeGreaterThan(3.5);
  });

  test('only a battery near its end makes it complain, with each keep-alive', () => {
    expect(day(0.2).types()).not.toContain('malfunction');
    const types = day(0.03).types();
    const count = (type: string): number => types.filter((one) => one === type).length;
    expect(count('malfunction')).toBe(count('keepAlive'));
    expect(count('malfunction')).toBeGreaterThan(0);
  });
});
