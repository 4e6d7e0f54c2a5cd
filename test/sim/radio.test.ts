import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { dice, diceKey, exponential } from '../../src/base/dice.js';
import { demodulators } from '../../src/sim/radio/demodulators.js';
import { interferenceModels, judge, overlapUs, type Judge } from '../../src/sim/radio/interference.js';
import { lossOf } from '../../src/sim/radio/loss.js';
import { floorDbm, noiseDbm } from '../../src/sim/radio/sensitivity.js';
import { shadowAt } from '../../src/sim/radio/shadow.js';
import { loraRate } from '../../src/lorawan/radio.js';

interface Event {
  readonly sf: number;
  readonly rxDbm: number;
  readonly durS: number;
  readonly freqMHz: number;
}
// Facts of public projects; each part names its source.
const vectors = JSON.parse(readFileSync('test/vectors/radio.json', 'utf8')) as {
  readonly interference_goursaud: {
    readonly matrixRowsDesiredSF7to12_colsInterfererSF7to12: readonly (readonly number[])[];
    readonly signal: Event;
    readonly vectors: readonly {
      readonly name: string;
      readonly interferers: readonly Event[];
      readonly expectDestroyedBySf: number;
    }[];
  };
  readonly interference_croce_matrix: { readonly matrix: readonly (readonly number[])[] };
  readonly interference_overlap: {
    readonly vectors: readonly { readonly durAS: number; readonly durBS: number; readonly expectOverlapS: number }[];
  };
  readonly path_loss_derived: {
    readonly rows: readonly {
      readonly distanceM: number;
      readonly ns3_logdistance: number;
      readonly lorasim_lognormal: number;
      readonly flora_oulu_noAntGain: number;
      readonly flora_hata_actility: number;
    }[];
  };
};

describe('interference', () => {
  test('the matrices are those of the papers', () => {
    expect(interferenceModels.croce).toEqual(vectors.interference_croce_matrix.matrix);
    expect(interferenceModels.goursaud).toEqual(
      vectors.interference_goursaud.matrixRowsDesiredSF7to12_colsInterfererSF7to12,
    );
  });

  const { signal } = vectors.interference_goursaud;
  test.each(vectors.interference_goursaud.vectors)('goursaud: $name', ({ interferers, expectDestroyedBySf }) => {
    const one = judge('goursaud');
    one.begin(signal.sf, signal.rxDbm, signal.durS * 1e6);
    for (const other of interferers)
      if (other.freqMHz === signal.freqMHz)
        one.add(
          other.sf,
          other.rxDbm,
          overlapUs({ startUs: 0, endUs: signal.durS * 1e6 }, { startUs: 0, endUs: other.durS * 1e6 }),
        );
    expect(one.verdict()).toBe(expectDestroyedBySf);
  });

  test.each(vectors.interference_overlap.vectors)('overlap of $durAS s and $durBS s', (v) => {
    expect(overlapUs({ startUs: 0, endUs: v.durAS * 1e6 }, { startUs: 0, endUs: v.durBS * 1e6 })).toBe(
      v.expectOverlapS * 1e6,
    );
    expect(overlapUs({ startUs: 0, endUs: 5 }, { startUs: 5, endUs: 9 })).toBe(0);
  });

  test('aloha asks for no loudness: the same spreading factor destroys, another does not', () => {
    const one = judge('aloha');
    one.begin(9, -60, 1_000);
    one.add(10, 20, 1_000);
    expect(one.verdict()).toBe(0);
    one.add(9, -130, 1);
    expect(one.verdict()).toBe(9);
  });
});

/** Frames of one length at random instants: the share that survives, with powers as given. */
const throughput = (by: Judge, load: number, dbmOf: (chance: number) => number): number => {
  const d = dice('aloha', `load ${load}`);
  const frames = 40_000;
  const starts: number[] = [];
  const dbm: number[] = [];
  for (let at = 0, n = 0; n < frames; n++) {
    starts.push((at += exponential(d, 1 / load)));
    dbm.push(dbmOf(d.next()));
  }
  let survived = 0;
  for (let i = 0; i < frames; i++) {
    by.begin(9, dbm[i]!, 1e6);
    for (let k = i - 1; k >= 0 && starts[i]! - starts[k]! < 1; k--)
      by.add(9, dbm[k]!, (1 - (starts[i]! - starts[k]!)) * 1e6);
    for (let k = i + 1; k < frames && starts[k]! - starts[i]! < 1; k++)
      by.add(9, dbm[k]!, (1 - (starts[k]! - starts[i]!)) * 1e6);
    if (by.verdict() === 0) survived++;
  }
  return (load * survived) / frames;
};

