import type { DataRate } from '../radio.js';
import type { Region } from '../region.js';

const lora = (sf: number, bwHz = 125_000): DataRate => ({ kind: 'lora', sf, bwHz });

// ETSI EN 300 220-2 V3.1.1 as The Things Stack and ELoRa split it; the gaps between N, P and R belong to alarms.
const subBands = [
  { name: 'K', fromHz: 863_000_000, toHz: 865_000_000, dutyCycle: 0.001, maxErpDbm: 14 },
  { name: 'L', fromHz: 865_000_000, toHz: 868_000_000, dutyCycle: 0.01, maxErpDbm: 14 },
  { name: 'M', fromHz: 868_000_000, toHz: 868_600_000, dutyCycle: 0.01, maxErpDbm: 14 },
  { name: 'N', fromHz: 868_700_000, toHz: 869_200_000, dutyCycle: 0.001, maxErpDbm: 14 },
  { name: 'P', fromHz: 869_400_000, toHz: 869_650_000, dutyCycle: 0.1, maxErpDbm: 27 },
  { name: 'R', fromHz: 869_700_000, toHz: 870_000_000, dutyCycle: 0.01, maxErpDbm: 14 },
] as const;

/** EU863-870 of RP002-1.0.4. */
export const eu868: Region = {
  id: 'EU868',
  channelPlan: 'dynamic',
  mostChannels: 16,
  cfList: { most: 5, minDr: 0, maxDr: 5 },
  channelMasks: [
    { kind: 'bank', first: 0, count: 16 },
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    { kind: 'all-on' },
    undefined,
  ],
  dataRates: [
    lora(12),
    lora(11),
    lora(10),
    lora(9),
    lora(8),
    lora(7),
    lora(7, 250_000),
    { kind: 'fsk', bitRate: 50_000 },
    { kind: 'lr-fhss', text: 'M0CW137' },
    { kind: 'lr-fhss', text: 'M1CW137' },
    { kind: 'lr-fhss', text: 'M0CW336' },
    { kind: 'lr-fhss', text: 'M1CW336' },
  ],
  // RP002 leaves three choices to a device: DR0 to 5, DR0 to 7, or LR-FHSS as well. Ours are of the second kind, like most.
  uplinkDrs: { min: 0, max: 7 },
  // LR-FHSS goes up only.
  downlinkDrs: { min: 0, max: 7 },
  adrMaxDr: 5,
  joinDrs: [0, 1, 2, 3, 4, 5],
  maxPayload: [51, 51, 51, 115, 242, 242, 242, 242, 50, 115, 50, 115],
  channels: [868_100_000, 868_300_000, 868_500_000].map((freqHz) => ({ freqHz, minDr: 0, maxDr: 5 })),
  rx1Channels: { kind: 'uplink' },
  rx2: { freqHz: 869_525_000, dr: 0 },
  rx1DataRates: [
    [0, 0, 0, 0, 0, 0],
    [1, 0, 0, 0, 0, 0],
    [2, 1, 0, 0, 0, 0],
    [3, 2, 1, 0, 0, 0],
    [4, 3, 2, 1, 0, 0],
    [5, 4, 3, 2, 1, 0],
    [6, 5, 4, 3, 2, 1],
    [7, 6, 5, 4, 3, 2],
    [1, 0, 0, 0, 0, 0],
    [2, 1, 0, 0, 0, 0],
    [1, 0, 0, 0, 0, 0],
    [2, 1, 0, 0, 0, 0],
  ],
  receiveDelay1Ms: 1_000,
  joinAcceptDelay1Ms: 5_000,
  maxEirpDbm: 16,
  txPowerStepsDb: [0, 2, 4, 6, 8, 10, 12, 14],
  subBands,
};
