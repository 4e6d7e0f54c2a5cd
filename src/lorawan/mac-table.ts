// One table says of every MAC command its CID, its direction, its length and where each field lies: reading, writing,
// lengths and names all come from it. Layouts: LoRaWAN 1.0.4 §5, for the commands of 1.1 LoRaWAN 1.1 §5, for class B
// LoRaWAN 1.0.4 §12.
import type { CommandOf, DownlinkCommand, MacCommand, UplinkCommand } from './mac-command.js';

/** Where a field lies in the payload, read as one number whose lowest byte comes first, and what its bits mean. */
export interface MacField<T> {
  readonly bit: number;
  readonly bits: number;
  /** Undefined: the standard gives these bits no meaning. */
  readonly read: (raw: number) => T | undefined;
  /** A number outside the field when the value does not fit; the writer throws then. */
  readonly write: (value: T) => number;
}

/** All that is known of one command. */
export interface MacRow<K extends MacCommand['kind']> {
  readonly cid: number;
  /** The standard's own name. */
  readonly name: string;
  /** Bytes after the CID. */
  readonly length: number;
  readonly fields: { readonly [F in Exclude<keyof CommandOf<K>, 'kind'>]: MacField<CommandOf<K>[F]> };
}

const uint = (bit: number, bits: number): MacField<number> => ({ bit, bits, read: (raw) => raw, write: (n) => n });

/** Two's complement. */
const int = (bit: number, bits: number): MacField<number> => {
  const half = 2 ** (bits - 1);
  return {
    bit,
    bits,
    read: (raw) => (raw < half ? raw : raw - 2 * half),
    // A number beyond either end must not turn into another one's pattern.
    write: (n) => (n < -half || n >= half ? Number.NaN : n < 0 ? n + 2 * half : n),
  };
};

const flag = (bit: number): MacField<boolean> => ({ bit, bits: 1, read: (raw) => raw === 1, write: (yes) => +yes });

/** 24 bits of 100 Hz: up to 1.67 GHz. (ISM2400 counts in 200 Hz and is not spoken here.) */
const frequency = (bit: number): MacField<number> => ({
  bit,
  bits: 24,
  read: (raw) => raw * 100,
  write: (freqHz) => freqHz / 100,
});

/** LoRaWAN 1.1 §5.15: 0 is class A, 2 is class C, everything else is reserved. */
const deviceClass: MacField<'A' | 'C'> = {
  bit: 0,
  bits: 8,
  read: (raw) => (raw === 0 ? 'A' : raw === 2 ? 'C' : undefined),
  write: (one) => (one === 'A' ? 0 : 2),
};

const row = <F>(cid: number, name: string, { length, ...fields }: { readonly length: number } & F) => ({
  cid,
  name,
  length,
  fields,
});

export const uplinkRows: { readonly [K in UplinkCommand['kind']]: MacRow<K> } = {
  'reset-ind': row(0x01, 'ResetInd', { length: 1, minor: uint(0, 4) }),
  'link-check-req': row(0x02, 'LinkCheckReq', { length: 0 }),
  'link-adr-ans': row(0x03, 'LinkADRAns', {
    length: 1,
    channelMaskOk: flag(0),
    dataRateOk: flag(1),
    powerOk: flag(2),
  }),
  'duty-cycle-ans': row(0x04, 'DutyCycleAns', { length: 0 }),
  'rx-param-setup-ans': row(0x05, 'RXParamSetupAns', {
    length: 1,
    channelOk: flag(0),
    rx2DataRateOk: flag(1),
    rx1DrOffsetOk: flag(2),
  }),
  'dev-status-ans': row(0x06, 'DevStatusAns', { length: 2, battery: uint(0, 8), marginDb: int(8, 6) }),
  'new-channel-ans': row(0x07, 'NewChannelAns', { length: 1, frequencyOk: flag(0), dataRatesOk: flag(1) }),
  'rx-timing-setup-ans': row(0x08, 'RXTimingSetupAns', { length: 0 }),
  'tx-param-setup-ans': row(0x09, 'TxParamSetupAns', { length: 0 }),
  'dl-channel-ans': row(0x0a, 'DlChannelAns', { length: 1, frequencyOk: flag(0), uplinkExists: flag(1) }),
  'rekey-ind': row(0x0b, 'RekeyInd', { length: 1, minor: uint(0, 4) }),
  'adr-param-setup-ans': row(0x0c, 'ADRParamSetupAns', { length: 0 }),
  'device-time-req': row(0x0d, 'DeviceTimeReq', { length: 0 }),
  'rejoin-param-setup-ans': row(0x0f, 'RejoinParamSetupAns', { length: 1, timeOk: flag(0) }),
  'ping-slot-info-req': row(0x10, 'PingSlotInfoReq', { length: 1, periodicity: uint(0, 3) }),
  'ping-slot-channel-ans': row(0x11, 'PingSlotChannelAns', { length: 1, frequencyOk: flag(0), dataRateOk: flag(1) }),
  'beacon-timing-req': row(0x12, 'BeaconTimingReq', { length: 0 }),
  'beacon-freq-ans': row(0x13, 'BeaconFreqAns', { length: 1, frequencyOk: flag(0) }),
  'device-mode-ind': row(0x20, 'DeviceModeInd', { length: 1, deviceClass }),
};