describe('theory', () => {
  test.each([0.1, 0.25, 0.5, 1, 1.5])('pure ALOHA at a load of %d carries G e^-2G (Abramson 1970)', (load) => {
    const expected = load * Math.exp(-2 * load);
    // Four deviations of a share of 40 000 frames, which are not quite independent.
    const share = Math.exp(-2 * load);
    const error = 4 * load * Math.sqrt((share * (1 - share)) / 40_000) * 1.5;
    expect(Math.abs(throughput(judge('aloha'), load, () => -100) - expected)).toBeLessThan(error);
  });

  test('loud and faint senders mixed carry more than ALOHA: the loud ones are captured', () => {
    const twoRings = (chance: number): number => (chance < 0.5 ? -80 : -110);
    const captured = throughput(judge('croce'), 0.5, twoRings);
    expect(captured).toBeGreaterThan(1.3 * 0.5 * Math.exp(-1));
    expect(captured).toBeLessThan(0.5);
  });
});

describe('path loss', () => {
  const heights = { gatewayM: 30, sensorM: 1.5 };
  test.each(vectors.path_loss_derived.rows)('at $distanceM m', (row) => {
    const at = (model: Parameters<typeof lossOf>[0]): number => {
      const { referenceDb, exponent } = lossOf(model, heights);
      return referenceDb + 10 * exponent * Math.log10(row.distanceM);
    };
    expect(at('ns-3')).toBeCloseTo(row.ns3_logdistance, 2);
    expect(at('lorasim')).toBeCloseTo(row.lorasim_lognormal, 2);
    expect(at('oulu')).toBeCloseTo(row.flora_oulu_noAntGain, 2);
    expect(at('hata-actility')).toBeCloseTo(row.flora_hata_actility, 2);
  });

  test('free space is Friis, and Okumura-Hata takes less from higher antennas', () => {
    const free = lossOf('free-space', heights);
    // 20 log10(4 pi d f / c) at 1 km and 868.1 MHz.
    const friis = 20 * Math.log10((4 * Math.PI * 1_000 * 868.1e6) / 299_792_458);
    expect(free.referenceDb + 60).toBeCloseTo(friis, 1);
    const at = (gatewayM: number): number => {
      const { referenceDb, exponent } = lossOf('okumura-hata', { gatewayM, sensorM: 1.5 });
      return referenceDb + 30 * exponent;
    };
    expect(at(30)).toBeGreaterThan(at(60));
    // Hata 1980, 868 MHz, 30 m, 1.5 m, large city, 1 km: 125 to 126 dB.
    expect(at(30)).toBeGreaterThan(125);
    expect(at(30)).toBeLessThan(126.5);
  });
});

describe('shadowing', () => {
  const gateway = diceKey('test', 'shadow:a');
  const field = (step: number): number[] =>
    Array.from({ length: 6_000 }, (_, i) => shadowAt(gateway, { x: i * step, y: (i % 77) * step * 1.37 }, 110));
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;

  test('mean 0, deviation 1 everywhere', () => {
    const values = field(173);
    const deviation = Math.sqrt(mean(values.map((v) => v * v)));
    expect(Math.abs(mean(values))).toBeLessThan(0.06);
    expect(deviation).toBeGreaterThan(0.95);
    expect(deviation).toBeLessThan(1.05);
  });

  test('near places have nearly the same, far ones and other gateways another', () => {
    const other = diceKey('test', 'shadow:b');
    const correlation = (metres: number, key = gateway): number =>
      mean(
        Array.from({ length: 4_000 }, (_, i) => {
          const at = { x: i * 391, y: i * 57 };
          return shadowAt(gateway, at, 110) * shadowAt(key, { ...at, x: at.x + metres }, 110);
        }),
      );
    expect(correlation(5)).toBeGreaterThan(0.9);
    expect(correlation(40)).toBeGreaterThan(correlation(90));
    expect(Math.abs(correlation(300))).toBeLessThan(0.08);
    expect(Math.abs(correlation(0, other))).toBeLessThan(0.08);
  });
});

describe('receivers', () => {
  test('the noise floor and the weakest frames', () => {
    expect(noiseDbm(125_000)).toBeCloseTo(-117.03, 2);
    expect(floorDbm('snr-floor', loraRate(12, 125_000))).toBeCloseTo(-137.03, 2);
    expect(floorDbm('elora', loraRate(12, 125_000))).toBe(-139.5);
    expect(floorDbm('ns-3', loraRate(7, 125_000))).toBe(-130);
    expect(floorDbm('lorasim', loraRate(7, 250_000))).toBe(-123.5);
  });

  test('an SX1301 follows eight frames, an SX1302 sixteen, eight of them slow ones', () => {
    const taken = (chip: 'SX1301' | 'SX1302', sf: number): number => {
      const some = demodulators(chip);
      return Array.from({ length: 20 }, () => some.take(sf, 0, 100)).filter(Boolean).length;
    };
    expect([taken('SX1301', 7), taken('SX1301', 12)]).toEqual([8, 8]);
    expect([taken('SX1302', 7), taken('SX1302', 12)]).toEqual([16, 8]);
    const some = demodulators('SX1302');
    for (let i = 0; i < 8; i++) expect(some.take(10, 0, 100)).toBe(true);
    // Fast frames leave the others to slow ones.
    for (let i = 0; i < 8; i++) expect(some.take(12, 0, 100)).toBe(true);
    expect(some.take(7, 99, 200)).toBe(false);
    expect(some.take(7, 100, 200)).toBe(true);
  });
});
