import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import bosch from '../../devices/sensors/bosch-tps110.js';
import { silent } from '../../src/base/log.js';
import { must } from '../../src/base/problem.js';
import { simulatedNetwork } from '../../src/city/city.js';
import { openGateway } from '../../src/gateway/gateway.js';
import { openJournal } from '../../src/gateway/journal.js';
import { steppedClock } from '../../src/io/clock.js';
import type { LogFiles } from '../../src/io/log-files.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { frameId, parseFrame, sealData } from '../../src/lorawan/frame.js';
import type { RxFrame, TxFrame } from '../../src/lorawan/radio.js';
import type { Device } from '../../src/network/device.js';
import type { ParkingEvent } from '../../src/parking/event.js';
import type { SinkKind } from '../../src/sinks/define.js';
import type { SourceKind } from '../../src/sources/define.js';
import { fragileDisk, type Aftermath } from '../io/fragile-disk.js';

// A short run whose disk ends at each of its steps, with everything gone that was not synced: what a sensor was told to be
// taken, arrives; a frame makes one event, however often it is sent; and a bay's events come in order.

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'stellwerk-cut-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const key = aesKey(new Uint8Array(16).fill(5));
const startUs = 1_780_293_600_000_000;
const frames = 5;
const device: Device = {
  ...{ devEui: '0200000000000001', name: 'og-01', bay: 'og-01', lot: 'graben', lorawan: '1.0.3', options: {} },
  activation: {
    kind: 'abp',
    devAddr: 0x26011f88,
    nwkSKey: new Uint8Array(16).fill(5),
    appSKey: new Uint8Array(16).fill(5),
  },
  model: bosch,
};
const phyOf = (fCnt: number): Uint8Array =>
  sealData({
    ...{ uplink: true, confirmed: true, devAddr: 0x26011f88, fCnt, fPort: 1, nwkSKey: key, appSKey: key },
    payload: Uint8Array.of(fCnt & 1 ? 0 : 1),
  });

/** What is outside of the gateway, and outlives it. */
interface World {
  /** Frames whose acknowledgement the sensor has heard. */
  readonly acked: Set<number>;
  readonly arrived: ParkingEvent[];
  /** Counters of downlinks by their bytes. */
  readonly down: Map<number, string>;
  next: number;
  nowUs: number;
}

