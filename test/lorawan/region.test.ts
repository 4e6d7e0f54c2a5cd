import { describe, expect, test } from 'vitest';
import { airtimeUs, type CodingRate } from '../../src/lorawan/airtime.js';
import {
  dataRateOf,
  drOf,
  maxPayload,
  requiredSnrDb,
  rx1DataRate,
  subBandIndex,
  subBandOf,
} from '../../src/lorawan/region.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
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
