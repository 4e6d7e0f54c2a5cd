// Every MAC command of LoRaWAN 1.0.4 §5 for classes A and C as a type, with those of 1.1 and of class B beside them, so
// that a list of commands can be read to its end whoever sent it. `mac-commands.ts` reads and writes them.

/** What a device says to its network. */
export type UplinkCommand =
  | { readonly kind: 'link-check-req' }
  | {
      readonly kind: 'link-adr-ans';
      readonly channelMaskOk: boolean;
      readonly dataRateOk: boolean;
      readonly powerOk: boolean;
    }
  | { readonly kind: 'duty-cycle-ans' }
  | {
      readonly kind: 'rx-param-setup-ans';
      readonly channelOk: boolean;
      readonly rx2DataRateOk: boolean;
      readonly rx1DrOffsetOk: boolean;
    }
  /** `battery`: 0 external power, 1 to 254 from empty to full, 255 not measured; `marginDb`: SNR of the request, -32 to 31. */
  | { readonly kind: 'dev-status-ans'; readonly battery: number; readonly marginDb: number }
  | { readonly kind: 'new-channel-ans'; readonly frequencyOk: boolean; readonly dataRatesOk: boolean }
  | { readonly kind: 'rx-timing-setup-ans' }
  | { readonly kind: 'tx-param-setup-ans' }
  | { readonly kind: 'dl-channel-ans'; readonly frequencyOk: boolean; readonly uplinkExists: boolean }
  | { readonly kind: 'device-time-req' }
  // LoRaWAN 1.1
  | { readonly kind: 'reset-ind'; readonly minor: number }
  | { readonly kind: 'rekey-ind'; readonly minor: number }
  | { readonly kind: 'adr-param-setup-ans' }
  | { readonly kind: 'rejoin-param-setup-ans'; readonly timeOk: boolean }
  | { readonly kind: 'device-mode-ind'; readonly deviceClass: 'A' | 'C' }
  // Class B
  | { readonly kind: 'ping-slot-info-req'; readonly periodicity: number }
  | { readonly kind: 'ping-slot-channel-ans'; readonly frequencyOk: boolean; readonly dataRateOk: boolean }
  | { readonly kind: 'beacon-timing-req' }
  | { readonly kind: 'beacon-freq-ans'; readonly frequencyOk: boolean };

/** What a network asks of a device, or answers. Frequencies are whole multiples of 100 Hz; 0 stands for "the usual one". */
export type DownlinkCommand =
  /** `marginDb`: above the demodulation floor, 0 to 254; `gateways`: how many heard the request. */
  | { readonly kind: 'link-check-ans'; readonly marginDb: number; readonly gateways: number }
  /** Data rate and power index 15 leave what is; `channelMask` has channel 0 in its lowest bit; `nbTrans` 0 is 1. */
  | {
      readonly kind: 'link-adr-req';
      readonly dataRate: number;
      readonly txPower: number;
      readonly channelMask: number;
      readonly channelMaskControl: number;
      readonly nbTrans: number;
    }
  /** The device's share of time on the air is at most 1 / 2^n. */
  | { readonly kind: 'duty-cycle-req'; readonly exponent: number }
  | {
      readonly kind: 'rx-param-setup-req';
      readonly rx1DrOffset: number;
      readonly rx2DataRate: number;
      readonly freqHz: number;
    }
  | { readonly kind: 'dev-status-req' }
  | {
      readonly kind: 'new-channel-req';
      readonly index: number;
      readonly freqHz: number;
      readonly minDr: number;
      readonly maxDr: number;
    }
  /** RECEIVE_DELAY1 in seconds; 0 is 1. */
  | { readonly kind: 'rx-timing-setup-req'; readonly delayS: number }
  | {
      readonly kind: 'tx-param-setup-req';
      readonly downlinkDwell: boolean;
      readonly uplinkDwell: boolean;
      readonly maxEirpIndex: number;
    }
  | { readonly kind: 'dl-channel-req'; readonly index: number; readonly freqHz: number }
  /** The end of the uplink: seconds since the GPS epoch modulo 2^32, and 256ths of a second. */
  | { readonly kind: 'device-time-ans'; readonly gpsSeconds: number; readonly fraction: number }
  // LoRaWAN 1.1
  | { readonly kind: 'reset-conf'; readonly minor: number }
  | { readonly kind: 'rekey-conf'; readonly minor: number }
  | { readonly kind: 'adr-param-setup-req'; readonly limitExponent: number; readonly delayExponent: number }
  | {
      readonly kind: 'force-rejoin-req';
      readonly period: number;
      readonly maxRetries: number;
      readonly rejoinType: number;
      readonly dataRate: number;
    }
  | { readonly kind: 'rejoin-param-setup-req'; readonly maxTimeExponent: number; readonly maxCountExponent: number }
  | { readonly kind: 'device-mode-conf'; readonly deviceClass: 'A' | 'C' }
  // Class B
  | { readonly kind: 'ping-slot-info-ans' }
  | { readonly kind: 'ping-slot-channel-req'; readonly freqHz: number; readonly dataRate: number }
  | { readonly kind: 'beacon-timing-ans'; readonly delay: number; readonly channel: number }
  | { readonly kind: 'beacon-freq-req'; readonly freqHz: number };

export type MacCommand = UplinkCommand | DownlinkCommand;

/** One command of a union by its kind. */
export type CommandOf<K extends MacCommand['kind']> = Extract<MacCommand, { readonly kind: K }>;
