import { fromHex, toHex } from '../base/hex.js';
import { jsonNumber, jsonText } from '../base/json-text.js';
import { aesKey, type AesKey } from '../lorawan/aes.js';
import type { DevAddr, Eui } from '../lorawan/ids.js';
import type { Us } from '../base/time.js';
import type { AdrSample } from './adr.js';
import { loadView, viewText, type MacView } from './mac-view.js';
import { loadQueue, saveQueue, type QueuedDownlink, type SavedDownlink } from './queue.js';

/** The keys and counters of one activation. */
export interface Session {
  readonly devAddr: DevAddr;
  readonly nwkSKey: AesKey;
  readonly appSKey: AesKey;
  /** The two keys in hexadecimal, for the store alone. */
  readonly hex: { readonly nwkSKey: string; readonly appSKey: string };
  /** Uplink counter that is expected next; everything below was accepted or passed by. */
  nextFCntUp: number;
  /** Downlink counter to use next. */
  nextFCntDown: number;
  /** How the device is set up in this session; undefined until the first frame that needs to know. */
  view: MacView | undefined;
  /** Who heard the last uplink and how far above its need, best first: the way down to a class C device. */
  heardBy: readonly { readonly gateway: Eui; readonly marginDb: number }[];
  /** How often the last uplink came again; forgotten with the process. */
  repeats: number;
  /** The last uplinks as ADR looks at them; forgotten with the process. */
  adrHistory: AdrSample[];
}

/** A queued downlink from its sealing until its gateway has answered; a confirmed one until it was acknowledged or had its time. */
export interface Flight {
  readonly id: string;
  readonly fCnt: number;
  readonly frame: string;
  /** When it is over on the air; undefined until its gateway has answered. */
  overUs: Us | undefined;
  /** A gateway has taken it, and that was told. Not so when none answered: it may have been sent or not. */
  told: boolean;
}

/** What a device said of itself. */
export interface DeviceStatus {
  readonly atUs: Us;
  /** 0 external power, 1 to 254, 255 not measured. */
  readonly battery: number;
  readonly marginDb: number;
}

/** All that the network remembers of a device between frames: what must survive a restart. */
export interface Memory {
  readonly devEui: Eui;
  /** The last JoinNonce given out; each accept uses the next one (24 bits). */
  joinNonce: number;
  /** DevNonces that were used: all of them up to LoRaWAN 1.0.3, only the highest from 1.0.4. */
  devNonces: Set<number>;
  session: Session | undefined;
  /** The session of an accept that no uplink has confirmed yet; the old one stays good until then. */
  pending: Session | undefined;
  /** What waits to be sent, oldest first. */
  queue: QueuedDownlink[];
  /** The head of the queue, while it is on its way. */
  flight: Flight | undefined;
  /** When the device was last asked for its status. */
  statusAskedUs: Us;
  status: DeviceStatus | undefined;
}

export const emptyMemory = (devEui: Eui): Memory => ({
  devEui,
  joinNonce: 0,
  devNonces: new Set(),
  session: undefined,
  pending: undefined,
  queue: [],
  flight: undefined,
  statusAskedUs: 0,
  status: undefined,
});

/** A session with counters at zero. */
export const newSession = (
  devAddr: DevAddr,
  { nwkSKey, appSKey }: { readonly nwkSKey: Uint8Array; readonly appSKey: Uint8Array },
): Session => ({
  devAddr,
  nwkSKey: aesKey(nwkSKey),
  appSKey: aesKey(appSKey),
  hex: { nwkSKey: toHex(nwkSKey), appSKey: toHex(appSKey) },
  nextFCntUp: 0,
  nextFCntDown: 0,
  view: undefined,
  heardBy: [],
  repeats: 0,
  adrHistory: [],
});

/** A session as the store writes it. Holds keys: for a file that only its owner may read, never for a log. */
export interface SavedSession {
  readonly devAddr: DevAddr;
  readonly nwkSKey: string;
  readonly appSKey: string;
  readonly nextFCntUp: number;
  readonly nextFCntDown: number;
  readonly view?: MacView;
  readonly heardBy?: Session['heardBy'];
}

/** A memory as the store writes it. */
export interface SavedMemory {
  readonly devEui: Eui;
  readonly joinNonce: number;
  /** Absent when they are what an earlier line says. */
  readonly devNonces?: readonly number[];
  readonly session?: SavedSession;
  readonly pending?: SavedSession;
  readonly queue?: readonly SavedDownlink[];
  readonly statusAskedUs?: Us;
  readonly status?: DeviceStatus;
}

const saveSession = (session: Session): SavedSession => ({
  devAddr: session.devAddr,
  ...session.hex,
  nextFCntUp: session.nextFCntUp,
  nextFCntDown: session.nextFCntDown,
  ...(session.view && { view: session.view }),
  ...(session.heardBy.length > 0 && { heardBy: session.heardBy }),
});

