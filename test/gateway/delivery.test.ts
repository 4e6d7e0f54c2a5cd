import fc from 'fast-check';
import { expect, test } from 'vitest';
import { steppedClock } from '../../src/io/clock.js';
import { deliver, type Delivering, type StateKey } from '../../src/gateway/delivery.js';
import { memoryOutbox } from '../../src/gateway/outbox.js';
import type { ParkingEvent } from '../../src/parking/event.js';
import type { Delivery, Lane, OpenSink, StateUpdate } from '../../src/sinks/define.js';

const eventOf = (n: number, bay: string): ParkingEvent => ({
  id: `e${n}`,
  kind: n % 2 === 0 ? 'occupied' : 'freed',
  bay,
  lot: 'lot',
  occupied: n % 2 === 0,
  sinceUs: n,
  sensorTimeUs: n,
  assertedTimeUs: n,
  device: 'd',
  model: 'm',
  frame: `f${n}`,
  quality: [],
});

/** A far end that does as it is told: it holds what it was given until `answer` says how that ended. */
const farEnd = (lanes: { readonly batch?: number; readonly window?: number; readonly states?: boolean } = {}) => {
  const { batch = 1, window = 4, states = true } = lanes;
  const open: {
    readonly kind: string;
    readonly what: readonly string[];
    end(how: Delivery | readonly Delivery[]): void;
  }[] = [];
  const got: string[] = [];
  const hear =
    <T>(kind: string, name: (one: T) => string) =>
    (these: readonly T[]): Promise<Delivery | readonly Delivery[]> =>
      new Promise((resolve) => {
        const what = these.map(name);
        open.push({
          kind,
          what,
          end(how) {
            got.push(...what.filter((_, i) => (typeof how === 'string' ? how : how[i]) === 'delivered'));
            resolve(how);
          },
        });
      });
  const far = {
    open,
    got,
    ready: true,
    events: () => got.filter((one) => one.startsWith('e')),
    states: () => got.filter((one) => !one.startsWith('e')),
    /** Ends what is underway, the oldest first, until nothing is. */
    async answer(how: (n: number) => Delivery = () => 'delivered', most = 1_000_000): Promise<void> {
      for (let n = 0; n < most; n++) {
        await breath();
        const one = open.shift();
        if (!one) return;
        one.end(how(n));
      }
    },
  };
  const stream: Lane<ParkingEvent> = { batch, window, deliver: hear('stream', ({ id }: ParkingEvent) => id) };
  const stateName = (update: StateUpdate): string =>
    update.kind === 'bay' ? `${update.event.bay}=${update.event.id}` : `lot ${update.lot.lot}`;
  const sink: OpenSink = {
    address: 'far://end',
    get ready() {
      return far.ready;
    },
    link: { connected: true },
    stream,
    ...(states && { states: { batch, window, deliver: hear('state', stateName) } }),
    close: () => Promise.resolve(),
  };
  return { far, sink };
};

const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A gateway's half: newest events by bay, an outbox, and a clock. */
const nearEnd = (sink: OpenSink, outbox: ReturnType<typeof memoryOutbox> = memoryOutbox()) => {
  const clock = steppedClock(0);
  const newest = new Map<string, ParkingEvent>();
  let count = 0;
  outbox.serve(['far']);
  const delivering: Delivering = deliver({
    name: 'far',
    sink,
    outbox,
    clock,
    outward: (event) => event,
    current: (key: StateKey) => ({ kind: 'bay', event: newest.get(key.slice(4))! }),
    all: () => [...newest.keys()].map((bay) => `bay ${bay}` as const),
  });
  return {
    clock,
    outbox,
    delivering,
    say(bay: string): void {
      const event = eventOf(count++, bay);
      newest.set(bay, event);
      outbox.add([event]);
      delivering.tell(`bay ${bay}`);
    },
  };
};

