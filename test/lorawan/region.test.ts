import { describe, expect, test } from 'vitest';
import { airtimeUs, type CodingRate } from '../../src/lorawan/airtime.js';
import {
  downlinkPowerDbm,
  dataRateOf,
  drOf,
  isDownlinkDr,
  isUplinkDr,
  maxPayload,
  requiredSnrDb,
  rx1DataRate,
  subBandIndex,
  subBandOf,
  txPowerDbm,
} from '../../src/lorawan/region.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import { regionIds, regionOf } from '../../src/lorawan/regions/index.js';
import { us915 } from '../../src/lorawan/regions/us915.js';
import vectors from '../vectors/lorawan.json' with { type: 'json' };

describe('EU868 (RP002)', () => {
  test('every data rate is found again by its modulation', () => {
    eu868.dataRates.forEach((rate, dr) => expect(drOf(eu868, rate!)).toBe(dr));
    expect(drOf(eu868, { kind: 'lora', sf: 7, bwHz: 500_000 })).toBeUndefined();
    expect(dataRateOf(eu868, 15)).toBeUndefined();
    expect(eu868.maxPayload).toHaveLength(eu868.dataRates.length);
    expect(eu868.rx1DataRates).toHaveLength(eu868.dataRates.length);
  });

  test('RX1 data rate by row and offset', () => {
    expect([0, 1, 2, 3, 4, 5].map((offset) => rx1DataRate(eu868, 5, offset))).toEqual([5, 4, 3, 2, 1, 0]);
    expect([0, 1, 2, 3, 4, 5].map((offset) => rx1DataRate(eu868, 7, offset))).toEqual([7, 6, 5, 4, 3, 2]);
    expect(rx1DataRate(eu868, 0, 5)).toBe(0);
    // LR-FHSS goes up only: the answer is plain LoRa.
    for (let dr = 8; dr <= 11; dr++) expect(dataRateOf(eu868, rx1DataRate(eu868, dr, 0))?.kind).toBe('lora');
  });

  test('sub-bands, and the gaps between them', () => {
    const nameAt = (mhz: number): string | undefined => subBandOf(eu868, Math.round(mhz * 1e6))?.name;
    expect([863.1, 867.1, 868.1, 868.8, 869.525, 869.8].map(nameAt)).toEqual(['K', 'L', 'M', 'N', 'P', 'R']);
    expect([862.9, 868.65, 869.3, 869.67, 870.1].map(nameAt)).toEqual(Array(5).fill(undefined));
    expect(subBandIndex(eu868, 869_300_000)).toBe(-1);
    expect(subBandOf(eu868, eu868.rx2.freqHz)).toMatchObject({ dutyCycle: 0.1, maxErpDbm: 27 });
    for (const { freqHz } of eu868.channels) expect(subBandOf(eu868, freqHz)?.dutyCycle).toBe(0.01);
  });

  test('payload sizes and required SNR', () => {
    expect([0, 2, 3, 4, 7, 15].map((dr) => maxPayload(eu868, dr))).toEqual([51, 51, 115, 242, 242, 0]);
    const table = { 6: -5, 7: -7.5, 8: -10, 9: -12.5, 10: -15, 11: -17.5, 12: -20 };
    for (const [sf, db] of Object.entries(table))
      expect(requiredSnrDb({ kind: 'lora', sf: Number(sf), bwHz: 125_000 })).toBe(db);
    expect(requiredSnrDb({ kind: 'lora', sf: 7, bwHz: 250_000 })).toBe(-4.5);
    expect(requiredSnrDb({ kind: 'fsk', bitRate: 50_000 })).toBeUndefined();
  });
});

describe('US915 (RP002)', () => {
  test('an uplink is found by its modulation, and answered at 500 kHz', () => {
    for (let dr = 0; dr <= 4; dr++) expect(drOf(us915, dataRateOf(us915, dr)!)).toBe(dr);
    const answers = [0, 1, 2, 3, 4].map((dr) => [0, 1, 2, 3].map((offset) => rx1DataRate(us915, dr, offset)));
    expect(answers).toEqual([
      [10, 9, 8, 8],
      [11, 10, 9, 8],
      [12, 11, 10, 9],
      [13, 12, 11, 10],
      [13, 13, 12, 11],
    ]);
    for (const dr of answers.flat()) expect(dataRateOf(us915, dr)).toMatchObject({ kind: 'lora', bwHz: 500_000 });
    expect(requiredSnrDb(dataRateOf(us915, 8)!)).toBe(-14);
  });

  test('payloads, powers, no duty cycle but a dwell time', () => {
    expect([0, 1, 2, 3, 4, 5, 8, 9, 13].map((dr) => maxPayload(us915, dr))).toEqual([
      ...[11, 53, 125, 242, 242, 0, 33, 109, 222],
    ]);
    expect([0, 14, 15].map((index) => txPowerDbm(us915, index))).toEqual([30, 2, undefined]);
    expect(subBandOf(us915, us915.rx2.freqHz)?.dutyCycle).toBe(1);
    expect(subBandIndex(us915, 868_100_000)).toBe(-1);
    // The longest join request still fits in the dwell time.
    expect(airtimeUs({ dataRate: dataRateOf(us915, 0)!, phyBytes: 23 })).toBeLessThan(us915.uplinkDwellMs! * 1000);
  });
});

