// The way from the outbox to one sink: the newest states first, then events, oldest first.
import { usPerMs, usPerSecond, type Us } from '../base/time.js';
import type { ParkingEvent } from '../parking/event.js';
import type { Delivery, StateUpdate } from '../sinks/define.js';
import type { Delivering, DeliverySetup, StateKey } from './delivering.js';
import { newestFirst } from './newest-first.js';
import type { Posted } from './outbox.js';

export type { Delivering, DeliverySetup, SinkState, StateKey } from './delivering.js';

/** A delivery of events that is underway or done: up to, and without, this number. */
interface Flight {
  readonly to: number;
  landed: boolean;
}

const readAhead = 256;
/** A sink that calls itself ready and has nothing delivered is left alone for so long. */
const againUs = usPerSecond;
/** So long an end waits for a far end that is away. */
const awayMs = 1_000;

const isAgain = (how: Delivery | readonly Delivery[]): boolean =>
  typeof how === 'string' ? how === 'again' : how.includes('again');

/** Begins to serve a sink: at its cursor in the outbox, and with every state. */
export const deliver = (setup: DeliverySetup): Delivering => {
  const { name, sink, outbox, clock } = setup;
  const { stream, states } = sink;
  const counts = { delivered: 0, refused: 0, repeated: 0, states: 0 };
  const dirty = newestFirst<StateKey>();
  const told = new Map<StateKey, Us>();
  const idle = new Set<() => void>();
  let flights: Flight[] = [];
  let landing = 0;
  let flying = 0;
  let ahead: readonly Posted[] = [];
  let place = 0;
  let cursor = Math.max(outbox.first, outbox.cursors.get(name) ?? outbox.next);
  let next = cursor;
  const startedAt = outbox.next;
  /** Something has to come again: nothing new leaves before all that is underway has ended. */
  let rewinding = false;
  let reading = false;
  let pausedUntilUs = -Infinity;
  let working = false;
  let closed = false;

  const waiting = (): number => (stream ? outbox.next - cursor : 0);
  const isIdle = (): boolean => waiting() === 0 && (!states || dirty.size + dirty.taken === 0);
  const settle = (): void => {
    if (idle.size === 0 || !isIdle()) return;
    for (const done of idle) done();
  };

  const advance = (): void => {
    while (landing < flights.length && flights[landing]!.landed) cursor = flights[landing++]!.to;
    if (landing > 0 && (landing === flights.length || landing > 1024)) {
      flights = flights.slice(landing);
      landing = 0;
    }
    outbox.acknowledge(name, cursor);
  };

  const pause = (): void => {
    if (!sink.ready || closed) return;
    pausedUntilUs = clock.nowUs() + againUs;
    clock.at(pausedUntilUs, () => pump());
  };

  const landed = (flight: Flight, events: readonly ParkingEvent[], how: Delivery | readonly Delivery[]): void => {
    flying--;
    if (isAgain(how)) {
      counts.repeated += events.length;
      rewinding = true;
      pause();
    } else {
      flight.landed = true;
      const atUs = clock.nowUs();
      for (const [i, event] of events.entries()) {
        const refused = (typeof how === 'string' ? how : how[i]) === 'refused';
        counts[refused ? 'refused' : 'delivered']++;
        if (!refused) setup.delivered?.(event, atUs);
      }
      advance();
    }
    if (rewinding && flying === 0) {
      rewinding = false;
      flights = [];
      landing = 0;
      ahead = [];
      place = 0;
      cursor = Math.max(cursor, outbox.first);
      next = cursor;
    }
    pump();
    settle();
  };

  /** Events that were read; where there is none any more, it was given up. */
  const took = (posted: readonly Posted[], before: number): void => {
    [ahead, place] = [posted, 0];
    if (posted.length > 0) return;
    flights.push({ to: before, landed: true });
    next = before;
    advance();
  };
  const fetch = async (read: Promise<readonly Posted[]>): Promise<void> => {
    const [from, before] = [next, outbox.next];
    reading = true;
    const posted = await read.catch(() => undefined);
    reading = false;
    if (!posted) pause();
    else if (!rewinding && next === from) took(posted, before);
    pump();
    settle();
  };

  /** Hands over the next events; false when there is nothing to hand over now. */
  const sendEvents = (lane: NonNullable<typeof stream>): boolean => {
    if (rewinding || reading || flying >= lane.window || next >= outbox.next) return false;
    if (place >= ahead.length) {
      const read = outbox.read(next, Math.max(readAhead, lane.batch));
      if (read instanceof Promise) return (void fetch(read), false);
      took(read, outbox.next);
      if (ahead.length === 0) return true;
    }
    const events: ParkingEvent[] = [];
    let to = next;
    for (let taken = 0; taken < lane.batch && place < ahead.length; taken++) {
      const { number, event } = ahead[place++]!;
      to = number + 1;
      const outward = setup.outward(event);
      if (outward) events.push(outward);
    }
    const flight = { to, landed: false };
    next = to;
    flights.push(flight);
    if (events.length === 0) {
      flight.landed = true;
      advance();
      settle();
      return true;
    }
    flying++;
    void lane.deliver(events).then((how) => landed(flight, events, how));
    return true;
  };

  const sendStates = (lane: NonNullable<typeof states>): boolean => {
    if (dirty.size === 0 || dirty.taken >= lane.window * lane.batch) return false;
    const keys: StateKey[] = [];
    const updates: StateUpdate[] = [];
    while (updates.length < lane.batch) {
      const key = dirty.take();
      if (key === undefined) break;
      const update = setup.current(key);
      if (!update) {
        dirty.done(key);
        continue;
      }
      keys.push(key);
      updates.push(update);
    }
    if (updates.length === 0) {
      settle();
      return true;
    }
    void lane.deliver(updates).then((how) => {
      const again = isAgain(how);
      for (const [i, key] of keys.entries()) {
        dirty.done(key);
        if (again) dirty.putBack(key);
        else {
          told.set(key, clock.nowUs());
          counts[(typeof how === 'string' ? how : how[i]) === 'refused' ? 'refused' : 'states']++;
        }
      }
      if (again) {
        counts.repeated += keys.length;
        pause();
      }
      pump();
      settle();
    });
    return true;
  };

  const pump = (): void => {
    if (working) return;
    working = true;
    while (!closed && sink.ready && clock.nowUs() >= pausedUntilUs) {
      // As long as a state waits no event goes: a sign that shows what is now is worth more than a history of it.
      if (states && dirty.size > 0) {
        if (!sendStates(states)) break;
        continue;
      }
      if (!stream || !sendEvents(stream)) break;
    }
    working = false;
  };

  const renew = (): void => {
    if (!states) return;
    for (const key of setup.all()) dirty.put(key);
    pump();
  };

  /** Tells again what has not changed for long. */
  const reassert = (): void => {
    const everyUs = states!.reassertMs! * usPerMs;
    const nowUs = clock.nowUs();
    for (const [key, atUs] of told) if (nowUs - atUs >= everyUs && !dirty.has(key)) dirty.put(key);
    pump();
    reasserting = clock.at(nowUs + everyUs / 10, reassert);
  };
  let reasserting: (() => void) | undefined;

  const off = outbox.watch(() => {
    // What was given up is not waited for.
    if (cursor < outbox.first && flying === 0) {
      cursor = outbox.first;
      next = Math.max(next, cursor);
    }
    pump();
  });
  if (states?.reassertMs !== undefined)
    reasserting = clock.at(clock.nowUs() + (states.reassertMs * usPerMs) / 10, reassert);
  renew();

  return {
    address: sink.address,
    get state() {
      return {
        ...sink.link,
        taken: outbox.next - startedAt,
        delivered: counts.delivered,
        waiting: waiting(),
        dropped: outbox.dropped(name),
        refused: counts.refused,
        repeated: counts.repeated,
        states: { delivered: counts.states, waiting: dirty.size },
      };
    },
    changed: pump,
    renew,
    tell(key) {
      if (!states) return;
      dirty.put(key);
      pump();
    },
    flush: (withinMs) =>
      new Promise((resolve) => {
        pump();
        if (isIdle()) return resolve();
        const done = (): void => {
          clearTimeout(limit);
          clearTimeout(away);
          idle.delete(done);
          resolve();
        };
        const limit = setTimeout(done, withinMs);
        const away = setTimeout(() => sink.ready || done(), Math.min(awayMs, withinMs));
        idle.add(done);
      }),
    async close() {
      if (closed) return;
      closed = true;
      off();
      reasserting?.();
      for (const done of [...idle]) done();
      await sink.close();
    },
  };
};
