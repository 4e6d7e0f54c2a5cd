import { expect } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import { deliver, type Delivering } from '../../src/gateway/delivery.js';
import { memoryOutbox } from '../../src/gateway/outbox.js';
import type { Clock } from '../../src/io/clock.js';
import type { ParkingEvent } from '../../src/parking/event.js';
import type { SinkKind } from '../../src/sinks/define.js';
import { closers } from './stand.js';

export const eventOf = (n: number, more: Partial<ParkingEvent> = {}): ParkingEvent => ({
  ...{ id: `${n}-0`, kind: 'occupied', bay: 'og-01', lot: 'graben', occupied: true, sinceUs: n * 1_000_000 },
  ...{ sensorTimeUs: n * 1_000_000, assertedTimeUs: n * 1_000_000, model: 'some-model', frame: `${n}`, quality: [] },
  ...more,
});

/** A sink of any kind, served by an outbox in memory. */
export const served = async (
  kind: SinkKind,
  how: { readonly config: object; readonly clock: Clock; readonly folder?: string },
) => {
  const { log, events: said } = keptLog();
  const outbox = memoryOutbox();
  const newest = new Map<string, ParkingEvent>();
  const by: Delivering[] = [];
  const sink = await kind.open(kind.config.parse({ type: kind.id, ...how.config }), {
    ...{ clock: how.clock, log, name: 'yard', simulated: false, folder: how.folder ?? '.', retentionDays: 30 },
    changed: () => by[0]?.changed(),
    renew: () => by[0]?.renew(),
  });
  if ('problem' in sink) throw new Error(`${sink.problem.code} ${JSON.stringify(sink.problem.facts)}`);
  outbox.serve(['it']);
  const delivering = deliver({
    ...{ name: 'it', sink, outbox, clock: how.clock, outward: (event) => event },
    current: (key) => ({ kind: 'bay', event: newest.get(key)! }),
    all: () => newest.keys() as Iterable<`bay ${string}`>,
  });
  by.push(delivering);
  closers.push(() => delivering.close());
  return {
    said,
    sink,
    delivering,
    say(event: ParkingEvent): void {
      newest.set(`bay ${event.bay}`, event);
      outbox.add([event]);
      delivering.tell(`bay ${event.bay}`);
    },
    async delivered(count: number): Promise<void> {
      await expect.poll(() => delivering.state.delivered, { timeout: 10_000 }).toBe(count);
    },
  };
};
