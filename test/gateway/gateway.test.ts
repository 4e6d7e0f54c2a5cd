import { describe, expect, test } from 'vitest';
import bosch from '../../devices/sensors/bosch-tps110.js';
import { keptLog } from '../../src/base/log.js';
import { ok } from '../../src/base/result.js';
import { simulatedNetwork } from '../../src/city/city.js';
import type { SensorModel } from '../../src/codec/sensor.js';
import { openGateway, type GatewaySetup } from '../../src/gateway/gateway.js';
import { memoryStore, type Store } from '../../src/gateway/store.js';
import { steppedClock } from '../../src/io/clock.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { sealData } from '../../src/lorawan/frame.js';
import type { RxFrame, TxFrame, TxVerdict } from '../../src/lorawan/radio.js';
import type { Device } from '../../src/network/device.js';
import type { ParkingEvent } from '../../src/parking/event.js';
import type { SinkKind } from '../../src/sinks/define.js';
import type { SourceKind } from '../../src/sources/define.js';

const startUs = 1_780_293_600_000_000;
const key = new Uint8Array(16).fill(5);
const device: Device = {
  devEui: '00000000000000a1',
  name: 'a1',
  bay: 'og-01',
  lot: 'lot',
  lorawan: '1.0.3',
  activation: { kind: 'abp', devAddr: 0x260b1a2f, nwkSKey: key, appSKey: key },
  model: bosch,
  options: {},
};
const frame = (fCnt: number, atUs: number): RxFrame => ({
  phy: sealData({
    uplink: true,
    confirmed: true,
    devAddr: 0x260b1a2f,
    fCnt,
    fPort: 1,
    payload: Uint8Array.of(fCnt & 1),
    nwkSKey: aesKey(key),
    appSKey: aesKey(key),
  }),
  atUs,
  gateway: '0253544b47570001',
  tmst: 1000,
  freqHz: 868_100_000,
  dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
  rssiDbm: -90,
  snrDb: 7,
  crc: 'ok',
});

let setWall: (offsetUs: number) => void = () => undefined;

/** A gateway whose far ends are lists: a source that answers as told, a sink that keeps. */
const stand = async (
  setup: {
    readonly store?: Store;
    readonly verdicts?: TxVerdict[];
    readonly model?: SensorModel;
    readonly device?: Device;
    readonly wall?: GatewaySetup['wall'];
  } = {},
) => {
  const clock = steppedClock(startUs);
  const sent: TxFrame[] = [];
  const events: ParkingEvent[] = [];
  const { log, events: lines } = keptLog();
  const source = {
    id: 'list',
    summary: '',
    config: undefined as never,
    open: () =>
      Promise.resolve({
        address: 'list:',
        reaches: () => true,
        send(tx: TxFrame) {
          sent.push(tx);
          return Promise.resolve(setup.verdicts?.shift() ?? ('ok' as const));
        },
        close: () => Promise.resolve(),
      }),
  } satisfies SourceKind;
  const sink = {
    id: 'list',
    summary: '',
    config: undefined as never,
    open: () =>
      Promise.resolve({
        address: 'list:',
        ready: true,
        link: { connected: true },
        stream: {
          batch: 100,
          window: 1,
          deliver(these: readonly ParkingEvent[]) {
            events.push(...these);
            return Promise.resolve('delivered' as const);
          },
        },
        close: () => Promise.resolve(),
      }),
  } satisfies SinkKind;
  const options: GatewaySetup = {
    name: 'test',
    settings: { ...simulatedNetwork, simulated: false },
    devices: [{ ...(setup.device ?? device), model: setup.model ?? bosch }],
    ...(setup.wall && { wall: setup.wall }),
    gateways: 'any',
    sources: [{ kind: source, config: {} }],
    sinks: [{ kind: sink, config: {} }],
    store: setup.store ?? memoryStore(),
    clock,
    log,
  };
  return { gateway: await openGateway(options), clock, sent, events, lines };
};

