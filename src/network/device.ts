import type { Mounting, SensorModel, SensorOptions } from '../codec/sensor.js';
import type { AesKey } from '../lorawan/aes.js';
import type { DevAddr, Eui } from '../lorawan/ids.js';

/** How a device gets its session. */
export type Activation =
  | { readonly kind: 'otaa'; readonly joinEui?: Eui; readonly appKey: AesKey }
  | {
      readonly kind: 'abp';
      readonly devAddr: DevAddr;
      readonly nwkSKey: Uint8Array;
      readonly appSKey: Uint8Array;
      /** Counters to begin with, for a device that comes from another network; 0 when absent. */
      readonly fCntUp?: number;
      readonly fCntDown?: number;
    };

/** A device that we are responsible for, as its owner registered it. */
export interface Device {
  readonly devEui: Eui;
  /** What people call it; never empty. */
  readonly name: string;
  readonly bay: string;
  readonly lot: string;
  /** Decides how DevNonce is checked: any unused one up to 1.0.3, increasing from 1.0.4 (LoRaWAN 1.0.4 §6.2.5). */
  readonly lorawan: '1.0.2' | '1.0.3' | '1.0.4';
  readonly activation: Activation;
  readonly model: SensorModel;
  readonly options: SensorOptions;
  /** How a distance sensor hangs over its bay; a list has one for each head. */
  readonly mounting?: Mounting | readonly Mounting[];
  /** Seconds between two signs of life of its sensor; default: what its model says, else a day. */
  readonly heartbeatS?: number;
  /** How long a change has to hold before it is told; default 0. */
  readonly debounceMs?: number;
  /** Its bay is one person's own: nothing about it leaves but as part of a lot. */
  readonly singleUser?: boolean;
  /** When it listens: A after its uplinks (default), C always. */
  readonly deviceClass?: 'A' | 'C';
  /** `may-reset` takes a counter that starts again at zero: for personalised devices that forget, at the price of replays. */
  readonly counters?: 'strict' | 'may-reset';
  /** Whether the network may set data rate and power of a device that asks for it; default true. */
  readonly adr?: boolean;
}