export const downlinkRows: { readonly [K in DownlinkCommand['kind']]: MacRow<K> } = {
  'reset-conf': row(0x01, 'ResetConf', { length: 1, minor: uint(0, 4) }),
  'link-check-ans': row(0x02, 'LinkCheckAns', { length: 2, marginDb: uint(0, 8), gateways: uint(8, 8) }),
  'link-adr-req': row(0x03, 'LinkADRReq', {
    length: 4,
    dataRate: uint(4, 4),
    txPower: uint(0, 4),
    channelMask: uint(8, 16),
    channelMaskControl: uint(28, 3),
    nbTrans: uint(24, 4),
  }),
  'duty-cycle-req': row(0x04, 'DutyCycleReq', { length: 1, exponent: uint(0, 4) }),
  'rx-param-setup-req': row(0x05, 'RXParamSetupReq', {
    length: 4,
    rx1DrOffset: uint(4, 3),
    rx2DataRate: uint(0, 4),
    freqHz: frequency(8),
  }),
  'dev-status-req': row(0x06, 'DevStatusReq', { length: 0 }),
  'new-channel-req': row(0x07, 'NewChannelReq', {
    length: 5,
    index: uint(0, 8),
    freqHz: frequency(8),
    minDr: uint(32, 4),
    maxDr: uint(36, 4),
  }),
  'rx-timing-setup-req': row(0x08, 'RXTimingSetupReq', { length: 1, delayS: uint(0, 4) }),
  'tx-param-setup-req': row(0x09, 'TxParamSetupReq', {
    length: 1,
    downlinkDwell: flag(5),
    uplinkDwell: flag(4),
    maxEirpIndex: uint(0, 4),
  }),
  'dl-channel-req': row(0x0a, 'DlChannelReq', { length: 4, index: uint(0, 8), freqHz: frequency(8) }),
  'rekey-conf': row(0x0b, 'RekeyConf', { length: 1, minor: uint(0, 4) }),
  'adr-param-setup-req': row(0x0c, 'ADRParamSetupReq', {
    length: 1,
    limitExponent: uint(4, 4),
    delayExponent: uint(0, 4),
  }),
  'device-time-ans': row(0x0d, 'DeviceTimeAns', { length: 5, gpsSeconds: uint(0, 32), fraction: uint(32, 8) }),
  'force-rejoin-req': row(0x0e, 'ForceRejoinReq', {
    length: 2,
    period: uint(11, 3),
    maxRetries: uint(8, 3),
    rejoinType: uint(4, 3),
    dataRate: uint(0, 4),
  }),
  'rejoin-param-setup-req': row(0x0f, 'RejoinParamSetupReq', {
    length: 1,
    maxTimeExponent: uint(4, 4),
    maxCountExponent: uint(0, 4),
  }),
  'ping-slot-info-ans': row(0x10, 'PingSlotInfoAns', { length: 0 }),
  'ping-slot-channel-req': row(0x11, 'PingSlotChannelReq', {
    length: 4,
    freqHz: frequency(0),
    dataRate: uint(24, 4),
  }),
  'beacon-timing-ans': row(0x12, 'BeaconTimingAns', { length: 3, delay: uint(0, 16), channel: uint(16, 8) }),
  'beacon-freq-req': row(0x13, 'BeaconFreqReq', { length: 3, freqHz: frequency(0) }),
  'device-mode-conf': row(0x20, 'DeviceModeConf', { length: 1, deviceClass }),
};
