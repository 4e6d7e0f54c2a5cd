import { toHex } from '../base/hex.js';
import type { Us } from '../base/time.js';
import type { DevAddr, Eui } from '../lorawan/ids.js';
import type { Device } from './device.js';
import { emptyMemory, newSession, type Memory } from './session.js';

/** A device and what the network remembers of it. */
export interface Entry {
  readonly device: Device;
  readonly memory: Memory;
  /** How many joins were answered of late; forgotten with the process. */
  readonly joins: { debtUs: Us; atUs: Us };
  /** Names of the last downlinks that were asked for: a broker may deliver a command twice. Forgotten with the process. */
  readonly recentIds: string[];
}

/** Every device of one network, found by DevEUI and by the DevAddrs of its sessions. */
export interface Registry {
  readonly size: number;
  byDevEui(devEui: Eui): Entry | undefined;
  /** Several devices may share a DevAddr; the MIC tells them apart. */
  byDevAddr(devAddr: DevAddr): readonly Entry[];
  /** To be called when a session of `entry` came or went. */
  reindex(entry: Entry): void;
  entries(): IterableIterator<Entry>;
}

const none: readonly Entry[] = [];

/** A registry of `devices`, continuing from `memories` where there are some. */
export const registry = (devices: readonly Device[], memories: readonly Memory[] = []): Registry => {
  const known = new Map(memories.map((memory) => [memory.devEui, memory]));
  const byEui = new Map<Eui, Entry>();
  const byAddr = new Map<DevAddr, Entry[]>();
  const indexed = new Map<Entry, readonly DevAddr[]>();

  const reindex = (entry: Entry): void => {
    // In place: a copy of the list for each of many devices on one DevAddr would take their number squared.
    for (const addr of indexed.get(entry) ?? []) {
      const sharing = byAddr.get(addr);
      if (!sharing) continue;
      sharing.splice(sharing.indexOf(entry), 1);
      if (sharing.length === 0) byAddr.delete(addr);
    }
    const { session, pending } = entry.memory;
    const addrs = [...new Set([session, pending].flatMap((s) => (s ? [s.devAddr] : [])))];
    for (const addr of addrs) {
      const sharing = byAddr.get(addr);
      if (sharing) sharing.push(entry);
      else byAddr.set(addr, [entry]);
    }
    indexed.set(entry, addrs);
  };

  for (const device of devices) {
    const memory = known.get(device.devEui) ?? emptyMemory(device.devEui);
    const { activation } = device;
    // Keys of a personalised device that were changed in the file replace the session that the store remembers.
    if (activation.kind === 'abp' && !isSessionOf(memory, activation))
      memory.session = {
        ...newSession(activation.devAddr, activation),
        nextFCntUp: activation.fCntUp ?? 0,
        nextFCntDown: activation.fCntDown ?? 0,
      };
    const entry = { device, memory, joins: { debtUs: 0, atUs: 0 }, recentIds: [] };
    byEui.set(device.devEui, entry);
    reindex(entry);
  }

  return {
    size: byEui.size,
    byDevEui: (devEui) => byEui.get(devEui),
    byDevAddr: (devAddr) => byAddr.get(devAddr) ?? none,
    reindex,
    entries: () => byEui.values(),
  };
};

const isSessionOf = (
  memory: Memory,
  activation: { readonly devAddr: DevAddr; readonly nwkSKey: Uint8Array; readonly appSKey: Uint8Array },
): boolean => {
  const { session } = memory;
  return (
    session?.devAddr === activation.devAddr &&
    session.hex.nwkSKey === toHex(activation.nwkSKey) &&
    session.hex.appSKey === toHex(activation.appSKey)
  );
};
