import { StellwerkError, type Problem } from '../base/problem.js';
import { usPerSecond, type Us } from '../base/time.js';
import type { DownlinkCommand } from '../dialects/city/downlink-json.js';
import { climb, ladder, ladderWakeUs, type Batch, type LadderOut } from '../ladder/ladder.js';
import type { RxFrame, TxFrame } from '../lorawan/radio.js';
import type { DownlinkEvent } from '../network/queue.js';
import type { ParkingEvent } from '../parking/event.js';
import { registry } from '../network/registry.js';
import { currentOf } from '../parking/bay.js';
import type { OpenSource } from '../sources/define.js';
import { carPark } from './car-park.js';
import { commandDesk, type DownlinkDoor } from './desk.js';
import { diary } from './diary.js';
import { frameLog } from './log-lines.js';
import { metrics } from './metrics.js';
import type { GatewaySetup, RunningGateway } from './setup.js';
import { openSinks, type Sinks } from './sinks.js';
import { sourceContext } from './source-context.js';
import { currentStates } from './states.js';
import { storedOf, storing } from './storing.js';
import { gatewayViews } from './views.js';
import { bounded, underway } from './waiting.js';

export type { Fitting, GatewaySetup, RunningGateway } from './setup.js';

const opened = <T>(what: T | { readonly problem: Problem }): T => {
  if (what !== null && typeof what === 'object' && 'problem' in what) throw new StellwerkError(what.problem);
  return what as T;
};

/** So far ahead a downlink may have been planned. */
const aheadUs = 60 * usPerSecond;

