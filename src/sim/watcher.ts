import type { SensorInput, SensorPort } from './behaviour.js';
import type { Row } from './columns.js';
import { bounces, detectionDelayMs, toggleMs, type Detection } from './detection.js';

/** What watching a bay needs to remember; a behaviour spreads these into its own columns. */
export const watcherColumns = { occupied: 'flag', toggles: 'u8', joined: 'flag' } as const;
type Watching = Row<typeof watcherColumns>;

/** The appointment slot that watching uses; 1 to 3 are the behaviour's own. */
const lookSlot = 0;

/**
 * The part that all bay sensors share: notice a car after a while, now and then change one's mind, and say so.
 * Returns true when the sensor has just decided anew: time to report.
 */
export const watch = (
  row: Watching,
  input: SensorInput,
  { port, how }: { readonly port: SensorPort; readonly how: Detection },
): boolean => {
  switch (input.kind) {
    case 'boot':
      row.occupied = port.carPresent;
      return false;
    case 'joined':
      row.joined = true;
      return false;
    case 'car':
      row.toggles = bounces(how, port.dice);
      port.wakeInMs(lookSlot, detectionDelayMs(how, port.dice));
      return false;
    case 'wake': {
      if (input.slot !== lookSlot) return false;
      const decided = row.toggles > 0 ? !row.occupied : port.carPresent;
      if (row.toggles > 0) {
        row.toggles--;
        port.wakeInMs(lookSlot, toggleMs(port.dice));
      }
      if (decided === row.occupied) return false;
      row.occupied = decided;
      return row.joined;
    }
    default:
      return false;
  }
};
