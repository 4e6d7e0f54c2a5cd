import { must } from '../../src/base/problem.js';
import {
  climb,
  ladder,
  ladderWakeUs,
  type Batch,
  type LadderSettings,
  type LadderState,
} from '../../src/ladder/ladder.js';
import type { DownlinkOutcome } from '../../src/ladder/outcome.js';
import { aesKey, type AesKey } from '../../src/lorawan/aes.js';
import { micOk, openPayload, parseFrame, sealData, type DataFields, type DataFrame } from '../../src/lorawan/frame.js';
import { openJoinAccept, sealJoinRequest } from '../../src/lorawan/join.js';
import { sessionKeys10 } from '../../src/lorawan/keys.js';
import type { DownlinkCommand, UplinkCommand } from '../../src/lorawan/mac-command.js';
import { readDownlinkCommands, writeCommands } from '../../src/lorawan/mac-commands.js';
import type { RxFrame, TxFrame, TxVerdict } from '../../src/lorawan/radio.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import type { Device } from '../../src/network/device.js';
import { viewAfterJoin } from '../../src/network/mac-view.js';
import type { DownlinkEvent, DownlinkRequest } from '../../src/network/queue.js';
import { registry } from '../../src/network/registry.js';
import { loadMemory, saveMemory, type Memory } from '../../src/network/session.js';
import { usualNetwork } from '../../src/network/settings.js';
import bosch from '../../devices/sensors/bosch-tps110.js';

export const nwkSKey = new Uint8Array(16).fill(1);
export const appSKey = new Uint8Array(16).fill(2);
export const devEui = '00000000000000a1';
export const devAddr = 0x260b1a2f;
export const startUs = 1_780_000_000_000_000;

export const gateways = ['0253544b47570001', '0253544b47570002', '0253544b47570003'] as const;

/** A downlink as the device opened it. */
export interface Opened {
  readonly tx: TxFrame;
  readonly frame: DataFrame;
  readonly fCnt: number;
  readonly payload: Uint8Array;
  readonly commands: readonly DownlinkCommand[];
}

/** One device, written by hand, before a network server of ours: every downlink that a gateway took is opened. */
export interface Bench {
  readonly state: LadderState;
  readonly downlinks: Opened[];
  readonly events: DownlinkEvent[];
  readonly descents: DownlinkOutcome[];
  readonly batches: Batch[];
  nowUs: number;
  /** Sends an uplink (and waits for its dedup window); commands travel in FOpts. */
  up(more?: Partial<DataFields> & { readonly commands?: readonly UplinkCommand[] }, radio?: Partial<RxFrame>): Batch;
  /** Sends the same bytes again. */
  again(): Batch;
  ask(request: Partial<DownlinkRequest>): DownlinkEvent;
  /** Lets time pass. */
  pass(ms: number): void;
  /** Gives the answer of a gateway to the oldest request that was answered `later`. */
  answer(verdict: TxVerdict): void;
  /** Joins with an AppKey; `hears` whether the device hears the accept. Returns the outcome of the request. */
  join(devNonce: number, how: { readonly appKey: AesKey; readonly hears?: boolean }): Batch;
  /** The network stops at once, and goes on with what it had made durable. */
  restart(): void;
}