/** The ladder, running: sources in, store, sinks and downlinks out. Throws a StellwerkError when something cannot open. */
export const openGateway = async (setup: GatewaySetup): Promise<RunningGateway> => {
  const { clock, log, store, settings } = setup;
  const state = ladder(settings, registry(setup.devices, store.memories), {
    // A clock that was once wrong must not silence every gateway until its time comes.
    emissions: store.emissions.filter(({ startUs }) => startUs < clock.nowUs() + aheadUs),
    bays: store.bays,
  });
  const lots = carPark({
    ...{ devices: setup.devices, state, lots: setup.lots ?? [], counters: store.counters, nowUs: () => clock.nowUs() },
  });
  const outward = setup.outward ?? { event: (event) => event, lot: (lot) => lot };
  const listeners = new Set<(event: DownlinkEvent) => void>();
  const followers = new Set<(event: ParkingEvent) => void>();
  const heard = new Set<string>();
  const startedUs = clock.nowUs();
  const book = diary({
    devices: setup.devices,
    nowUs: () => clock.nowUs(),
    sinks: () => sinks.list.map(({ address, state: { connected, waiting } }) => ({ address, connected, waiting })),
  });
  const meter = metrics();
  const lines = frameLog(log, {
    devices: state.devices.size,
    isOurs: ({ devEui, devAddr = '' }) =>
      devEui === undefined
        ? state.devices.byDevAddr(Number.parseInt(devAddr, 16)).length > 0
        : state.devices.byDevEui(devEui) !== undefined,
  });
  const sources: OpenSource[] = [];
  let sinks: Sinks = { list: [], tell() {}, downlink() {}, flush: async () => {}, close: async () => {} };
  const { track, drained } = underway();
  let alarm: { readonly us: Us; readonly off: () => void } | undefined;
  let closed = false;
  const ended: (() => void)[] = [];

  const disk = storing({ store, clock, log, track, took: (us) => meter.commit(us) });
  const out: LadderOut = {
    copy(rx, when) {
      meter.copy(when);
      book.copy(rx, when);
    },
    batch(batch) {
      disk.keep(
        storedOf(batch, lots.passes(batch.events)),
        () => release(batch),
        (error) => unstored(batch, error),
      );
    },
  };

  /** What follows from a commit: the world may know now. */
  const release = (batch: Batch): void => {
    const { outcome, descent, status, send } = batch;
    if (outcome) {
      meter.outcome(outcome);
      lines.outcome(outcome);
      book.outcome(outcome);
      if (outcome.devEui !== undefined && outcome.result !== 'refused') heard.add(outcome.devEui);
      setup.watch?.outcome?.(outcome);
    }
    if (status) log('device_status', { ...status, atUs: undefined });
    for (const event of batch.events) {
      setup.watch?.event?.(event);
      for (const follow of followers) follow(event);
    }
    if (batch.bays && batch.bays.length > 0)
      sinks.tell([...batch.bays.map(({ bay }) => `bay ${bay.bay}` as const), ...lots.bays(batch.bays)]);
    for (const event of batch.downlinks) told(event);
    if (descent) {
      meter.descent(descent);
      lines.descent(descent);
      book.downlink(descent);
      setup.watch?.descent?.(descent);
    }
    if (!send || closed) return;
    if (send.when.kind === 'tmst' && batch.emission) meter.lead(batch.emission.startUs - clock.nowUs());
    track(transmit(send));
  };

  const told = (event: DownlinkEvent): void => {
    noted(event);
    for (const listener of listeners) listener(event);
  };
  const noted = (event: DownlinkEvent): void => {
    meter.command(event);
    lines.command(event);
    book.event(event);
    setup.watch?.downlink?.(event);
  };

  const downlinks: DownlinkDoor = {
    enqueue(request) {
      let batch: Batch | undefined;
      climb(
        state,
        { kind: 'downlink', request, atUs: clock.nowUs() },
        { ...out, batch: (made) => void (batch = made) },
      );
      const [first] = batch!.downlinks;
      noted(first!);
      disk.keep(
        storedOf(batch!),
        () => undefined,
        (error) => {
          lines.unstored(error, clock.nowUs());
          const { devEui } = request;
          climb(state, { kind: 'clear', devEui, unstored: first!.id, atUs: clock.nowUs() }, out);
        },
      );
      arm();
      return first!;
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const desk = commandDesk({ door: downlinks, devices: setup.devices, log });
  desk.watch((event) => sinks.downlink(event));

  /** The disk would not have it: nothing may follow from this step, neither event nor acknowledgement; the sensor repeats. */
  const unstored = (batch: Batch, error: unknown): void => {
    lines.unstored(error, clock.nowUs());
    const { outcome, send } = batch;
    const failed = batch.downlinks.map((event) => ({ ...event, state: 'failed', why: 'not-stored' }) as const);
    const refused = outcome && ({ ...outcome, result: 'refused', why: 'not-stored', events: 0 } as const);
    release({ touched: [], events: [], downlinks: failed, ...(refused && { outcome: refused }) });
    const atUs = clock.nowUs();
    climb(state, { kind: 'unstored', batch, atUs }, out);
    if (send) climb(state, { kind: 'verdict', id: send.id, verdict: 'not-stored', atUs }, out);
  };

  /** Hands a downlink to its gateway and its answer back to the ladder, which may try another window. */
  const transmit = async (tx: TxFrame): Promise<void> => {
    const source = sources.find((candidate) => candidate.reaches(tx.gateway));
    const verdict = source ? await source.send(tx) : 'no-way';
    meter.downlink(verdict);
    if (verdict !== 'ok') log('downlink_refused', { why: verdict, gateway: tx.gateway });
    climb(state, { kind: 'verdict', id: tx.id, verdict, atUs: clock.nowUs() }, out);
    arm();
  };

  const arm = (): void => {
    const wakeUs = ladderWakeUs(state);
    if (alarm && alarm.us <= wakeUs) return;
    alarm?.off();
    alarm = wakeUs === Infinity ? undefined : { us: wakeUs, off: clock.at(wakeUs, tick) };
  };

  const tick = (): void => {
    alarm = undefined;
    climb(state, { kind: 'tick', atUs: clock.nowUs() }, out);
    arm();
  };

  const ingest = (rx: RxFrame): void => {
    meter.hearing();
    climb(state, { kind: 'frame', rx }, out);
    arm();
  };

  const close = async (flushMs = 5_000): Promise<void> => {
    if (closed) return;
    closed = true;
    await Promise.all(sources.map((source) => source.close()));
    for (const end of ended) end();
    alarm?.off();
    climb(state, { kind: 'flush', atUs: clock.nowUs() }, out);
    await bounded(drained(), flushMs);
    await sinks.flush(flushMs);
    await sinks.close();
    await store.close();
  };

  try {
    const { name } = setup;
    const command = (device: string, what: DownlinkCommand): Problem | undefined => {
      const taken = desk.take(device, what);
      return taken.ok ? undefined : taken.problem;
    };
    sinks = await openSinks({
      fittings: setup.sinks,
      outbox: store.outbox,
      clock,
      log,
      context: {
        name,
        simulated: settings.simulated,
        folder: setup.folder ?? process.cwd(),
        retentionDays: setup.retentionDays ?? 30,
        command,
      },
      outward: (event) => outward.event(event),
      ...currentStates({
        bay(name) {
          const bay = state.bays.get(name);
          return bay && currentOf(bay, clock.nowUs() + state.wall.offsetUs);
        },
        bays: () => state.bays.keys(),
        lot: (lot) => lots.at(lot),
        lots: () => lots.names(),
        outward,
      }),
      delivered(sink, event, atUs) {
        meter.delivered(sink, event, { wallUs: atUs + state.wall.offsetUs, synced: state.wall.synced });
        setup.watch?.delivered?.(event, { sink, atUs });
      },
    });
    const context = sourceContext({ setup, lots, meter, book, disk, frame: ingest, told: (key) => sinks.tell([key]) });
    for (const { kind, config } of setup.sources) sources.push(opened(await kind.open(config, context)));
  } catch (error) {
    await close(0);
    throw error;
  }

  const views = gatewayViews({
    ...{ name: setup.name, startedUs, state, meter, heard, nowUs: () => clock.nowUs() },
    ...{
      sources: () => sources,
      sinks: () => sinks.list,
      store: () => disk.state,
      lots: () => [...lots.names()].flatMap((lot) => lots.at(lot) ?? []),
    },
  });
  climb(state, { kind: 'start', atUs: clock.nowUs() }, out);
  const offWall = setup.wall?.((wall, byUs) => {
    if (byUs !== 0) {
      meter.clockStep();
      lines.clockStepped({ byUs, synced: wall.synced, atUs: clock.nowUs() });
    }
    climb(state, { kind: 'clock', wall, atUs: clock.nowUs() }, out);
    arm();
  });
  ended.push(() => offWall?.());
  arm();
  return {
    desk,
    door: {
      ...downlinks,
      queueOf: (devEui) => state.devices.byDevEui(devEui)?.memory.queue ?? [],
      flush(devEui) {
        const waiting = state.devices.byDevEui(devEui)?.memory.queue.length ?? 0;
        climb(state, { kind: 'clear', devEui, atUs: clock.nowUs() }, out);
        return waiting;
      },
      events(follow) {
        followers.add(follow);
        return () => void followers.delete(follow);
      },
      status: views.status,
      why: (query) => book.why(query),
    },
    counts: meter.counts,
    figures: views.figures,
    bays: state.bays,
    sources,
    get sinks() {
      return sinks.list;
    },
    ingest,
    close,
    settled: (withinMs) => bounded(drained(), withinMs),
  };
};
