import type { DataRate } from '../radio.js';
import type { Region } from '../region.js';

const lora = (sf: number, bwHz: number): DataRate => ({ kind: 'lora', sf, bwHz });

const row = (count: number, channel: (n: number) => { freqHz: number; minDr: number; maxDr: number }) =>
  Array.from({ length: count }, (_, n) => channel(n));

/** 30 dBm EIRP (RP002) less the 2.15 dB of a dipole. */
const maxErpDbm = 27;

/** US902-928 of RP002-1.0.4, without LR-FHSS (DR5 and 6, which no device must have). */
export const us915: Region = {
  id: 'US915',
  channelPlan: 'fixed',
  mostChannels: 72,
  channelMasks: [
    { kind: 'bank', first: 0, count: 16 },
    { kind: 'bank', first: 16, count: 16 },
    { kind: 'bank', first: 32, count: 16 },
    { kind: 'bank', first: 48, count: 16 },
    { kind: 'bank', first: 64, count: 8 },
    { kind: 'groups', size: 8, wideFrom: 64, count: 8 },
    { kind: 'bank', first: 64, count: 8, below: true },
    { kind: 'bank', first: 64, count: 8, below: false },
  ],
  dataRates: [
    lora(10, 125_000),
    lora(9, 125_000),
    lora(8, 125_000),
    lora(7, 125_000),
    // The same modulation as DR12: up it is DR4, which is found first.
    lora(8, 500_000),
    undefined,
    undefined,
    undefined,
    lora(12, 500_000),
    lora(11, 500_000),
    lora(10, 500_000),
    lora(9, 500_000),
    lora(8, 500_000),
    lora(7, 500_000),
  ],
  uplinkDrs: { min: 0, max: 4 },
  downlinkDrs: { min: 8, max: 13 },
  adrMaxDr: 3,
  // RP002: DR0 on a channel of 125 kHz, DR4 on one of 500 kHz.
  joinDrs: [0, 4],
  // Downlinks as a repeater could pass them on: the smaller of RP002's two tables.
  maxPayload: [11, 53, 125, 242, 242, 0, 0, 0, 33, 109, 222, 222, 222, 222],
  uplinkDwellMs: 400,
  channels: [
    ...row(64, (n) => ({ freqHz: 902_300_000 + 200_000 * n, minDr: 0, maxDr: 3 })),
    ...row(8, (n) => ({ freqHz: 903_000_000 + 1_600_000 * n, minDr: 4, maxDr: 4 })),
  ],
  rx1Channels: { kind: 'row', firstHz: 923_300_000, stepHz: 600_000, count: 8 },
  rx2: { freqHz: 923_300_000, dr: 8 },
  rx1DataRates: [
    [10, 9, 8, 8],
    [11, 10, 9, 8],
    [12, 11, 10, 9],
    [13, 12, 11, 10],
    [13, 13, 12, 11],
  ],
  receiveDelay1Ms: 1_000,
  joinAcceptDelay1Ms: 5_000,
  maxEirpDbm: 30,
  txPowerStepsDb: [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28],
  // FCC 15.247 knows no duty cycle: it limits the dwell time instead.
  subBands: [{ name: 'US', fromHz: 902_000_000, toHz: 928_000_000, dutyCycle: 1, maxErpDbm }],
};
