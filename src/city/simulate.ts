import { must, problem, StellwerkError, UsageError, type Problem } from '../base/problem.js';
import type { Log } from '../base/log.js';
import { usPerMs, type Us } from '../base/time.js';
import type { BackendState, OpenBackend } from '../backends/define.js';
import type { Catalogue } from '../catalogue.js';
import { steppedClock, wallClock, type Clock } from '../io/clock.js';
import type { DownlinkOutcome, Outcome } from '../ladder/outcome.js';
import type { TxFrame, TxVerdict } from '../lorawan/radio.js';
import type { Device } from '../network/device.js';
import { registry } from '../network/registry.js';
import type { ParkingEvent } from '../parking/event.js';
import type { Plan } from '../sim/plan.js';
import type { Run, RunOut, SentFrame } from '../sim/run-types.js';
import { outTo } from './outs.js';
import type { Scenario } from '../sim/scenario.js';
import type { AnswerFigures } from '../report/ledger.js';
import { answerBook } from './answers.js';
import { buildCity, type City } from './city.js';
import { ledger, type Ledger } from './ledger.js';
import { runLockstep } from './lockstep.js';
import { realtimeLoop } from './realtime.js';
import { openCityState, saver, type CityState } from './state.js';

export interface SimulateSetup {
  readonly scenario: Scenario;
  readonly seed: string;
  /** `loopback`, `jsonl:FILE`, `udp://host:port`: whatever a backend of the catalogue accepts. */
  readonly to: string;
  readonly forMs: number;
  /** Simulated seconds in a real one; Infinity is as fast as it goes; undefined lets the target decide. */
  readonly speed?: number;
  /** Nobody answers: sessions follow from the seed, no joins, no downlinks. */
  readonly uplinkOnly: boolean;
  readonly catalogue: Catalogue;
  readonly state?: string;
  readonly fresh: boolean;
  readonly log: Log;
  readonly stop: AbortSignal;
  sent?(frame: SentFrame): void;
  /** Hear everything that happens at the kerb, in the air and at the gateways. */
  readonly truths?: readonly RunOut[];
  /** Before the first step, and after the last one. */
  begin?(plan: Plan, run: Run): void;
  end?(run: Run): void;
  /** Hear what the network made of it, where it is ours. */
  outcome?(outcome: Outcome): void;
  descent?(descent: DownlinkOutcome): void;
  event?(event: ParkingEvent): void;
  /** Now and then, with the simulated time that is reached and the frames that were sent. */
  breathe?(nowUs: Us, sent: number): void;
}

export interface SimulateEnd {
  readonly digest: string;
  readonly bays: number;
  readonly speed: number;
  readonly fromUs: Us;
  readonly toUs: Us;
  /** With the network's verdicts where the network is ours; else only what the air did is known. */
  readonly ledger: Ledger;
  /** What became of the answers that devices waited for; only where the network is ours. */
  readonly answers: AnswerFigures;
  readonly ours: boolean;
  readonly events: number;
  readonly target: BackendState & { readonly address: string };
  readonly devices: readonly Device[];
}

const opened = (what: OpenBackend | { readonly problem: Problem }): OpenBackend => {
  if ('problem' in what) throw new StellwerkError(what.problem);
  return what;
};

/** Plays a scenario against a target for `forMs` of simulated time. Throws a StellwerkError for what a person can mend. */
export const simulate = async (setup: SimulateSetup): Promise<SimulateEnd> => {
  const { scenario, seed, catalogue, to, uplinkOnly } = setup;
  const kinds = await Promise.all(
    (await catalogue.ids('backends')).map(async (id) => must(await catalogue.load('backends', id))),
  );
  const kind = kinds.find((candidate) => candidate.accepts(to));
  if (!kind)
    throw new UsageError(problem('unknown-target', { to, known: kinds.map((candidate) => candidate.form).join(', ') }));
  // A file answers nobody: then the embedded network plays the server, and the file gets what the gateways heard.
  const foreign = kind.answers && kind.id !== 'loopback';
  const speed = setup.speed ?? (foreign && !uplinkOnly ? 1 : Infinity);
  if (foreign && !uplinkOnly) {
    if (speed !== 1) throw new UsageError(problem('speed-needs-both-ends', { speed: String(speed), to }));
    if (setup.fresh) throw new UsageError(problem('fresh-needs-both-ends', { to, state: setup.state ?? '(none)' }));
  }
  const ours = !foreign && !uplinkOnly;
  const state = must(
    await openCityState(setup.state, { scenario: scenario.id, seed }, { fresh: setup.fresh, network: ours }),
  );
  const clock: Clock = speed === 1 && foreign ? wallClock() : steppedClock(scenario.startUs);
  const city = await buildCity({
    scenario,
    seed,
    catalogue,
    activation: uplinkOnly ? 'abp' : 'otaa',
    ...(state.fleet && { state: state.fleet }),
    ...(foreign && !uplinkOnly && { startUs: clock.nowUs() }),
  });
  return play({
    setup,
    city,
    state,
    clock,
    speed,
    ours,
    answersInRealTime: foreign && !uplinkOnly,
    file: kind.id !== 'loopback' ? kind.id : undefined,
  });
};