export const bench = (
  how: {
    readonly settings?: Partial<LadderSettings>;
    readonly device?: Partial<Device>;
    readonly heardBy?: number;
    readonly verdict?: (tx: TxFrame) => TxVerdict | 'no-way' | 'later';
    /** The device as it leaves the factory, which must first be told its channels. */
    readonly factory?: boolean;
  } = {},
): Bench => {
  const settings: LadderSettings = {
    ...usualNetwork(eu868),
    statusEveryMs: 0,
    adr: 'off',
    simulated: false,
    ...how.settings,
  };
  const device: Device = {
    devEui,
    name: 'og-01',
    bay: 'og-01',
    lot: 'og',
    lorawan: '1.0.3',
    activation: { kind: 'abp', devAddr, nwkSKey, appSKey },
    model: bosch,
    options: bosch.defaults,
    ...how.device,
  };
  const stand = (memories: readonly Memory[] = []): LadderState => ladder(settings, registry([device], memories));
  let state = stand();
  const { session } = state.devices.byDevEui(devEui)!.memory;
  if (session && !how.factory) session.view = viewAfterJoin(settings);
  /** What is on the disk. */
  let saved: unknown;
  const waiting: TxFrame[] = [];
  let keys = { nwkSKey: aesKey(nwkSKey), appSKey: aesKey(appSKey) };
  let address = devAddr;
  let accept: Uint8Array | undefined;
  const made: Bench = {
    get state() {
      return state;
    },
    downlinks: [],
    events: [],
    descents: [],
    batches: [],
    nowUs: startUs,
    up({ commands = [], ...more } = {}, radio = {}) {
      last = sealData({
        uplink: true,
        confirmed: false,
        devAddr: address,
        fCnt: next++,
        fPort: 1,
        payload: Uint8Array.of(1),
        ...keys,
        ...(commands.length > 0 && { fOpts: writeCommands(commands) }),
        ...more,
      });
      lastRadio = radio;
      return hear();
    },
    again: () => hear(),
    ask(request) {
      run({
        kind: 'downlink',
        request: { devEui, fPort: 3, payload: Uint8Array.of(1, 2), confirmed: false, ...request },
        atUs: made.nowUs,
      });
      return made.events.at(-1)!;
    },
    pass(ms) {
      const untilUs = made.nowUs + ms * 1000;
      while (ladderWakeUs(state) <= untilUs) {
        made.nowUs = Math.max(made.nowUs, ladderWakeUs(state));
        run({ kind: 'tick', atUs: made.nowUs });
      }
      made.nowUs = untilUs;
    },
    join(devNonce, { appKey, hears = true }) {
      last = sealJoinRequest({ joinEui: '0000000000000000', devEui, devNonce, appKey });
      const batch = hear();
      if (!hears || !accept) return batch;
      const said = must(openJoinAccept(accept, appKey));
      const made = sessionKeys10({ appKey, joinNonce: said.joinNonce, netId: said.netId, devNonce });
      keys = { nwkSKey: aesKey(made.nwkSKey), appSKey: aesKey(made.appSKey) };
      address = said.devAddr;
      next = 0;
      return batch;
    },
    answer(verdict) {
      const tx = waiting.shift()!;
      if (verdict === 'ok') take(tx);
      run({ kind: 'verdict', id: tx.id, verdict, atUs: made.nowUs });
    },
    restart() {
      const memory = saved === undefined ? undefined : loadMemory(saved);
      state = stand(memory ? [memory] : []);
      run({ kind: 'start', atUs: made.nowUs });
    },
  };
  let next = 0;
  let last: Uint8Array = new Uint8Array(0);
  let lastRadio: Partial<RxFrame> = {};

  const run = (input: Parameters<typeof climb>[1]): void =>
    climb(state, input, {
      copy: () => undefined,
      batch(batch) {
        made.batches.push(batch);
        for (const { memory } of batch.touched) saved = JSON.parse(JSON.stringify(saveMemory(memory)));
        made.events.push(...batch.downlinks);
        if (batch.descent) made.descents.push(batch.descent);
        const { send } = batch;
        if (!send) return;
        const verdict = how.verdict?.(send) ?? 'ok';
        if (verdict === 'later') return void waiting.push(send);
        if (verdict === 'ok') take(send);
        run({ kind: 'verdict', id: send.id, verdict, atUs: made.nowUs });
      },
    });

  const take = (tx: TxFrame): void => {
    if (tx.phy[0]! >> 5 === 1) accept = tx.phy;
    else made.downlinks.push(open(tx));
  };

  const open = (tx: TxFrame): Opened => {
    const frame = must(parseFrame(tx.phy));
    if (frame.kind !== 'data') throw new TypeError(frame.kind);
    const fCnt = frame.fCnt16;
    if (!micOk(frame, fCnt, keys.nwkSKey)) throw new TypeError('the MIC is wrong');
    const payload = openPayload(frame, fCnt, frame.fPort === 0 ? keys.nwkSKey : keys.appSKey);
    const { commands } = readDownlinkCommands(frame.fPort === 0 ? payload : frame.fOpts);
    return { tx, frame, fCnt, payload, commands };
  };

  const hear = (): Batch => {
    made.nowUs += 10_000_000;
    const from = made.batches.length;
    for (let g = 0; g < (how.heardBy ?? 1); g++) {
      const rx: RxFrame = {
        phy: last,
        atUs: made.nowUs + g,
        gateway: gateways[g]!,
        tmst: (made.nowUs + 1000 * g) % 2 ** 32,
        freqHz: 868_300_000,
        dataRate: { kind: 'lora', sf: 9, bwHz: 125_000 },
        rssiDbm: -100 - g,
        snrDb: 5 - g,
        crc: 'ok',
        ...lastRadio,
      };
      run({ kind: 'frame', rx });
    }
    made.pass(300);
    return made.batches.slice(from).find(({ outcome }) => outcome)!;
  };

  run({ kind: 'start', atUs: startUs });
  return made;
};