test('events go in order, states beside them', async () => {
  const { far, sink } = farEnd();
  const near = nearEnd(sink);
  for (const bay of ['a', 'b', 'a', 'c']) near.say(bay);
  await far.answer();
  expect(far.events()).toEqual(['e0', 'e1', 'e2', 'e3']);
  expect(far.states()).toContain('c=e3');
  expect(
    far
      .states()
      .filter((one) => one.startsWith('a'))
      .at(-1),
  ).toBe('a=e2');
  expect(near.delivering.state).toMatchObject({ taken: 4, delivered: 4, waiting: 0, states: { waiting: 0 } });
  expect(near.outbox.first).toBe(4);
});

test('of those that were delivered together each ends as the far end says; `again` among them means all', async () => {
  const { far, sink } = farEnd({ batch: 3, window: 1 });
  const near = nearEnd(sink);
  far.ready = false;
  for (const bay of ['a', 'b', 'c']) near.say(bay);
  far.ready = true;
  near.delivering.changed();
  far.open.shift()!.end(['delivered', 'refused', 'delivered']);
  await breath();
  expect(near.delivering.state).toMatchObject({ refused: 1, states: { delivered: 2, waiting: 0 } });
  far.open.shift()!.end(['delivered', 'again', 'delivered']);
  await breath();
  expect(near.delivering.state).toMatchObject({ delivered: 0, repeated: 3, waiting: 3 });
  near.clock.advance(near.clock.nowUs() + 2_000_000);
  expect(far.open.map(({ what }) => what)).toEqual([['e0', 'e1', 'e2']]);
  far.open.shift()!.end(['delivered', 'refused', 'delivered']);
  await breath();
  expect(near.delivering.state).toMatchObject({ delivered: 2, refused: 2, repeated: 3, waiting: 0 });
  expect(near.outbox.first).toBe(3);
});

test('after an outage the newest state of each bay comes first, the bay that changed last before the others', async () => {
  const { far, sink } = farEnd();
  far.ready = false;
  const near = nearEnd(sink);
  for (let n = 0; n < 300; n++) near.say(`b${n % 7}`);
  expect(far.open).toEqual([]);
  far.ready = true;
  near.delivering.changed();
  await far.answer();
  expect(far.got.slice(0, 7)).toEqual([299, 298, 297, 296, 295, 294, 293].map((n) => `b${n % 7}=e${n}`));
  expect(far.got.slice(7)).toEqual(Array.from({ length: 300 }, (_, n) => `e${n}`));
});

test('what is not known to have arrived comes again, in order, and is not passed by', async () => {
  const { far, sink } = farEnd({ states: false, window: 4 });
  const near = nearEnd(sink);
  for (let n = 0; n < 10; n++) near.say('a');
  await breath();
  expect(far.open).toHaveLength(4);
  far.ready = false;
  await far.answer((n) => (n === 0 ? 'delivered' : 'again'));
  expect(near.outbox.first).toBe(1);
  expect(near.delivering.state).toMatchObject({ delivered: 1, waiting: 9, repeated: 3 });
  far.ready = true;
  near.delivering.changed();
  await far.answer();
  expect(far.got).toEqual(Array.from({ length: 10 }, (_, n) => `e${n}`));
});

test('a sink that calls itself ready and delivers nothing is asked once a second, not without end', async () => {
  const { far, sink } = farEnd({ states: false, window: 1 });
  const near = nearEnd(sink);
  near.say('a');
  await far.answer(() => 'again', 50);
  expect(near.delivering.state.repeated).toBe(1);
  near.clock.advance(1_000_000);
  await far.answer(() => 'again', 50);
  expect(near.delivering.state.repeated).toBe(2);
  near.clock.advance(2_000_000);
  await far.answer();
  expect(far.got).toEqual(['e0']);
});

test('what the far end will never take is counted and passed over', async () => {
  const { far, sink } = farEnd({ states: false, batch: 2 });
  const near = nearEnd(sink);
  for (let n = 0; n < 4; n++) near.say('a');
  await far.answer((n) => (n === 1 ? 'refused' : 'delivered'));
  expect(near.delivering.state.refused).toBeGreaterThan(0);
  expect(near.delivering.state.waiting).toBe(0);
});