describe('the running gateway', () => {
  test('an uplink becomes an event and an acknowledgement when its dedup window closes', async () => {
    const { gateway, clock, sent, events } = await stand();
    gateway.ingest(frame(0, startUs));
    gateway.ingest({ ...frame(0, startUs + 1000), gateway: '0253544b47570002', snrDb: 9 });
    clock.advance(startUs + 199_999);
    expect(events).toEqual([]);
    clock.advance(startUs + 200_000);
    await gateway.settled(100);
    expect(events).toMatchObject([{ bay: 'og-01', radio: { gateway: '0253544b47570002', gateways: 2 } }]);
    expect(sent).toMatchObject([{ gateway: '0253544b47570002' }]);
    expect(gateway.counts).toMatchObject({ hearings: 2, copies: 1, accepted: 1, events: 1, downlinks: { ok: 1 } });
    await gateway.close();
  });

  test('whoever follows the events hears each of them once it is durable, until they have heard enough', async () => {
    const { gateway, clock } = await stand();
    const heard: string[] = [];
    const stop = gateway.door.events(({ fCnt }) => heard.push(`frame ${fCnt}`));
    for (let fCnt = 0; fCnt < 3; fCnt++) {
      if (fCnt === 2) stop();
      gateway.ingest(frame(fCnt, clock.nowUs()));
      clock.advance(clock.nowUs() + 200_000);
      expect(heard.length).toBe(Math.min(fCnt, 2));
      await gateway.settled(100);
    }
    expect(heard).toEqual(['frame 0', 'frame 1']);
    await gateway.close();
  });

  test('bytes that were not understood behind a good beginning are told in the log, and not shown', async () => {
    const decode: SensorModel['decode'] = () => ok({ type: 'status', occupied: true, rest: 'deadbeef' });
    const { gateway, clock, events, lines } = await stand({ model: { ...bosch, decode } });
    gateway.ingest(frame(0, startUs));
    clock.advance(startUs + 200_000);
    await gateway.settled(100);
    expect(events).toMatchObject([{ occupied: true }]);
    const accepted = lines.find(({ event }) => event === 'uplink_accepted');
    expect(JSON.stringify(accepted)).toContain('4 bytes at the end were not understood');
    expect(JSON.stringify(lines)).not.toContain('deadbeef');
    await gateway.close();
  });

  test('when the first window is missed the second one is tried, and no third', async () => {
    const { gateway, clock, sent } = await stand({ verdicts: ['too-late', 'collision-packet'] });
    gateway.ingest(frame(0, startUs));
    clock.advance(startUs + 200_000);
    await gateway.settled(100);
    expect(sent.map((tx) => tx.freqHz)).toEqual([868_100_000, 869_525_000]);
    expect(gateway.counts.downlinks).toEqual({ 'too-late': 1, 'collision-packet': 1 });
    await gateway.close();
  });

  test('nothing follows from a frame before its counter is durable', async () => {
    let durable: () => void = () => undefined;
    const kept = memoryStore();
    const store: Store = {
      ...kept,
      commit: (batch) =>
        new Promise((resolve) => {
          durable = () => {
            void kept.commit(batch);
            resolve();
          };
        }),
    };
    const { gateway, clock, sent, events } = await stand({ store });
    gateway.ingest(frame(0, startUs));
    clock.advance(startUs + 200_000);
    await new Promise(setImmediate);
    expect([sent, events]).toEqual([[], []]);
    durable();
    await gateway.settled(100);
    expect([sent.length, events.length]).toEqual([1, 1]);
    await gateway.close();
  });

  test('a disk that refuses is no crash: no event, no acknowledgement, counted; and it goes on when the disk is back', async () => {
    let full = true;
    const kept = memoryStore();
    const store: Store = {
      ...kept,
      commit: (batch) => (full ? Promise.reject(new Error('the disk is full')) : Promise.resolve(kept.commit(batch))),
    };
    const { gateway, clock, sent, events, lines } = await stand({ store });
    gateway.ingest(frame(0, startUs));
    clock.advance(startUs + 200_000);
    await gateway.settled(100);
    expect([sent, events]).toEqual([[], []]);
    expect(gateway.counts.refused).toEqual({ 'not-stored': 1 });
    expect(lines.map(({ event }) => event)).toContain('store_failed');
    expect(gateway.door.status()).toMatchObject({
      store: { state: 'failing', why: 'the disk is full', failures: expect.any(Number) as number },
    });
    full = false;
    gateway.ingest(frame(1, startUs + 2_000_000));
    clock.advance(startUs + 2_200_000);
    await gateway.settled(100);
    expect([sent.length, events.length]).toEqual([1, 1]);
    expect(gateway.door.status()).toMatchObject({ store: { state: 'ok' } });
    expect(lines.map(({ event }) => event)).toContain('store_recovered');
    await gateway.close();
  });

  test('a sensor that falls silent is told, and so is its return; a clock that is set moves no deadline', async () => {
    const { gateway, clock, events, lines } = await stand({
      device: { ...device, heartbeatS: 3600 },
      wall: (told) => {
        told({ offsetUs: 0, synced: false }, 0);
        setWall = (offsetUs) => told({ offsetUs, synced: true }, offsetUs);
        return () => undefined;
      },
    });
    gateway.ingest(frame(0, startUs));
    clock.advance(startUs + 1_000_000);
    await gateway.settled(100);
    expect(events).toMatchObject([{ kind: 'freed', quality: ['first-report', 'unsynced', 'single-gateway'] }]);
    setWall(-86_400_000_000);
    expect(lines.find(({ event }) => event === 'clock_stepped')?.fields).toEqual({ byS: -86_400, synced: true });
    const hourUs = 3_600_000_000;
    clock.advance(startUs + 3 * hourUs - 1_000_000);
    await gateway.settled(100);
    expect(events).toHaveLength(1);
    clock.advance(startUs + 3 * hourUs + 1_000_000);
    await gateway.settled(100);
    expect(events[1]).toMatchObject({ kind: 'lost', occupied: undefined, sensorTimeUs: startUs - 86_400_000_000 });
    gateway.ingest(frame(1, clock.nowUs()));
    clock.advance(clock.nowUs() + 300_000);
    await gateway.settled(100);
    expect(events[2]).toMatchObject({ kind: 'occupied', quality: ['restored', 'single-gateway'] });
    await gateway.close();
  });

  test('what was heard when it is closed is not lost', async () => {
    const { gateway, events } = await stand();
    gateway.ingest(frame(0, startUs));
    await gateway.close();
    expect(events).toHaveLength(1);
    await gateway.close();
  });
});
