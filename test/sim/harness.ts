import { usPerMs } from '../../src/base/time.js';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import { simulatedNetwork } from '../../src/city/city.js';
import { climb, ladder, ladderWakeUs, type LadderOut, type LadderSettings } from '../../src/ladder/ladder.js';
import type { DownlinkOutcome, Outcome } from '../../src/ladder/outcome.js';
import type { DownlinkEvent } from '../../src/network/queue.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import type { Device } from '../../src/network/device.js';
import { registry } from '../../src/network/registry.js';
import type { Memory } from '../../src/network/session.js';
import type { ParkingEvent } from '../../src/parking/event.js';
import type { SensorBehaviour } from '../../src/sim/behaviour.js';
import type { FleetState } from '../../src/sim/fleet-state.js';
import { identity } from '../../src/sim/identity.js';
import type { BayPlan, Plan } from '../../src/sim/plan.js';
import { startRun } from '../../src/sim/run.js';
import type { SentFrame } from '../../src/sim/run-types.js';

const flat = (share: number): number[] => new Array<number>(24).fill(share);

/** A small place with lively demand; air ideal unless asked. */
export const smallPlan = (bays: readonly BayPlan[], change: Partial<Plan> = {}): Plan => ({
  id: 'small',
  name: 'small',
  startUs: 1_780_000_000_000_000,
  bootSpreadMs: 60_000,
  bays,
  gateways: [
    { eui: '0253544b47570001', name: 'a', lat: 48.5962, lon: 8.8708, heightM: 20, antennaGainDb: 3 },
    { eui: '0253544b47570002', name: 'b', lat: 48.599, lon: 8.875, heightM: 20, antennaGainDb: 3 },
  ],
  demand: {
    zone: 'Europe/Berlin',
    weekday: flat(0.6),
    saturday: flat(0.6),
    sunday: flat(0.6),
    dwell: [{ share: 1, kind: 'lognormal', medianMs: 20 * 60_000, sigma: 0.6 }],
  },
  air: {
    ideal: true,
    referenceDb: 7.7,
    exponent: 3.76,
    shadowingDb: 4,
    fadingDb: 1.5,
    carLossDb: 12.5,
    carLossDeviationDb: 2.5,
  },
  ...change,
});

const sensors = ['bosch-tps110', 'pni-placepod', 'cicicom-s-lg-i3'] as const;

/** `count` bays named `p-01`..., models in turn. */
export const someBays = (count: number, first = 1): BayPlan[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `p-${String(first + i).padStart(2, '0')}`,
    lot: (first + i) % 2 === 0 ? 'even' : 'odd',
    lat: 48.595 + (first + i) * 0.00004,
    lon: 8.8703,
    sensor: sensors[(first + i) % sensors.length]!,
  }));

let loaded: ReadonlyMap<string, SensorBehaviour> | undefined;
export const behaviours = async (): Promise<ReadonlyMap<string, SensorBehaviour>> => {
  const catalogue = openCatalogue();
  loaded ??= new Map(
    await Promise.all(sensors.map(async (id) => [id, must(await catalogue.load('behaviours', id))] as const)),
  );
  return loaded;
};

export interface Played {
  readonly frames: readonly SentFrame[];
  readonly outcomes: readonly Outcome[];
  readonly events: readonly ParkingEvent[];
  readonly descents: readonly DownlinkOutcome[];
  readonly downlinks: readonly DownlinkEvent[];
  readonly digest: string;
  /** The truth. */
  readonly cars: readonly { readonly bay: string; readonly atUs: number; readonly present: boolean }[];
  readonly endUs: number;
  readonly state: FleetState;
  readonly memories: readonly Memory[];
}

/** Both ends in one loop, in virtual time: the simulation, and the ladder that answers it. */
export const playTogether = (setup: {
  readonly plan: Plan;
  readonly seed?: string;
  readonly known: ReadonlyMap<string, SensorBehaviour>;
  readonly hours: number;
  readonly stepMs?: number;
  readonly settings?: Partial<LadderSettings>;
  readonly state?: FleetState;
  readonly memories?: readonly Memory[];
}): Played => {
  const { plan, seed = 'test', known, stepMs = 500 } = setup;
  const devices = plan.bays.map((bay): Device => {
    const { devEui, joinEui, appKey } = identity(seed, bay.id);
    const { model, mac, mounting, options } = known.get(bay.sensor)!;
    return {
      devEui,
      name: bay.id,
      bay: bay.id,
      lot: bay.lot,
      lorawan: mac.lorawan,
      activation: { kind: 'otaa', joinEui, appKey: aesKey(appKey) },
      model,
      options: { ...model.defaults, ...options },
      ...(mounting && { mounting }),
    };
  });
  const directory = registry(devices, setup.memories);
  const network = ladder(
    { ...simulatedNetwork, dutyCycle: plan.air.ideal ? 'ignore' : 'enforce', ...setup.settings },
    directory,
  );
  const run = startRun({
    plan,
    seed,
    behaviours: known,
    region: eu868,
    activation: 'otaa',
    ...(setup.state && { state: setup.state }),
  });
  const frames: SentFrame[] = [];
  const outcomes: Outcome[] = [];
  const events: ParkingEvent[] = [];
  const descents: DownlinkOutcome[] = [];
  const downlinks: DownlinkEvent[] = [];
  const out: LadderOut = {
    copy: () => undefined,
    batch(batch) {
      if (batch.outcome) outcomes.push(batch.outcome);
      if (batch.descent) descents.push(batch.descent);
      events.push(...batch.events);
      downlinks.push(...batch.downlinks);
      const { send } = batch;
      if (send) climb(network, { kind: 'verdict', id: send.id, verdict: run.offer(send), atUs: run.nowUs }, out);
    },
  };
  const cars: Played['cars'][number][] = [];
  const heard: Parameters<typeof climb>[1][] = [];
  const endUs = plan.startUs + setup.hours * 3_600_000 * usPerMs;
  const tickTo = (us: number): void => {
    while (ladderWakeUs(network) <= us) climb(network, { kind: 'tick', atUs: ladderWakeUs(network) }, out);
  };
  while (run.nowUs < endUs) {
    run.advance(Math.min(endUs, run.nowUs + stepMs * usPerMs), [], {
      sent: (frame) => frames.push(frame),
      car: (car) => cars.push(car),
      heard: (rx) => heard.push({ kind: 'frame', rx }),
    });
    for (const input of heard.splice(0)) {
      if (input.kind === 'frame') tickTo(input.rx.atUs);
      climb(network, input, out);
    }
    tickTo(run.nowUs);
  }
  tickTo(endUs + 1_000_000);
  return {
    frames,
    outcomes,
    events,
    descents,
    downlinks,
    digest: run.digest(),
    cars,
    endUs,
    state: run.state({ clean: true }),
    memories: [...directory.entries()].map((entry) => entry.memory),
  };
};

/** Every frame of the bays, in the order of time, as one text: equal texts are equal frames. */
export const story = (frames: readonly SentFrame[], bays?: ReadonlySet<string>): string[] =>
  frames
    .filter((frame) => !bays || bays.has(frame.bay))
    .map((frame) => `${frame.bay} ${frame.startUs} ${frame.endUs} ${frame.freqHz} ${frame.id}`)
    .sort();
