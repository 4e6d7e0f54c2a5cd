import type { Log } from '../base/log.js';
import { nearest } from '../base/nearest.js';
import { fail, problem } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import type { DownlinkCommand } from '../dialects/city/downlink-json.js';
import { sparseLog } from '../io/sparse-log.js';
import { parseEui } from '../lorawan/ids.js';
import type { Device } from '../network/device.js';
import type { DownlinkEvent, DownlinkRequest } from '../network/queue.js';

/** What the desk needs of a running gateway. */
export interface DownlinkDoor {
  /** What became of it at once: queued or failed. What follows comes through `watch`, and this event does not. */
  enqueue(request: DownlinkRequest): DownlinkEvent;
  watch(listener: (event: DownlinkEvent) => void): () => void;
}

/** Where commands to sensors come together, from people, tools and brokers alike. */
export interface CommandDesk {
  /** The device of that DevEUI, bay or name, in this order. Problems: `device-not-found`, `device-ambiguous`. */
  find(text: string): Result<Device>;
  /**
   * Makes a downlink of a command: `queued` or `failed`. The device's codec writes its message. Problems: those of
   * `find`, and the codec's own, such as `unknown-message` and `bad-message`.
   */
  take(device: string, command: DownlinkCommand): Result<DownlinkEvent>;
  /** Hears every event of every downlink, whoever asked for it, the first one included. Returns a way to stop. */
  watch(listener: (event: DownlinkEvent) => void): () => void;
}

const byName = (devices: readonly Device[]): ReadonlyMap<string, readonly Device[]> => {
  const named = new Map<string, Device[]>();
  for (const device of devices) {
    const same = named.get(device.name);
    if (same) same.push(device);
    else named.set(device.name, [device]);
  }
  return named;
};

const mostShown = 5;

/** A desk in front of a gateway that serves `devices`. */
export const commandDesk = (setup: {
  readonly door: DownlinkDoor;
  readonly devices: readonly Device[];
  readonly log: Log;
}): CommandDesk => {
  const { door, devices } = setup;
  const say = sparseLog(setup.log);
  const euis = new Map(devices.map((device) => [device.devEui, device]));
  const bays = new Map(devices.map((device) => [device.bay, device]));
  const names = byName(devices);
  const listeners = new Set<(event: DownlinkEvent) => void>();

  const tell = (event: DownlinkEvent): void => {
    for (const listener of listeners) listener(event);
  };
  door.watch(tell);

  const find = (text: string): Result<Device> => {
    const eui = parseEui(text);
    const certain = (eui.ok ? euis.get(eui.value) : undefined) ?? bays.get(text);
    if (certain) return ok(certain);
    const same = names.get(text) ?? [];
    const [only] = same;
    if (only && same.length === 1) return ok(only);
    if (!only) {
      // A DevEUI is no slip of the fingers: what lies near it is another sensor.
      if (eui.ok) return fail('unknown-device', { devEui: eui.value });
      const near = nearest(text, [...new Set([...bays.keys(), ...names.keys()])]).join(', ');
      return fail('device-not-found', { device: text.slice(0, 100), near: near === '' ? 'nothing' : near });
    }
    const shown = same.slice(0, mostShown).map(({ bay }) => bay);
    return fail('device-ambiguous', { who: text.slice(0, 100), count: same.length, found: shown.join(', ') });
  };

  /** The payload and its port, as the device's model wants them. */
  const written = (
    { model }: Device,
    { content, fPort }: DownlinkCommand,
  ): Result<Pick<DownlinkRequest, 'fPort' | 'payload'>> => {
    if (content.kind === 'bytes')
      return fPort === undefined ? fail('command-no-port') : ok({ fPort, payload: content.bytes });
    try {
      const encoded = model.encodeCommand(content.message);
      return encoded.ok ? ok({ fPort: fPort ?? encoded.value.fPort, payload: encoded.value.bytes }) : encoded;
    } catch (error) {
      // Whoever writes to a broker's topic chooses the message: a slip of a codec must not end the gateway.
      const what = error instanceof Error ? error.message : String(error);
      say('command_failed', 'internal', { model: model.id, detail: what });
      return { ok: false, problem: problem('internal', { what: `the codec of ${model.id}: ${what}` }) };
    }
  };

  return {
    find,
    take(text, command) {
      const device = find(text);
      if (!device.ok) return device;
      const payload = written(device.value, command);
      if (!payload.ok) return payload;
      const { confirmed, id, expiresUs } = command;
      const event = door.enqueue({
        devEui: device.value.devEui,
        ...payload.value,
        confirmed,
        ...(id !== undefined && { id }),
        ...(expiresUs !== undefined && { expiresUs }),
      });
      tell(event);
      return ok(event);
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