test('a far end that may have forgotten gets all states again', async () => {
  const { far, sink } = farEnd();
  const near = nearEnd(sink);
  for (const bay of ['a', 'b', 'c']) near.say(bay);
  await far.answer();
  const before = far.states().length;
  near.delivering.renew();
  await far.answer();
  expect(far.states().slice(before).sort()).toEqual(['a=e0', 'b=e1', 'c=e2']);
});

test('an outbox that outgrows its bound gives up the oldest, and says how many', async () => {
  const { far, sink } = farEnd({ states: false });
  far.ready = false;
  const near = nearEnd(sink, memoryOutbox(5));
  for (let n = 0; n < 12; n++) near.say('a');
  expect(near.delivering.state).toMatchObject({ dropped: 7, waiting: 5 });
  far.ready = true;
  near.delivering.changed();
  await far.answer();
  expect(far.got).toEqual(['e7', 'e8', 'e9', 'e10', 'e11']);
});

test('an end waits for what is underway, and not for a far end that stays away', async () => {
  const { far, sink } = farEnd();
  const near = nearEnd(sink);
  near.say('a');
  let over = false;
  const flushed = near.delivering.flush(60_000).then(() => (over = true));
  await breath();
  expect(over).toBe(false);
  await far.answer();
  await flushed;
  far.ready = false;
  near.say('a');
  await near.delivering.flush(20);
  await near.delivering.close();
  expect(near.delivering.state.waiting).toBe(1);
});

/** The same outbox, whose older events have to be fetched. */
const slowly = (outbox: ReturnType<typeof memoryOutbox>): ReturnType<typeof memoryOutbox> => ({
  ...outbox,
  get next() {
    return outbox.next;
  },
  get first() {
    return outbox.first;
  },
  async read(from, most) {
    await breath();
    return outbox.read(from, Math.min(most, 3));
  },
});

test('whatever happens on the way, everything arrives, in order, and twice only after an again', async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('say' as const), bay: fc.constantFrom('a', 'b', 'c') }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('answer' as const),
        how: fc.array(fc.constantFrom('delivered' as const, 'delivered' as const, 'again' as const), {
          minLength: 1,
          maxLength: 4,
        }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('turn' as const) }) },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.record({
        batch: fc.integer({ min: 1, max: 3 }),
        window: fc.integer({ min: 1, max: 5 }),
        fetched: fc.boolean(),
      }),
      async (steps, { batch, window, fetched }) => {
        const { far, sink } = farEnd({ batch, window });
        const outbox = memoryOutbox();
        const near = nearEnd(sink, fetched ? slowly(outbox) : outbox);
        let said = 0;
        for (const one of steps) {
          if (one.kind === 'say') {
            near.say(one.bay);
            said++;
          } else if (one.kind === 'answer') {
            const cut = one.how.indexOf('again');
            await far.answer((n) => one.how[n]!, cut < 0 ? one.how.length : cut);
            // A connection that is cut takes everything with it that was underway.
            if (cut >= 0) {
              const before = far.ready;
              far.ready = false;
              await far.answer(() => 'again');
              far.ready = before;
            }
          } else {
            far.ready = !far.ready;
            near.delivering.changed();
          }
        }
        far.ready = true;
        for (let round = 0; round < 20; round++) {
          near.clock.advance(near.clock.nowUs() + 2_000_000);
          near.delivering.changed();
          await far.answer();
        }
        const firsts = [...new Set(far.events())];
        expect(firsts).toEqual(Array.from({ length: said }, (_, n) => `e${n}`));
        expect(near.delivering.state.waiting).toBe(0);
        expect(outbox.first).toBe(said);
        const newest = new Map<string, string>();
        for (const one of far.states()) newest.set(one.slice(0, 1), one);
        for (const [bay, last] of newest)
          expect(last).toBe(
            far
              .states()
              .filter((one) => one.startsWith(bay))
              .sort((x, y) => Number(x.slice(3)) - Number(y.slice(3)))
              .at(-1),
          );
      },
    ),
    { numRuns: 200 },
  );
});
