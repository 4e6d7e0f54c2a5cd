import { runningDigest, type RunningDigest } from '../base/digest.js';
import type { Us } from '../base/time.js';
import type { TxFrame, TxVerdict } from '../lorawan/radio.js';
import { air, type Air } from './air.js';
import type { SensorBehaviour } from './behaviour.js';
import { table, type ColumnSpec, type Table } from './columns.js';
import { concentrator } from './concentrator.js';
import { downlinkAir, type DownlinkAir } from './downlink-air.js';
import { isAddressed } from './mac-receive.js';
import { macColumns } from './mac-state.js';
import { mindsOf, type Minds } from './minds.js';
import { path as pathOf } from './path.js';
import type { BayPlan } from './plan.js';
import { rowDice, type RowDice } from './row-dice.js';
import type { RunSetup } from './run-types.js';
import { world, type World } from './world.js';

/** All that a run is made of: a row for every bay, in the order of their names, and the air around them. */
export interface Fleet {
  readonly bays: readonly BayPlan[];
  readonly names: readonly string[];
  readonly rows: number;
  readonly world: World;
  readonly dice: { readonly world: RowDice; readonly sensor: RowDice; readonly mac: RowDice };
  readonly batteryDraw: Float64Array;
  readonly ether: Air;
  readonly downlinks: DownlinkAir;
  /** A server asks a gateway to transmit. */
  offer(tx: TxFrame, nowUs: Us): TxVerdict;
  readonly mac: Table<typeof macColumns>;
  readonly minds: Minds;
  readonly behaviourOf: readonly SensorBehaviour[];
  /** The columns of each behaviour, and which place in them a row has. */
  readonly tables: ReadonlyMap<SensorBehaviour, Table<ColumnSpec>>;
  readonly places: Int32Array;
  /** Rows whose devices listen all the time. */
  readonly classC: readonly number[];
  /** A running digest for each lot, in the order of their names, and the lot of each row. */
  readonly lanes: readonly { readonly lot: string; readonly digest: RunningDigest }[];
  readonly laneOf: Int32Array;
}

/** Builds a fleet whose devices have never been switched on; everything follows from the seed and the bays' names. */
export const fleetOf = ({ plan, seed, behaviours, region, activation }: RunSetup): Fleet => {
  const bays = [...plan.bays].sort((a, b) => (a.id < b.id ? -1 : 1));
  const names = bays.map((bay) => bay.id);
  const rows = bays.length;
  const battery = rowDice(seed, 'battery', names);
  const behaviourOf = bays.map((bay) => behaviours.get(bay.sensor)!);
  const minds = mindsOf({
    ...{ seed, names, otaa: activation === 'otaa', region },
    profileOf: (row) => behaviourOf[row]!.mac,
  });
  const classC = behaviourOf.flatMap(({ mac }, row) => (mac.deviceClass === 'C' ? [row] : []));
  const sizes = new Map<SensorBehaviour, number>();
  const places = Int32Array.from(behaviourOf, (behaviour) => {
    const place = sizes.get(behaviour) ?? 0;
    sizes.set(behaviour, place + 1);
    return place;
  });
  const lots = [...new Set(bays.map((bay) => bay.lot))].sort();
  const laneByLot = new Map(lots.map((lot, lane) => [lot, lane]));
  const { gateways, air: airPlan } = plan;
  const concentrators = gateways.map((gateway) => concentrator(gateway.eui, airPlan.ideal));
  const path = pathOf({ seed, plan: airPlan, bays, gateways });
  const gatewayOf = new Map(gateways.map((gateway, index) => [gateway.eui, index]));
  const downlinks = downlinkAir({
    ideal: airPlan.ideal,
    path,
    anyClassC: classC.length > 0,
    addressed: (row, phy) => isAddressed(minds.of(row), phy),
  });
  return {
    bays,
    names,
    rows,
    world: world(plan.demand),
    dice: {
      world: rowDice(seed, 'world', names),
      sensor: rowDice(seed, 'sensor', names),
      mac: rowDice(seed, 'mac', names),
    },
    batteryDraw: Float64Array.from(names, (_, row) => battery.at(row).next()),
    ether: air({ seed, plan: airPlan, path, bays, gateways, concentrators }),
    downlinks,
    offer(tx, nowUs) {
      const index = gatewayOf.get(tx.gateway);
      if (index === undefined) return 'unknown';
      const radio = concentrators[index]!;
      if (gateways[index]!.outages?.some(({ fromUs, toUs }) => nowUs >= fromUs && nowUs < toUs)) return 'no-answer';
      const verdict = radio.offer(tx, nowUs);
      const emission = verdict === 'ok' ? radio.emissions.findLast((one) => one.tx === tx) : undefined;
      if (emission) downlinks.launch(emission, index);
      return verdict;
    },
    mac: table(macColumns, rows),
    minds,
    behaviourOf,
    tables: new Map([...sizes].map(([behaviour, size]) => [behaviour, table(behaviour.columns, size)])),
    places,
    classC,
    lanes: lots.map((lot) => ({ lot, digest: runningDigest() })),
    laneOf: Int32Array.from(bays, (bay) => laneByLot.get(bay.lot)!),
  };
};
