import { isoFromUs, usPerSecond, type Us } from '../base/time.js';
import type { OpenSource } from '../sources/define.js';
import type { Delivering, SinkState } from './delivery.js';
import type { Counts } from './metrics.js';
import type { StoreState } from './storing.js';

/** How a running gateway stands, as JSON: what `stellwerk status` shows. */
export interface GatewayStatus {
  readonly name: string;
  readonly pid: number;
  /** ISO 8601 in UTC. */
  readonly started: string;
  readonly runningS: number;
  readonly simulated: boolean;
  /** Registered, and those among them that were heard since the start. */
  readonly devices: { readonly registered: number; readonly heard: number };
  readonly sources: readonly { readonly address: string }[];
  readonly sinks: readonly ({ readonly address: string } & SinkState)[];
  readonly store: StoreState;
  readonly counts: Counts;
}

/** The status of a gateway, made of what it has at hand. */
export const gatewayStatus = (of: {
  readonly name: string;
  readonly pid: number;
  readonly startedUs: Us;
  readonly nowUs: Us;
  readonly simulated: boolean;
  readonly devices: GatewayStatus['devices'];
  readonly sources: readonly Pick<OpenSource, 'address'>[];
  readonly sinks: readonly Pick<Delivering, 'address' | 'state'>[];
  readonly store: StoreState;
  readonly counts: Counts;
}): GatewayStatus => ({
  name: of.name,
  pid: of.pid,
  started: isoFromUs(of.startedUs),
  runningS: Math.floor((of.nowUs - of.startedUs) / usPerSecond),
  simulated: of.simulated,
  devices: of.devices,
  sources: of.sources.map(({ address }) => ({ address })),
  sinks: of.sinks.map(({ address, state }) => ({ address, ...state })),
  store: of.store,
  counts: of.counts,
});
