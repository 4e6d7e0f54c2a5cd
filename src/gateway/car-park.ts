// Lots beside the ladder: what bays and counters come to.
import type { Us } from '../base/time.js';
import type { ChangedBay } from '../ladder/batch.js';
import type { LadderState } from '../ladder/ladder.js';
import type { Device } from '../network/device.js';
import { currentOf } from '../parking/bay.js';
import type { ParkingEvent } from '../parking/event.js';
import type { LotState, SavedCounter } from '../parking/lot.js';
import { lots, type CountReading, type LotSetup } from '../parking/lots.js';
import type { StateKey } from './delivery.js';

export interface CarPark {
  /** Bays changed: the lots that are others now. */
  bays(changed: readonly ChangedBay[]): readonly StateKey[];
  /** What sensors that count cars told; to be kept with their frame. */
  passes(events: readonly ParkingEvent[]): readonly SavedCounter[];
  /** A counter from elsewhere; undefined when nobody waits for it. */
  count(reading: CountReading): { readonly saved: SavedCounter; readonly key: StateKey } | undefined;
  at(lot: string): LotState | undefined;
  names(): Iterable<string>;
  /** Now, by the wall clock. */
  nowUs(): Us;
}

/** Bays of one person each count in their lot only with at least so many of them. */
const leastHidden = 5;

/** The bays that count in lots: of hidden ones all or none of a lot, so that no difference tells of a single one. */
export const countedBays = (devices: readonly Device[]): readonly { readonly bay: string; readonly lot: string }[] => {
  const hidden = new Map<string, number>();
  for (const { lot, singleUser } of devices) if (singleUser) hidden.set(lot, (hidden.get(lot) ?? 0) + 1);
  return devices.filter(({ lot, singleUser }) => !singleUser || hidden.get(lot)! >= leastHidden);
};

export const carPark = (setup: {
  readonly devices: readonly Device[];
  readonly state: LadderState;
  readonly lots: readonly LotSetup[];
  readonly counters: readonly SavedCounter[];
  nowUs(): Us;
}): CarPark => {
  const { state, devices } = setup;
  const counted = countedBays(devices);
  const isCounted = new Set(counted.map(({ bay }) => bay));
  const left = new Set(devices.filter(({ bay }) => !isCounted.has(bay)).map(({ bay }) => bay));
  const counting = new Set(setup.lots.flatMap(({ entries = [], exits = [] }) => [...entries, ...exits]));
  const parked = lots(
    counted.filter(({ bay }) => !counting.has(bay)),
    { setups: setup.lots, counters: setup.counters, simulated: state.settings.simulated },
  );
  const wallUs = (): Us => setup.nowUs() + state.wall.offsetUs;
  const note = (bay: ChangedBay['bay']): string | undefined =>
    left.has(bay.bay.replace(/-[2-8]$/, '')) || left.has(bay.bay) || counting.has(bay.bay)
      ? undefined
      : parked.noteBay({ bay: bay.bay, lot: bay.lot, occupied: currentOf(bay, wallUs())?.occupied });
  for (const bay of state.bays.values()) note(bay);
  return {
    bays: (changed) => [...new Set(changed.flatMap(({ bay }) => note(bay) ?? []))].map((lot) => `lot ${lot}` as const),
    passes: (events) =>
      counting.size === 0
        ? []
        : events.flatMap(({ bay, count, sensorTimeUs }) =>
            count === undefined ? [] : (parked.notePass({ bay, count, atUs: sensorTimeUs })?.saved ?? []),
          ),
    count(reading) {
      const noted = parked.noteCount(reading);
      return noted && { saved: noted.saved, key: `lot ${noted.lot}` };
    },
    at: (lot) => parked.at(lot, wallUs(), (bay) => state.bays.get(bay)?.heardUs),
    names: () => parked.names(),
    nowUs: wallUs,
  };
};
