import placepod from '../devices/sensors/pni-placepod.js';
import behaviour from '../simulators/sensors/pni-placepod.js';
import { dice, exponential, type Dice } from '../src/base/dice.js';
import { must } from '../src/base/problem.js';
import { usPerMs } from '../src/base/time.js';
import { simulatedKey } from '../src/lorawan/keys.js';
import { refereeSeal } from '../src/lorawan/referee.js';
import { eu868 } from '../src/lorawan/regions/eu868.js';
import type { Plan } from '../src/sim/plan.js';
import { startRun } from '../src/sim/run.js';
import type { Run } from '../src/sim/run-types.js';
import { gridGateways, gridLots, planOf } from '../src/sim/scenario.js';
import type { Bench } from './bench.js';

const bays = 5_000;
const lots = gridLots({ id: 'b', lat: 48.68, lon: 9, bays, perKm2: 4_000, baysPerLot: 50, spacingM: 5 });
const busy = new Array<number>(24).fill(0.6);
const plan: Plan = planOf(
  {
    ...{ id: 'bench', name: 'bench', startUs: 1_780_000_000_000_000, bootSpreadMs: 60_000, lots },
    sensors: [{ model: 'pni-placepod', share: 1 }],
    gateways: gridGateways(lots, { everyM: 500, heightM: 20, antennaGainDb: 3 }),
    demand: {
      ...{ zone: 'Europe/Berlin', weekday: busy, saturday: busy, sunday: busy },
      dwell: [{ share: 1, kind: 'lognormal', medianMs: 25 * 60_000, sigma: 0.7 }],
    },
    air: {
      ...{ ideal: false, referenceDb: 7.7, exponent: 3.76, shadowingDb: 4, fadingDb: 1.5 },
      ...{ carLossDb: 12.5, carLossDeviationDb: 2.5 },
    },
  },
  'bench',
);

/** The fleet that one would write first: an object for each sensor, one queue, lora-packet; nothing of the air. */
class Sensor {
  occupied = false;
  fCnt = 0;
  readonly keys: { readonly nwkSKey: Uint8Array; readonly appSKey: Uint8Array };
  readonly d: Dice;
  constructor(name: string) {
    this.keys = { nwkSKey: simulatedKey('bench', `n ${name}`), appSKey: simulatedKey('bench', `a ${name}`) };
    this.d = dice('bench', name);
  }
  move(): Uint8Array {
    this.occupied = !this.occupied;
    const { fPort, bytes: payload } = must(
      placepod.encode({ type: 'report', items: [{ channel: 21, type: 'presence', value: Number(this.occupied) }] }),
    );
    const fields = {
      uplink: true,
      confirmed: false,
      adr: true,
      devAddr: 0x01020304,
      fCnt: this.fCnt++,
      fPort,
      payload,
    };
    return refereeSeal(fields, this.keys)!;
  }
}

interface Due {
  readonly at: number;
  readonly sensor: Sensor;
}

/** A heap as a textbook has it. */
const queue: Due[] = [];
const push = (due: Due): void => {
  let at = queue.push(due) - 1;
  for (let up = (at - 1) >> 1; at > 0 && queue[up]!.at > due.at; at = up, up = (at - 1) >> 1) {
    [queue[at], queue[up]] = [queue[up]!, queue[at]!];
  }
};
const pop = (): Due => {
  const first = queue[0]!;
  const last = queue.pop()!;
  if (queue.length === 0) return first;
  queue[0] = last;
  for (let at = 0; ;) {
    let down = 2 * at + 1;
    if (down >= queue.length) return first;
    if (down + 1 < queue.length && queue[down + 1]!.at < queue[down]!.at) down++;
    if (queue[down]!.at >= queue[at]!.at) return first;
    [queue[at], queue[down]] = [queue[down]!, queue[at]!];
    at = down;
  }
};

let run: Run | undefined;
let bytes = 0;

const perSecond = (sideMs: number, work: () => number): number => {
  const began = performance.now();
  let count = 0;
  while (performance.now() - began < sideMs) count += work();
  return (count * 1_000) / (performance.now() - began);
};

const bench: Bench = {
  id: 'city',
  what: `whole uplinks of ${bays} bays: car, sensor, payload, MAC, seal, and the air's verdict at up to 8 gateways`,
  peer: 'the fleet one would write first: objects, a heap, lora-packet; without MAC and air',
  unit: 'uplinks/s',
  floor: 3,
  setup() {
    const behaviours = new Map([[behaviour.id, behaviour]]);
    run = startRun({ ...{ plan, seed: 'bench', behaviours, region: eu868, activation: 'abp', unanswered: true } });
    for (let n = 0; n < bays; n++) push({ at: n, sensor: new Sensor(`s${n}`) });
    return Promise.resolve();
  },
  round({ sideMs }) {
    const ours = perSecond(sideMs, () => {
      const before = run!.figures.sent;
      run!.advance(run!.nowUs + 300_000 * usPerMs, [], {});
      return run!.figures.sent - before;
    });
    const peer = perSecond(sideMs, () => {
      for (let i = 0; i < 20; i++) {
        const { at, sensor } = pop();
        bytes += sensor.move().length;
        push({ at: at + exponential(sensor.d, 1_500_000), sensor });
      }
      return 20;
    });
    if (bytes === 0) throw new Error('the peer has sent nothing');
    return { ours, peer };
  },
};
export default bench;