interface Stage {
  readonly setup: SimulateSetup;
  readonly city: City;
  readonly state: CityState;
  readonly clock: Clock;
  readonly speed: number;
  readonly ours: boolean;
  readonly answersInRealTime: boolean;
  /** The backend beside or instead of the embedded network. */
  readonly file: string | undefined;
}

const play = async (stage: Stage): Promise<SimulateEnd> => {
  const { setup, city, state, clock, ours } = stage;
  const { run, plan } = city;
  const book = ledger();
  const answers = answerBook();
  const devices = registry(city.devices, state.store.memories);
  const changed = new Set<string>();
  let events = 0;
  let downlink: (tx: TxFrame) => TxVerdict = (tx) => run.offer(tx);
  const open = async (id: string, target: string): Promise<OpenBackend> =>
    opened(
      await must(await setup.catalogue.load('backends', id)).open(target, {
        clock,
        log: setup.log,
        gateways: plan.gateways,
        downlink: (tx) => downlink(tx),
        network: {
          settings: city.settings,
          devices,
          descent(descent) {
            answers.descent(descent);
            setup.descent?.(descent);
          },
          outcome(outcome) {
            book.outcome(outcome);
            answers.outcome(outcome);
            setup.outcome?.(outcome);
            if (outcome.devEui) changed.add(outcome.devEui);
          },
          event(event) {
            events++;
            setup.event?.(event);
          },
        },
      }),
    );

  const backends: OpenBackend[] = [];
  if (stage.file !== undefined) backends.push(await open(stage.file, setup.to));
  if (ours) backends.push(await open('loopback', 'loopback'));
  const target = backends[0] ?? nobody;
  const one = backends.length > 1 ? together(backends) : target;
  const all = ours || stage.answersInRealTime ? one : impatient(one);
  const out = outTo([
    {
      sent(frame) {
        book.sent(frame);
        answers.sent(frame);
        setup.sent?.(frame);
      },
      downlink: (fate) => answers.fate(fate),
    },
    ...(setup.truths ?? []),
  ]);
  // Where both ends are ours they are saved together, at the end: nothing of a run that is killed has left this process.
  const keep = ours || setup.state === undefined ? undefined : saver(state, run);
  const breathe = (): void => {
    setup.breathe?.(run.nowUs, run.figures.sent);
    keep?.nowAndThen();
  };
  const hold = keep && { hold: keep.hold };
  const fromUs = run.nowUs;
  setup.begin?.(plan, run);
  const untilUs = fromUs + setup.forMs * usPerMs;
  try {
    if (stage.answersInRealTime) {
      const loop = realtimeLoop({ run, clock, backend: () => all, untilUs, out, stop: setup.stop, breathe, ...hold });
      downlink = (tx) => loop.downlink(tx);
      await loop.play();
    } else {
      await runLockstep({
        run,
        clock: clock as ReturnType<typeof steppedClock>,
        backend: all,
        ...(!ours && { gatewaySettled: () => Promise.resolve() }),
        untilUs,
        speed: stage.speed,
        out,
        stop: setup.stop,
        breathe,
        ...hold,
      });
    }
    setup.end?.(run);
    const memories = [...devices.entries()].filter(({ device }) => changed.has(device.devEui)).map((e) => e.memory);
    // A kill between the two must not leave devices behind their network: until both are there, they leap and join anew.
    must(await state.save(run.state({ clean: false })));
    await state.store.commit({ memories, events: [], emissions: [] });
    must(await state.save(run.state({ clean: true })));
  } finally {
    for (const backend of backends) await backend.close();
    await state.store.close();
  }
  return {
    digest: run.digest(),
    bays: plan.bays.length,
    speed: stage.speed,
    fromUs,
    toUs: run.nowUs,
    ledger: book.read(),
    answers: answers.read(),
    ours,
    events,
    target: { ...target.state, address: target.address },
    devices: city.devices,
  };
};

/** A backend that is waited for until it fails to answer once: who sends uplinks only need not have a listener. */
const impatient = (backend: OpenBackend): OpenBackend => {
  let deaf = false;
  return {
    ...backend,
    get state() {
      return backend.state;
    },
    async settled(withinMs) {
      const open = await backend.settled(deaf ? 0 : withinMs);
      deaf ||= open > 0;
      return open;
    },
  };
};

/** Where frames go that are only counted. */
const nobody: OpenBackend = {
  address: 'loopback',
  state: { sent: 0, acknowledged: 0, downlinks: 0 },
  uplink: () => undefined,
  settled: () => Promise.resolve(0),
  close: () => Promise.resolve(),
};

/** Several backends as one: what is heard goes to all of them. */
const together = (backends: readonly OpenBackend[]): OpenBackend => ({
  address: backends[0]!.address,
  state: backends[0]!.state,
  uplink: (rx) => backends.forEach((backend) => backend.uplink(rx)),
  settled: async (withinMs) =>
    (await Promise.all(backends.map((backend) => backend.settled(withinMs)))).reduce((a, b) => a + b, 0),
  close: async () => void (await Promise.all(backends.map((backend) => backend.close()))),
});
