import type { DownlinkCommand, UplinkCommand } from '../../../src/lorawan/mac-command.js';

/** Bytes by hand from the figures of LoRaWAN 1.0.4 §5 and §12, and of LoRaWAN 1.1 §5; (CS): also a test of ChirpStack. */
export const uplinkGolden: readonly (readonly [string, UplinkCommand])[] = [
  ['0101', { kind: 'reset-ind', minor: 1 }], // (CS)
  ['02', { kind: 'link-check-req' }], // (CS)
  ['0307', { kind: 'link-adr-ans', channelMaskOk: true, dataRateOk: true, powerOk: true }], // (CS)
  ['0301', { kind: 'link-adr-ans', channelMaskOk: true, dataRateOk: false, powerOk: false }],
  ['0302', { kind: 'link-adr-ans', channelMaskOk: false, dataRateOk: true, powerOk: false }],
  ['0304', { kind: 'link-adr-ans', channelMaskOk: false, dataRateOk: false, powerOk: true }],
  ['04', { kind: 'duty-cycle-ans' }],
  ['0505', { kind: 'rx-param-setup-ans', channelOk: true, rx2DataRateOk: false, rx1DrOffsetOk: true }], // (CS)
  ['0502', { kind: 'rx-param-setup-ans', channelOk: false, rx2DataRateOk: true, rx1DrOffsetOk: false }],
  ['06ff14', { kind: 'dev-status-ans', battery: 255, marginDb: 20 }],
  ['060020', { kind: 'dev-status-ans', battery: 0, marginDb: -32 }],
  ['06fe3f', { kind: 'dev-status-ans', battery: 254, marginDb: -1 }],
  ['06011f', { kind: 'dev-status-ans', battery: 1, marginDb: 31 }],
  ['0703', { kind: 'new-channel-ans', frequencyOk: true, dataRatesOk: true }], // (CS)
  ['0702', { kind: 'new-channel-ans', frequencyOk: false, dataRatesOk: true }],
  ['08', { kind: 'rx-timing-setup-ans' }],
  ['09', { kind: 'tx-param-setup-ans' }],
  ['0a01', { kind: 'dl-channel-ans', frequencyOk: true, uplinkExists: false }],
  ['0a02', { kind: 'dl-channel-ans', frequencyOk: false, uplinkExists: true }],
  ['0b01', { kind: 'rekey-ind', minor: 1 }],
  ['0c', { kind: 'adr-param-setup-ans' }],
  ['0d', { kind: 'device-time-req' }],
  ['0f01', { kind: 'rejoin-param-setup-ans', timeOk: true }],
  ['1005', { kind: 'ping-slot-info-req', periodicity: 5 }],
  ['1101', { kind: 'ping-slot-channel-ans', frequencyOk: true, dataRateOk: false }],
  ['1102', { kind: 'ping-slot-channel-ans', frequencyOk: false, dataRateOk: true }],
  ['12', { kind: 'beacon-timing-req' }],
  ['1301', { kind: 'beacon-freq-ans', frequencyOk: true }],
  ['2002', { kind: 'device-mode-ind', deviceClass: 'C' }],
  ['2000', { kind: 'device-mode-ind', deviceClass: 'A' }],
];

export const downlinkGolden: readonly (readonly [string, DownlinkCommand])[] = [
  ['0101', { kind: 'reset-conf', minor: 1 }],
  ['020a0f', { kind: 'link-check-ans', marginDb: 10, gateways: 15 }], // (CS)
  [
    '0312040045', // (CS)
    { kind: 'link-adr-req', dataRate: 1, txPower: 2, channelMask: 0x0004, channelMaskControl: 4, nbTrans: 5 },
  ],
  [
    '035134127f',
    { kind: 'link-adr-req', dataRate: 5, txPower: 1, channelMask: 0x1234, channelMaskControl: 7, nbTrans: 15 },
  ],
  ['0407', { kind: 'duty-cycle-req', exponent: 7 }],
  ['053b010204', { kind: 'rx-param-setup-req', rx1DrOffset: 3, rx2DataRate: 11, freqHz: 26_265_700 }], // (CS)
  ['0503d2ad84', { kind: 'rx-param-setup-req', rx1DrOffset: 0, rx2DataRate: 3, freqHz: 869_525_000 }],
  ['06', { kind: 'dev-status-req' }],
  ['07030102045a', { kind: 'new-channel-req', index: 3, freqHz: 26_265_700, minDr: 10, maxDr: 5 }], // (CS)
  ['0703184f8450', { kind: 'new-channel-req', index: 3, freqHz: 867_100_000, minDr: 0, maxDr: 5 }],
  ['0805', { kind: 'rx-timing-setup-req', delayS: 5 }],
  ['091f', { kind: 'tx-param-setup-req', downlinkDwell: false, uplinkDwell: true, maxEirpIndex: 15 }], // (CS)
  ['0925', { kind: 'tx-param-setup-req', downlinkDwell: true, uplinkDwell: false, maxEirpIndex: 5 }],
  ['0a01107a84', { kind: 'dl-channel-req', index: 1, freqHz: 868_200_000 }], // (CS)
  ['0b01', { kind: 'rekey-conf', minor: 1 }],
  ['0c65', { kind: 'adr-param-setup-req', limitExponent: 6, delayExponent: 5 }],
  ['0d0100000002', { kind: 'device-time-ans', gpsSeconds: 1, fraction: 2 }], // (CS)
  ['0dffffffff80', { kind: 'device-time-ans', gpsSeconds: 0xffff_ffff, fraction: 128 }],
  ['0e252b', { kind: 'force-rejoin-req', period: 5, maxRetries: 3, rejoinType: 2, dataRate: 5 }],
  ['0f4c', { kind: 'rejoin-param-setup-req', maxTimeExponent: 4, maxCountExponent: 12 }],
  ['10', { kind: 'ping-slot-info-ans' }],
  ['11d2ad8403', { kind: 'ping-slot-channel-req', freqHz: 869_525_000, dataRate: 3 }],
  ['12341205', { kind: 'beacon-timing-ans', delay: 0x1234, channel: 5 }],
  ['13d2ad84', { kind: 'beacon-freq-req', freqHz: 869_525_000 }],
  ['13000000', { kind: 'beacon-freq-req', freqHz: 0 }],
  ['2002', { kind: 'device-mode-conf', deviceClass: 'C' }],
];