/**
 * What the store writes of a memory. What is on its way is written as waiting: after a restart it is sent again, under a
 * new counter. `nonces: false` leaves out the used DevNonces, which may be thousands and change with joins alone.
 */
export const saveMemory = (memory: Memory, { nonces = true } = {}): SavedMemory => ({
  devEui: memory.devEui,
  joinNonce: memory.joinNonce,
  ...(nonces && { devNonces: [...memory.devNonces] }),
  ...(memory.queue.length > 0 && { queue: saveQueue(memory.queue) }),
  ...(memory.statusAskedUs > 0 && { statusAskedUs: memory.statusAskedUs }),
  ...(memory.status && { status: memory.status }),
  ...(memory.session && { session: saveSession(memory.session) }),
  ...(memory.pending && { pending: saveSession(memory.pending) }),
});

/**
 * The same text as `JSON.stringify(saveMemory(memory, { nonces: false }))`: it is written with every frame, so it is put
 * together by hand.
 */
export const memoryText = (memory: Memory): string => {
  const { queue, statusAskedUs, status, session, pending } = memory;
  let text = `{"devEui":${jsonText(memory.devEui)},"joinNonce":${memory.joinNonce}`;
  if (queue.length > 0) text += `,"queue":${JSON.stringify(saveQueue(queue))}`;
  if (statusAskedUs > 0) text += `,"statusAskedUs":${statusAskedUs}`;
  if (status) text += `,"status":${JSON.stringify(status)}`;
  if (session) text += `,"session":${sessionText(session)}`;
  if (pending) text += `,"pending":${sessionText(pending)}`;
  return `${text}}`;
};

const sessionText = ({ devAddr, hex, nextFCntUp, nextFCntDown, view, heardBy }: Session): string => {
  let text = `{"devAddr":${devAddr},"nwkSKey":"${hex.nwkSKey}","appSKey":"${hex.appSKey}"`;
  text += `,"nextFCntUp":${nextFCntUp},"nextFCntDown":${nextFCntDown}`;
  if (view) text += `,"view":${viewText(view)}`;
  if (heardBy.length === 0) return `${text}}`;
  text += ',"heardBy":[';
  for (const [i, { gateway, marginDb }] of heardBy.entries())
    text += `${i > 0 ? ',' : ''}{"gateway":${jsonText(gateway)},"marginDb":${jsonNumber(marginDb)}}`;
  return `${text}]}`;
};

const isCounter = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const loadSession = (saved: unknown): Session | undefined => {
  if (saved === null || typeof saved !== 'object') return undefined;
  const { devAddr, nwkSKey, appSKey, nextFCntUp, nextFCntDown, view, heardBy } = saved as Record<string, unknown>;
  const nwk = typeof nwkSKey === 'string' ? fromHex(nwkSKey) : undefined;
  const app = typeof appSKey === 'string' ? fromHex(appSKey) : undefined;
  if (!nwk?.ok || nwk.value.length !== 16 || !app?.ok || app.value.length !== 16) return undefined;
  if (!isCounter(devAddr) || !isCounter(nextFCntUp) || !isCounter(nextFCntDown)) return undefined;
  return {
    ...newSession(devAddr, { nwkSKey: nwk.value, appSKey: app.value }),
    nextFCntUp,
    nextFCntDown,
    view: loadView(view),
    heardBy: Array.isArray(heardBy) ? heardBy.filter(isHearing) : [],
  };
};

const isHearing = (value: unknown): value is Session['heardBy'][number] =>
  value !== null &&
  typeof value === 'object' &&
  typeof (value as Record<string, unknown>)['gateway'] === 'string' &&
  typeof (value as Record<string, unknown>)['marginDb'] === 'number';

const isStatus = (value: unknown): value is DeviceStatus =>
  value !== null &&
  typeof value === 'object' &&
  ['atUs', 'battery', 'marginDb'].every((name) => typeof (value as Record<string, unknown>)[name] === 'number');

/** The memory that was saved; undefined when the value is none (a torn line, a stranger's file). `before` is what an earlier line said. */
export const loadMemory = (saved: unknown, before?: Memory): Memory | undefined => {
  if (saved === null || typeof saved !== 'object') return undefined;
  const { devEui, joinNonce, devNonces, session, pending, queue, statusAskedUs, status } = saved as Record<
    string,
    unknown
  >;
  if (typeof devEui !== 'string' || !/^[0-9a-f]{16}$/.test(devEui)) return undefined;
  if (!isCounter(joinNonce)) return undefined;
  const nonces = devNonces === undefined && before ? [...before.devNonces] : devNonces;
  if (!Array.isArray(nonces) || !nonces.every(isCounter)) return undefined;
  return {
    devEui,
    joinNonce,
    devNonces: new Set(nonces),
    session: loadSession(session),
    pending: loadSession(pending),
    queue: loadQueue(queue, devEui),
    flight: undefined,
    statusAskedUs: isCounter(statusAskedUs) ? statusAskedUs : 0,
    status: isStatus(status) ? status : undefined,
  };
};