const breath = async (): Promise<void> => {
  for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** One life of the gateway: the sensor goes on where it was, until it is done or nothing answers any more. */
const life = async (
  world: World,
  files: LogFiles,
  how: { readonly sinkThere: boolean; over(): boolean },
): Promise<void> => {
  const clock = steppedClock(world.nowUs);
  const live = { now: true };
  const source = {
    ...{ id: 'air', summary: '', config: undefined as never },
    open: () =>
      Promise.resolve({
        ...{ address: 'air:', reaches: () => true, close: () => Promise.resolve() },
        send(tx: TxFrame) {
          const frame = must(parseFrame(tx.phy));
          if (!live.now || frame.kind !== 'data') return Promise.resolve('ok' as const);
          const bytes = Buffer.from(tx.phy).toString('hex');
          expect(world.down.get(frame.fCnt16) ?? bytes, 'a downlink counter came twice').toBe(bytes);
          world.down.set(frame.fCnt16, bytes);
          if (frame.ack) world.acked.add(world.next);
          return Promise.resolve('ok' as const);
        },
      }),
  } satisfies SourceKind;
  const sink = {
    ...{ id: 'street', summary: '', config: undefined as never },
    open: () =>
      Promise.resolve({
        ...{
          address: 'street:',
          ready: how.sinkThere,
          link: { connected: how.sinkThere },
          close: () => Promise.resolve(),
        },
        stream: {
          ...{ batch: 1, window: 2 },
          deliver([event]: readonly ParkingEvent[]) {
            if (live.now) world.arrived.push(event!);
            return Promise.resolve('delivered' as const);
          },
        },
      }),
  } satisfies SinkKind;
  // What hangs for ever in a world that is over is left to hang.
  const opening = openJournal(folder, { files, segmentBytes: 400, slackBytes: 400 });
  let store: Awaited<typeof opening> | undefined;
  void opening.then((opened) => (store = opened));
  while (!store && !how.over()) await new Promise((resolve) => setTimeout(resolve, 1));
  // A disk that fails at the start ends the process; it is started again.
  if (store?.ok) {
    const gateway = await openGateway({
      ...{ name: 'cut', settings: { ...simulatedNetwork, simulated: false }, devices: [device], gateways: 'any' },
      sources: [{ kind: source, config: {} }],
      sinks: [{ kind: sink, config: {} }],
      ...{ store: must(store), clock, log: silent },
    });
    for (let tries = 0; world.next < frames && tries < 4 && !how.over();) {
      const rx: RxFrame = {
        ...{ phy: phyOf(world.next), atUs: clock.nowUs(), gateway: '0253544b47570001', tmst: clock.nowUs() % 2 ** 32 },
        ...{ freqHz: 868_100_000, dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 }, codingRate: '4/5' },
        ...{ rssiDbm: -90, snrDb: 7, crc: 'ok' },
      } as RxFrame;
      gateway.ingest(rx);
      clock.advance(clock.nowUs() + 300_000);
      await breath();
      clock.advance(clock.nowUs() + 3_000_000);
      await breath();
      if (world.acked.has(world.next)) {
        world.next++;
        tries = 0;
      } else tries++;
    }
    if (!how.over()) {
      await breath();
      // The world may end while it says goodbye.
      const closed = { now: false };
      void gateway.close(20).then(() => (closed.now = true));
      while (!closed.now && !how.over()) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  live.now = false;
  world.nowUs = clock.nowUs() + 10_000_000;
  rmSync(join(folder, 'lock'), { force: true });
};

const newWorld = (): World => ({ acked: new Set(), arrived: [], down: new Map(), next: 0, nowUs: startUs });

const judge = (world: World, what: string): void => {
  const firsts = new Map<string, ParkingEvent>();
  for (const event of world.arrived) if (!firsts.has(event.id)) firsts.set(event.id, event);
  const order = [...firsts.values()].map(({ fCnt }) => fCnt);
  expect(world.next, what).toBe(frames);
  expect(order, what).toEqual([0, 1, 2, 3, 4]);
  for (const fCnt of world.acked)
    expect(firsts.get(`${frameId(phyOf(fCnt))}-0`), `${what}: frame ${fCnt} was promised`).toMatchObject({
      ...{ fCnt, kind: fCnt & 1 ? 'freed' : 'occupied' },
    });
};

test.each<[Aftermath, boolean]>([
  ['power-cut', true],
  ['power-cut', false],
  ['power-cut-after-rename', true],
  ['killed', false],
])(
  '%s at each step of a run, its sink there: %s',
  async (after, sinkThere) => {
    const whole = fragileDisk({});
    const quiet = newWorld();
    await life(quiet, whole, { sinkThere, over: () => whole.over });
    expect(whole.steps).toBeGreaterThan(30);
    for (let end = 1; end <= whole.steps; end++) {
      const world = newWorld();
      const first = fragileDisk({ end });
      await life(world, first, { sinkThere, over: () => first.over });
      const second = first.next(after, {});
      await life(world, second, { sinkThere: true, over: () => second.over });
      judge(world, `the end at step ${end}`);
    }
  },
  60_000,
);

test('a disk that is full for a while, from any step on: nothing is promised, and it goes on by itself', async () => {
  const whole = fragileDisk({});
  await life(newWorld(), whole, { sinkThere: true, over: () => false });
  for (let at = 8; at <= whole.steps; at++)
    for (const forSteps of [1, 4, 11]) {
      const world = newWorld();
      const disk = fragileDisk({ fail: { at, forSteps } });
      await life(world, disk, { sinkThere: true, over: () => false });
      const later = disk.next('power-cut', {});
      await life(world, later, { sinkThere: true, over: () => false });
      judge(world, `full at step ${at} for ${forSteps}`);
    }
}, 60_000);
