import { nearest } from '../base/nearest.js';
import type { Us } from '../base/time.js';
import type { DownlinkOutcome, Outcome } from '../ladder/outcome.js';
import { frameId } from '../lorawan/frame.js';
import { parseEui, type Eui } from '../lorawan/ids.js';
import type { RxFrame } from '../lorawan/radio.js';
import type { Device } from '../network/device.js';
import type { DownlinkEvent } from '../network/queue.js';
import { downlinkRecord, queueStepRecord } from '../trace/downlink.js';
import { aroundRecord, type Around } from '../trace/life-around.js';
import { lifeMemory, usualBounds, type MemoryBounds } from '../trace/life-memory.js';
import { outcomeRecord } from '../trace/outcome.js';
import type { TraceRecord } from '../trace/record.js';

/** A device as it is told to whoever asks; never a key. */
export interface KnownDevice {
  readonly devEui: Eui;
  readonly name: string;
  readonly bay: string;
  readonly lot: string;
  readonly model: string;
  readonly lorawan: string;
  readonly activation: 'otaa' | 'abp';
}

/** What a running gateway knows of a device: JSON as it is, for the control socket. */
export interface WhyAnswer {
  /** Absent when no such device is registered. */
  readonly device?: KnownDevice;
  /** Names of registered devices that are nearest to what was asked for; empty when it was found. */
  readonly near: readonly string[];
  readonly nowUs: Us;
  /** Since when this gateway remembers. */
  readonly sinceUs: Us;
  /** Frame by frame, the oldest frame first; then what is known around them. */
  readonly records: readonly TraceRecord<string, object>[];
  /** Frames that are remembered and were left out. */
  readonly leftOut: number;
  readonly strangers: readonly { readonly devAddr: string; readonly frames: number }[];
}

/** A bounded memory of what a running gateway has seen of each device. */
export interface Diary {
  outcome(outcome: Outcome): void;
  downlink(outcome: DownlinkOutcome): void;
  event(event: DownlinkEvent): void;
  /** A hearing that gave no outcome of its own; only late ones are noted, the others stand in the outcome. */
  copy(rx: RxFrame, when: 'in-time' | 'late'): void;
  /** What a source refused, and what it said of it. */
  refused(why: string, fields?: Readonly<Record<string, unknown>>): void;
  gateway(eui: Eui, state: 'online' | 'offline'): void;
  /** `devEui` may also be a name, a bay, or a DevAddr. Never throws. */
  why(query: { readonly devEui: string; readonly last?: number }): WhyAnswer;
}

export interface DiarySetup {
  readonly devices: readonly Device[];
  nowUs(): Us;
  /** How the sinks stand now. */
  sinks?(): readonly { readonly address: string; readonly connected: boolean; readonly waiting: number }[];
  readonly bounds?: MemoryBounds;
}

const usualLast = 16;
/** An answer is one line on the control socket, whose reader has a bound of its own. */
const mostAnswerBytes = 1 << 20;
const reason = /^[a-z0-9]{1,32}(-[a-z0-9]{1,32}){0,7}$/;

/** A diary that begins now. Names of strangers are not kept: anybody could fill our memory with them. */
export const diary = (setup: DiarySetup): Diary => {
  const { devices, nowUs, bounds = usualBounds } = setup;
  const byEui = new Map(devices.map((device) => [device.devEui, device]));
  const byName = new Map(
    [...devices].reverse().flatMap((device) => [device.bay, device.name].map((one) => [one, device])),
  );
  const memory = lifeMemory(({ devEui }) => (devEui !== undefined && byEui.has(devEui) ? 'ours' : 'stranger'), {
    ...bounds,
    // At least a frame for each: the memory would look through all devices with every frame to find room for one more.
    total: Math.max(bounds.total, devices.length),
    names: 0,
  });
  const sinceUs = nowUs();
  const counts = new Map<string, number>();

  const note = (around: Around): void => memory.keep(aroundRecord(around) as TraceRecord, { kind: 'around', around });

  const knownAs = (text: string): Device | undefined => {
    const eui = parseEui(text);
    return (eui.ok ? byEui.get(eui.value) : undefined) ?? byName.get(text);
  };

  return {
    outcome: (outcome) => memory.keep(outcomeRecord(outcome) as unknown as TraceRecord, { kind: 'outcome', outcome }),
    downlink: (downlink) =>
      memory.keep(downlinkRecord(downlink) as unknown as TraceRecord, { kind: 'downlink', downlink }),
    event: (step) => memory.keep(queueStepRecord(step) as unknown as TraceRecord, { kind: 'step', step }),
    copy(rx, when) {
      if (when !== 'late') return;
      const { atUs, gateway, rssiDbm, snrDb } = rx;
      note({
        kind: 'late-copy',
        atUs,
        frame: frameId(rx.phy),
        gateway,
        rssiDbm,
        ...(snrDb !== undefined && { snrDb }),
      });
    },
    refused(why, fields = {}) {
      if (!reason.test(why)) return;
      const { gateway } = fields;
      const by = typeof gateway === 'string' && /^[0-9a-f]{16}$/.test(gateway) ? gateway : undefined;
      const key = `${why} ${by ?? ''}`;
      if (counts.size >= 1_000 && !counts.has(key)) return;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      note({ kind: 'refused', atUs: nowUs(), why, count, ...(by !== undefined && { gateway: by }) });
    },
    gateway: (gateway, state) => note({ kind: 'gateway', atUs: nowUs(), gateway, state }),
    why({ devEui: text, last = usualLast }) {
      const device = knownAs(text);
      const eui = parseEui(text);
      const asked = {
        ...((device || eui.ok) && { devEui: device?.devEui ?? (eui.ok ? eui.value : '') }),
        ...(/^[0-9a-f]{8}$/i.test(text) && !device && { devAddr: text.toLowerCase() }),
      };
      const found = memory.of(asked);
      const names = (): readonly string[] => devices.flatMap(({ devEui, bay, name }) => [devEui, bay, name]);
      const atUs = nowUs();
      const sinks = (setup.sinks?.() ?? []).map(({ address: sink, connected, waiting }) =>
        aroundRecord({ kind: 'sink', atUs, sink, connected, waiting }),
      );
      const shown = lastWithin(found.frames, Math.max(1, last));
      const asides = lastWithin(found.asides, Math.max(1, last));
      return {
        ...(device && { device: tellable(device) }),
        near: device || found.frames.length + found.asides.length > 0 ? [] : nearest(text, [...new Set(names())]),
        nowUs: atUs,
        sinceUs,
        records: [...shown.flat(), ...asides.flat(), ...found.around, ...sinks],
        leftOut: found.frames.length - shown.length + found.asides.length - asides.length,
        strangers: memory.strangers().slice(0, 8),
      };
    },
  };
};

/** The newest frames, as many as are wanted and fit into an answer. */
const lastWithin = (frames: readonly (readonly TraceRecord[])[], last: number): readonly (readonly TraceRecord[])[] => {
  let bytes = 0;
  let first = frames.length;
  while (first > 0 && frames.length - first < last) {
    bytes += JSON.stringify(frames[first - 1]).length;
    if (bytes > mostAnswerBytes && first < frames.length) break;
    first--;
  }
  return frames.slice(first);
};

const tellable = ({ devEui, name, bay, lot, model, lorawan, activation }: Device): KnownDevice => ({
  devEui,
  name,
  bay,
  lot,
  model: model.id,
  lorawan,
  activation: activation.kind,
});
