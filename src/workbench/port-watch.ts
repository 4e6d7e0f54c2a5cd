import { usbIdOf, type Known } from '../console/guess.js';
import type { PortInfo } from '../io/ports.js';
import { shownPort, type ShownPort } from './ports.js';

/** What happened to a port. `back` is the same device again: after a restart, in its bootloader, in another socket. */
export type PortEvent =
  | { readonly kind: 'plugged'; readonly port: ShownPort }
  | { readonly kind: 'unplugged'; readonly port: ShownPort }
  | { readonly kind: 'back'; readonly port: ShownPort; readonly before: ShownPort };

/** A device that leaves the bus to restart or to enter its bootloader is back within this time; then it never was away. */
const restartMs = 2_000;
/** What comes later is a device that a person plugged in again; the memory of it does not last for ever. */
const rememberedMs = 60_000;

interface Gone {
  readonly was: ShownPort;
  readonly atMs: number;
  told: boolean;
}

export interface PortWatch {
  /** The ports as they are now, and the time; gives what happened since the last call. */
  step(ports: readonly PortInfo[], nowMs: number): readonly PortEvent[];
  /** What is gone and has not been told yet. */
  rest(): readonly PortEvent[];
}

const keyOf = (port: PortInfo): string => `${port.path} ${usbIdOf(port) ?? ''} ${port.serialNumber ?? ''}`;

const samePath = ({ was }: Gone, { port }: ShownPort): number => (was.port.path === port.path ? 1 : 0);

/** How sure it is that both are one device: 0 is not at all. */
const likeness = (a: ShownPort, b: ShownPort): number => {
  const { serialNumber } = a.port;
  if (serialNumber !== undefined && serialNumber !== '' && serialNumber === b.port.serialNumber) return 3;
  // Two serial numbers are two devices.
  if (serialNumber && b.port.serialNumber && usbIdOf(a.port) === usbIdOf(b.port)) return 0;
  const [one, other] = [a.guessed.guesses[0], b.guessed.guesses[0]];
  const sure = one && other && one.because !== 'bridge-only' && other.because !== 'bridge-only';
  if (sure && one.board.id === other.board.id) return 2;
  return usbIdOf(a.port) !== undefined && usbIdOf(a.port) === usbIdOf(b.port) ? 1 : 0;
};

/**
 * Tells what comes and goes. A device that is away for less than two seconds is told in one event when it is back; one
 * that stays away is told then. Whatever is there at the beginning is not told.
 */
export const watchPorts = (first: readonly PortInfo[], known: Known): PortWatch => {
  let there = new Map(first.map((port) => [keyOf(port), shownPort(port, known)]));
  let gone: Gone[] = [];

  return {
    step(ports, nowMs) {
      const events: PortEvent[] = [];
      const now = new Map(ports.map((port) => [keyOf(port), there.get(keyOf(port)) ?? shownPort(port, known)]));
      for (const [key, was] of there) if (!now.has(key)) gone.push({ was, atMs: nowMs, told: false });
      for (const [key, port] of now) {
        if (there.has(key)) continue;
        const [best] = gone
          .map((one) => ({ one, like: likeness(one.was, port) }))
          .filter(({ like }) => like > 0)
          .sort((a, b) => b.like - a.like || samePath(b.one, port) - samePath(a.one, port) || b.one.atMs - a.one.atMs);
        if (best) gone = gone.filter((one) => one !== best.one);
        // Its name is taken: whoever had it is not coming back to it.
        for (const one of gone)
          if (!one.told && samePath(one, port) === 1) {
            one.told = true;
            events.push({ kind: 'unplugged', port: one.was });
          }
        events.push(best ? { kind: 'back', port, before: best.one.was } : { kind: 'plugged', port });
      }
      for (const one of gone)
        if (!one.told && nowMs - one.atMs >= restartMs) {
          one.told = true;
          events.push({ kind: 'unplugged', port: one.was });
        }
      gone = gone.filter(({ atMs }) => nowMs - atMs < rememberedMs);
      there = now;
      return events;
    },
    rest: () => gone.filter(({ told }) => !told).map(({ was }) => ({ kind: 'unplugged', port: was })),
  };
};
