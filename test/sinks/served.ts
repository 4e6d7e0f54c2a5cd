import { afterEach } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import { deliver, type Delivering, type StateKey } from '../../src/gateway/delivery.js';
import { memoryOutbox } from '../../src/gateway/outbox.js';
import type { Clock, SteppedClock } from '../../src/io/clock.js';
import type { ParkingEvent } from '../../src/parking/event.js';
import type { OpenSink, SinkKind } from '../../src/sinks/define.js';

const open = new Set<() => Promise<void>>();
afterEach(async () => {
  for (const close of open) await close();
  open.clear();
});

export const eventOf = (n: number, more: Partial<ParkingEvent> = {}): ParkingEvent => ({
  id: `e${n}`,
  kind: n % 2 === 0 ? 'occupied' : 'freed',
  bay: `bay-${n % 7}`,
  lot: 'graben',
  occupied: n % 2 === 0,
  sinceUs: n * 1_000_000,
  sensorTimeUs: n * 1_000_000,
  assertedTimeUs: n * 1_000_000,
  device: '0200000000000001',
  model: 'some-model',
  frame: `f${n}`,
  quality: [],
  ...more,
});

/** A sink of any kind, served by an outbox in memory. */
export const serve = async (
  kind: SinkKind,
  options: Readonly<Record<string, unknown>>,
  { clock, folder = '/nowhere' }: { readonly clock: Clock; readonly folder?: string },
) => {
  const { log, events: said } = keptLog();
  const config = kind.config.parse({ type: kind.id, ...options });
  const outbox = memoryOutbox();
  const newest = new Map<string, ParkingEvent>();
  const served: Delivering[] = [];
  const opened = await kind.open(config, {
    clock,
    log,
    name: 'yard',
    simulated: false,
    folder,
    retentionDays: 30,
    changed: () => served[0]?.changed(),
    renew: () => served[0]?.renew(),
  });
  if ('problem' in opened) throw new Error(opened.problem.code);
  const sink: OpenSink = opened;
  outbox.serve(['sink']);
  const delivering = deliver({
    ...{ name: 'sink', sink, outbox, clock },
    outward: (event) => event,
    current: (key: StateKey) => ({ kind: 'bay', event: newest.get(key)! }),
    all: () => newest.keys() as Iterable<StateKey>,
  });
  served.push(delivering);
  open.add(delivering.close);
  return {
    sink,
    delivering,
    said,
    words: () => said.map(({ event }) => event),
    write(...events: readonly ParkingEvent[]): void {
      outbox.add(events);
      for (const event of events) {
        newest.set(`bay ${event.bay}`, event);
        delivering.tell(`bay ${event.bay}`);
      }
    },
  };
};

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

/** Waits for real sockets; time itself goes on only while the sink waits. */
export const until = async (
  what: () => boolean,
  { sink, clock }: { readonly sink: OpenSink; readonly clock: SteppedClock },
): Promise<void> => {
  for (let turns = 0; !what(); turns++) {
    if (turns > 10_000) throw new Error('it never came to pass');
    await turn();
    if (!what() && !sink.ready && clock.nextUs < Infinity) clock.advance(clock.nextUs);
  }
};
