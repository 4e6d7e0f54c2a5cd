import { whole, type Dice } from '../../../src/base/dice.js';
import type { Mounting } from '../../../src/codec/sensor.js';
import type { SensorInput, SensorPort } from '../../../src/sim/behaviour.js';
import type { Row } from '../../../src/sim/columns.js';

/** What measuring needs to remember; a behaviour spreads this into its own columns. */
export const rangingColumns = { roofMm: 'u16' } as const;

// From a low sports car to a van (assumed).
const lowestRoofMm = 1_400;
const highestRoofMm = 1_900;
/** Of a single measurement (assumed). */
const noiseMm = 20;

const anyRoof = (dice: Dice): number => whole(dice, lowestRoofMm, highestRoofMm);

/** Every car has its own roof. */
export const notice = (row: Row<typeof rangingColumns>, input: SensorInput, port: SensorPort): void => {
  if ((input.kind === 'car' && input.present) || (input.kind === 'boot' && port.carPresent))
    row.roofMm = anyRoof(port.dice);
};

/** From the sensor down to the roof of the car or to the ground. */
export const measureMm = (row: Row<typeof rangingColumns>, port: SensorPort, { heightMm }: Mounting): number =>
  heightMm - (port.carPresent ? row.roofMm : 0) + whole(port.dice, -noiseMm, noiseMm);
