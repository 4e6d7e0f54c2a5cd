import type { Us } from '../../src/base/time.js';
import type { DataFrame } from '../../src/lorawan/frame.js';
import type { JoinAccept } from '../../src/lorawan/join.js';
import type { DownlinkCommand, UplinkCommand } from '../../src/lorawan/mac-command.js';
import type { RxFrame, TxVerdict } from '../../src/lorawan/radio.js';
import type { Region } from '../../src/lorawan/region.js';
import type { MacProfile, SensorInput, SensorPort } from '../../src/sim/behaviour.js';
import type { FleetState } from '../../src/sim/fleet-state.js';
import type { AirPlan, BayPlan, GatewayPlan } from '../../src/sim/plan.js';
import type { Run } from '../../src/sim/run-types.js';

/** A data frame as the server of the lab read it. */
export interface Uplink {
  readonly bay: string;
  readonly frame: DataFrame;
  readonly phy: string;
  readonly fCnt: number;
  readonly payload: Uint8Array;
  /** In FOpts or on port 0. */
  readonly commands: readonly UplinkCommand[];
  readonly dr: number;
  readonly startUs: Us;
  readonly endUs: Us;
  /** The first gateway's hearing, and everybody's. */
  readonly rx: RxFrame;
  readonly heard: readonly RxFrame[];
}

/** What the server sends after an uplink; the first window of a fresh session unless it says otherwise. */
export interface Reply {
  readonly window?: 1 | 2;
  readonly afterUs?: number;
  readonly freqHz?: number;
  readonly dr?: number;
  readonly rx1DrOffset?: number;
  readonly fPort?: number;
  readonly payload?: Uint8Array;
  readonly commands?: readonly DownlinkCommand[] | Uint8Array;
  readonly ack?: boolean;
  readonly confirmed?: boolean;
  readonly fPending?: boolean;
  /** Instead of the next one. */
  readonly fCnt?: number;
  readonly powerDbm?: number;
  readonly gateway?: string;
}

/** A session as the server keeps it. */
export interface Session {
  readonly devAddr: number;
  readonly nwkSKey: Uint8Array;
  readonly appSKey: Uint8Array;
  next: number;
  fCntDown: number;
}

/** What a server must not forget: JoinNonces are never given twice. */
export interface Memory {
  joinNonce: number;
  readonly sessions: Map<string, Session>;
}

export interface Server {
  readonly run: Run;
  reply(uplink: Uplink, reply: Reply): TxVerdict;
  /** At once, or at a time, on the second window's channel: for class C. */
  send(bay: string, reply: Reply & { readonly at?: { readonly tmst: number } }): TxVerdict;
  sessionOf(bay: string): Session;
}

export interface LabSetup {
  readonly profile?: Partial<MacProfile>;
  readonly bays?: number;
  readonly places?: readonly BayPlan[];
  readonly region?: Region;
  readonly activation?: 'otaa' | 'abp';
  readonly air?: Partial<AirPlan>;
  readonly gateways?: readonly GatewayPlan[];
  readonly state?: FleetState;
  readonly seed?: string;
  /** What the server remembers from an earlier lab. */
  readonly memory?: Memory;
  sensor?(port: SensorPort, input: SensorInput): void;
  /** What the accept says; false for a server that is not there. */
  readonly accept?: Partial<JoinAccept> | false;
  uplink?(uplink: Uplink, server: Server): void;
}
