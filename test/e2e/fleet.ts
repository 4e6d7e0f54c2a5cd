import { silent } from '../../src/base/log.js';
import { must } from '../../src/base/problem.js';
import { usPerMs } from '../../src/base/time.js';
import bosch from '../../devices/sensors/bosch-tps110.js';
import { ok } from '../../src/base/result.js';
import { openCatalogue, type Catalogue, type Room } from '../../src/catalogue.js';
import { defineBehaviour, type SensorBehaviour } from '../../src/sim/behaviour.js';
import { answerBook } from '../../src/city/answers.js';
import { buildCity } from '../../src/city/city.js';
import { runLockstep } from '../../src/city/lockstep.js';
import { realtimeLoop } from '../../src/city/realtime.js';
import { loadScenario } from '../../src/config/scenario.js';
import { openGateway, type RunningGateway } from '../../src/gateway/gateway.js';
import { memoryStore } from '../../src/gateway/store.js';
import { steppedClock, wallClock } from '../../src/io/clock.js';
import type { DownlinkOutcome, Outcome } from '../../src/ladder/outcome.js';
import type { TxFrame, TxVerdict } from '../../src/lorawan/radio.js';
import type { AnswerFigures } from '../../src/report/ledger.js';
import type { RunOut, SentFrame } from '../../src/sim/run-types.js';
import type { Scenario } from '../../src/sim/scenario.js';

const shelves = openCatalogue();

/** A sensor that reports a car again and again from its join on, and wants every report acknowledged. */
const talker = (id: string, dataRate: number, pauseMs: number): SensorBehaviour =>
  defineBehaviour({
    id,
    model: bosch,
    source: 'this test',
    mac: { lorawan: '1.0.3', joinDataRates: [dataRate], dataRate, confirmedTries: 8, eirpDbm: 14, adr: false },
    columns: { occupied: 'flag' },
    step(row, input, port) {
      if (input.kind !== 'joined' && input.kind !== 'wake') return;
      if (input.kind === 'wake') {
        row.occupied = !row.occupied;
        port.send({ type: 'status', occupied: row.occupied }, { confirmed: true });
      }
      port.wakeInMs(0, pauseMs * (0.2 + port.dice.next()));
    },
  });
const talkers = [talker('talkative', 5, 4_000), talker('slow', 0, 120_000)];
export const catalogue: Catalogue = {
  ...shelves,
  load: ((room: Room, id: string) => {
    const found = talkers.find((one) => one.id === id);
    return found ? Promise.resolve(ok(found)) : shelves.load(room, id);
  }) as Catalogue['load'],
};

export const herrenberg = async (): Promise<Scenario> =>
  loadScenario('herrenberg-graben', must(await catalogue.load('scenarios', 'herrenberg-graben')));

/** Sixty sensors at the slowest data rate, in honest air, each wanting an answer every two minutes. */
export const crowded = async (): Promise<Scenario> => {
  const real = await herrenberg();
  return { ...real, id: 'crowded', lots: [{ ...real.lots[0]!, bays: 60 }], sensors: [{ model: 'slow', share: 1 }] };
};

/** A street of `bays` sensors of one model in ideal air, before two gateways, switched on within `bootSpreadMs`. */
export const idealFleet = async (how: {
  readonly bays: number;
  readonly bootSpreadMs: number;
  readonly model?: string;
}): Promise<Scenario> => {
  const real = await herrenberg();
  const [lot] = real.lots;
  return {
    ...real,
    id: 'fleet',
    name: 'fleet',
    bootSpreadMs: how.bootSpreadMs,
    lots: [{ ...lot!, bays: how.bays }],
    sensors: [{ model: how.model ?? 'bosch-tps110', share: 1 }],
    air: { ...real.air, ideal: true },
  };
};

export interface FleetStory {
  readonly frames: readonly SentFrame[];
  readonly outcomes: readonly Outcome[];
  readonly descents: readonly DownlinkOutcome[];
  /** Every request to send that a gateway was given, with its answer. */
  readonly offers: readonly { readonly tx: TxFrame; readonly verdict: TxVerdict }[];
  readonly answers: AnswerFigures;
  readonly counts: RunningGateway['counts'];
}

/** Plays a fleet against a gateway of ours through real UDP sockets: in virtual time as fast as it goes, or live. */
export const playFleet = async (setup: {
  readonly scenario: Scenario;
  readonly forMs: number;
  readonly live: boolean;
  readonly dutyCycle?: 'enforce' | 'ignore';
}): Promise<FleetStory> => {
  const { scenario, forMs, live } = setup;
  const clock = live ? wallClock() : steppedClock(scenario.startUs);
  const city = await buildCity({ scenario, seed: '1', catalogue, activation: 'otaa', startUs: clock.nowUs() });
  const { run, plan } = city;
  const book = answerBook();
  const frames: SentFrame[] = [];
  const outcomes: Outcome[] = [];
  const descents: DownlinkOutcome[] = [];
  const offers: { tx: TxFrame; verdict: TxVerdict }[] = [];
  const source = must(await catalogue.load('sources', 'semtech-udp'));
  const gateway = await openGateway({
    name: 'fleet',
    settings: { ...city.settings, ...(setup.dutyCycle && { dutyCycle: setup.dutyCycle }) },
    devices: city.devices,
    gateways: new Set(plan.gateways.map(({ eui }) => eui)),
    sources: [
      {
        kind: source,
        config: source.config.parse({ type: 'semtech-udp', port: 0, datagramsPerSecond: 1e6, burst: 1e6 }),
      },
    ],
    sinks: [],
    store: memoryStore(),
    clock,
    log: silent,
    watch: {
      outcome(outcome) {
        outcomes.push(outcome);
        book.outcome(outcome);
      },
      descent(descent) {
        descents.push(descent);
        book.descent(descent);
      },
    },
  });
  let downlink: (tx: TxFrame) => TxVerdict = (tx) => run.offer(tx);
  const kind = must(await catalogue.load('backends', 'semtech-udp'));
  const backend = await kind.open(gateway.sources[0]!.address, {
    clock,
    log: silent,
    gateways: plan.gateways,
    downlink(tx) {
      const verdict = downlink(tx);
      offers.push({ tx, verdict });
      return verdict;
    },
  });
  if ('problem' in backend) throw new Error(backend.problem.code);
  const out: RunOut = {
    sent(frame) {
      frames.push(frame);
      book.sent(frame);
    },
    downlink: (fate) => book.fate(fate),
  };
  const untilUs = run.nowUs + forMs * usPerMs;
  const stop = new AbortController().signal;
  if (live) {
    const loop = realtimeLoop({ run, clock, backend: () => backend, untilUs, out, stop });
    downlink = (tx) => loop.downlink(tx);
    await loop.play();
  } else {
    await runLockstep({
      run,
      clock: clock as ReturnType<typeof steppedClock>,
      backend,
      gatewaySettled: () => gateway.settled(2_000),
      untilUs,
      speed: Infinity,
      out,
      stop,
    });
  }
  await gateway.settled(2_000);
  // What was still on the air when time stopped: both windows of the last frames.
  run.advance(untilUs + 10_000 * usPerMs, [], { downlink: (fate) => book.fate(fate) });
  await backend.close();
  await gateway.close(100);
  return { frames, outcomes, descents, offers, answers: book.read(), counts: gateway.counts };
};
