import { must, problem, StellwerkError } from '../base/problem.js';
import type { Log } from '../base/log.js';
import type { Us } from '../base/time.js';
import type { Catalogue } from '../catalogue.js';
import { openGateway, type Fitting, type RunningGateway } from '../gateway/gateway.js';
import { steppedClock } from '../io/clock.js';
import { openBroker } from '../io/broker.js';
import type { ParkingEvent } from '../parking/event.js';
import type { CityFigures } from '../report/city-view.js';
import type { SentFrame } from '../sim/run-types.js';
import type { Scenario } from '../sim/scenario.js';
import { answerBook } from './answers.js';
import { buildCity } from './city.js';
import { ledger, type Ledger } from './ledger.js';
import { runLockstep } from './lockstep.js';
import { lotFigures } from './lots.js';
import { openCityState, saver } from './state.js';

export interface DemoSetup {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly speed: number;
  readonly catalogue: Catalogue;
  /** An existing broker instead of the embedded one. */
  readonly broker?: string;
  readonly state?: string;
  readonly fresh: boolean;
  readonly log: Log;
  readonly stop: AbortSignal;
  /** Said once, when all is open. */
  started?(what: { readonly broker: string; readonly tookOtherPort: boolean; readonly tryLine: string }): void;
  event?(event: ParkingEvent): void;
  sent?(frame: SentFrame): void;
  /** Some ten times a second. */
  show?(figures: () => CityFigures): void;
}

export interface DemoEnd {
  readonly ledger: Ledger;
  readonly digest: string;
  readonly figures: CityFigures;
  readonly nowUs: Us;
}

const topicPrefix = 'stellwerk-simulated';
const rateWindowMs = 5_000;
const latestKept = 8;
const settleMs = 1_000;

const fitting = async <R extends 'sources' | 'sinks'>(
  catalogue: Catalogue,
  room: R,
  config: { readonly type: string },
) => {
  const kind = must(await catalogue.load(room, config.type));
  return { kind, config: kind.config.parse(config) } as Fitting<typeof kind>;
};

/** How a person watches a broker: one line to copy. */
export const subscribeLine = (url: string, prefix: string): string => {
  const { hostname, port } = new URL(url);
  return `mosquitto_sub -h ${hostname} -p ${port || '1883'} -t '${prefix}/#' -v`;
};

/** Events of the last seconds, for a rate that follows what happens now. */
const rateMeter = (): { add(): void; perSecond(): number } => {
  const times: number[] = [];
  const began = performance.now();
  return {
    add: () => void times.push(performance.now()),
    perSecond() {
      const now = performance.now();
      while (times.length > 0 && times[0]! < now - rateWindowMs) times.shift();
      return (times.length * 1000) / Math.max(1, Math.min(rateWindowMs, now - began));
    },
  };
};

/**
 * A simulated town part and its gateway in one process: frames travel as Semtech UDP over a loopback socket, events
 * arrive on a real broker, and both ends share one clock. Runs until stopped; everything it opened is closed again.
 */
export const runDemo = async (setup: DemoSetup): Promise<DemoEnd> => {
  const { scenario, seed, catalogue, log, stop } = setup;
  const state = must(
    await openCityState(setup.state, { scenario: scenario.id, seed }, { fresh: setup.fresh, network: true }),
  );
  const city = await buildCity({
    scenario,
    seed,
    catalogue,
    activation: 'otaa',
    ...(state.fleet && { state: state.fleet }),
  });
  const { run, plan } = city;
  const clock = steppedClock(plan.startUs);
  const book = ledger();
  const answers = answerBook();
  const rate = rateMeter();
  const latest: ParkingEvent[] = [];
  const closers: (() => Promise<unknown>)[] = [() => state.store.close()];
  const beganAt = performance.now();

  try {
    const broker =
      setup.broker === undefined ? await openBroker({ fallback: true }) : { url: setup.broker, tookOther: false };
    if ('problem' in broker) throw new StellwerkError(broker.problem);
    if ('close' in broker) closers.push(() => broker.close());
    const gateway: RunningGateway = await openGateway({
      name: 'demo',
      settings: city.settings,
      devices: city.devices,
      gateways: new Set(plan.gateways.map(({ eui }) => eui)),
      sources: [await fitting(catalogue, 'sources', { type: 'semtech-udp', port: 0 } as { type: string })],
      sinks: [await fitting(catalogue, 'sinks', { type: 'mqtt', url: broker.url } as { type: string })],
      store: state.store,
      clock,
      log,
      watch: {
        outcome(outcome) {
          book.outcome(outcome);
          answers.outcome(outcome);
        },
        descent: (descent) => answers.descent(descent),
        event(event) {
          rate.add();
          latest.unshift(event);
          latest.length = Math.min(latest.length, latestKept);
          setup.event?.(event);
        },
      },
    });
    closers.unshift(() => gateway.close(settleMs));
    const tryLine = subscribeLine(broker.url, topicPrefix);
    setup.started?.({ broker: broker.url, tookOtherPort: broker.tookOther, tryLine });

    const kind = must(await catalogue.load('backends', 'semtech-udp'));
    const backend = await kind.open(gateway.sources[0]!.address, {
      clock,
      log,
      gateways: plan.gateways,
      downlink: (tx) => run.offer(tx),
    });
    if ('problem' in backend) throw new StellwerkError(backend.problem);
    closers.unshift(() => backend.close());

    const figures = (): CityFigures => {
      const sink = gateway.sinks[0]!.state;
      return {
        title: `${plan.name} (${plan.bays.length} bays, seed ${seed})`,
        nowUs: run.nowUs,
        speed: setup.speed,
        runningMs: performance.now() - beganAt,
        lots: lotFigures(plan.bays, gateway.bays),
        ledger: book.read(),
        answers: answers.read(),
        copies: gateway.counts.copies,
        downlinks: gateway.counts.downlinks,
        events: gateway.counts.events,
        eventsPerSecond: rate.perSecond(),
        broker: broker.url,
        connected: sink.connected,
        delivered: sink.delivered,
        waiting: sink.waiting,
        dropped: sink.dropped,
        tryLine,
        latest,
      };
    };
    const keep = setup.state === undefined ? undefined : saver(state, run);
    await runLockstep({
      run,
      clock,
      backend,
      gatewaySettled: () => gateway.settled(settleMs),
      untilUs: Number.MAX_SAFE_INTEGER,
      speed: setup.speed,
      stop,
      out: {
        sent(frame) {
          book.sent(frame);
          answers.sent(frame);
          setup.sent?.(frame);
        },
        downlink: (fate) => answers.fate(fate),
      },
      breathe() {
        setup.show?.(figures);
        keep?.nowAndThen();
      },
      ...(keep && { hold: keep.hold }),
    });
    must(await state.save(run.state({ clean: true })));
    await gateway.sinks[0]!.flush(settleMs);
    return { ledger: book.read(), digest: run.digest(), figures: figures(), nowUs: run.nowUs };
  } finally {
    for (const close of closers) await close();
  }
};

/** The problem of a run whose sums do not balance; undefined when they do and nothing is open. */
export const ledgerProblem = (read: Ledger): StellwerkError | undefined =>
  read.balanced && read.open === 0
    ? undefined
    : new StellwerkError(problem('ledger-open', { sent: read.sent, found: read.sent - read.open, open: read.open }));