describe.each(regionIds.map(regionOf))('$id is whole', (region) => {
  test('its tables fit each other', () => {
    expect(region.maxPayload).toHaveLength(region.dataRates.length);
    region.dataRates.forEach((rate, dr) => expect(maxPayload(region, dr) > 0).toBe(rate !== undefined));
    expect(region.channelMasks).toHaveLength(8);
    expect(region.channels.length).toBeLessThanOrEqual(region.mostChannels);
    expect(region.channelPlan === 'fixed').toBe(region.channels.length === region.mostChannels);
    expect(region.cfList !== undefined).toBe(region.channelPlan === 'dynamic');
    for (let dr = region.uplinkDrs.min; dr <= region.uplinkDrs.max; dr++) {
      expect(isUplinkDr(region, dr)).toBe(true);
      for (const answer of region.rx1DataRates[dr]!) expect(isDownlinkDr(region, answer)).toBe(true);
    }
    expect(new Set(region.rx1DataRates.map((row) => row.length)).size).toBe(1);
    expect(isDownlinkDr(region, region.rx2.dr)).toBe(true);
    expect(isUplinkDr(region, 15) || isDownlinkDr(region, 15)).toBe(false);
    expect(dataRateOf(region, region.adrMaxDr)).toEqual({ kind: 'lora', sf: 7, bwHz: 125_000 });
  });

  test('every channel, up and down, lies in a sub-band; every join data rate has one', () => {
    for (const { freqHz, minDr, maxDr } of region.channels) {
      expect(subBandOf(region, freqHz)).toBeDefined();
      expect(isUplinkDr(region, minDr) && isUplinkDr(region, maxDr)).toBe(true);
    }
    const rx1 = region.rx1Channels;
    if (rx1.kind === 'row') expect(subBandOf(region, rx1.firstHz + rx1.stepHz * (rx1.count - 1))).toBeDefined();
    for (const dr of region.joinDrs)
      expect(region.channels.some(({ minDr, maxDr }) => dr >= minDr && dr <= maxDr)).toBe(true);
    for (const { freqHz } of [region.rx2, ...region.channels])
      expect(downlinkPowerDbm(region, freqHz)).toBe(subBandOf(region, freqHz)!.maxErpDbm);
  });
});

describe('airtime, piece by piece (brocaar/lorawan)', () => {
  const { vectors: rows, symbolDurations, preamble } = vectors.airtime_symbols;
  const lora = (sf: number, bwHz = 125_000) => ({ kind: 'lora', sf, bwHz }) as const;

  for (const v of rows)
    test(`${v.phyPayloadBytes} bytes, SF${v.sf}, ${v.cr}, ${v.explicitHeader ? 'header' : 'no header'}`, () => {
      const us = airtimeUs({
        dataRate: lora(v.sf),
        phyBytes: v.phyPayloadBytes,
        codingRate: v.cr as CodingRate,
        explicitHeader: v.explicitHeader,
        lowDataRateOptimize: v.ldro,
      });
      expect(us / ((2 ** v.sf * 1e6) / 125_000) - 12.25).toBeCloseTo(v.expectSymbols, 6);
    });

  test('the length of a symbol and of a preamble', () => {
    for (const v of symbolDurations) {
      const frame = { dataRate: lora(v.sf, v.bwHz), phyBytes: 13 };
      const longer = airtimeUs({ ...frame, preambleSymbols: 9 }) - airtimeUs(frame);
      expect(longer / 1000).toBeCloseTo(v.expectMs, 2);
    }
    for (const v of preamble) {
      const frame = { dataRate: lora(v.sf, v.bwHz), phyBytes: 13 };
      const none = airtimeUs({ ...frame, preambleSymbols: -4.25 });
      expect((airtimeUs({ ...frame, preambleSymbols: v.nPreamble }) - none) / 1000).toBeCloseTo(v.expectMs, 2);
    }
  });

  test('a downlink has no CRC: a join accept of 17 bytes at SF12', () => {
    expect(airtimeUs({ dataRate: lora(12), phyBytes: 17, crc: false })).toBe(1_155_072);
  });
});
