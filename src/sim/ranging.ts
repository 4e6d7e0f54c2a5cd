import type { Dice } from '../base/dice.js';
import type { Mounting } from '../codec/sensor.js';
import type { SensorInput, SensorPort } from './behaviour.js';
import type { Row } from './columns.js';

/** Under the ceiling of a car park, and a trolley is no car (all three assumed). */
export const overBay: Mounting = { heightMm: 2_500, thresholdMm: 500, hysteresisMm: 200 };

/** Roofs from small cars to vans that fit under the sensor (assumed). */
const lowestRoofMm = 1_400;
const highestRoofMm = 1_900;
/** What one measurement differs from the next (assumed; data sheets promise one centimetre and 0.3 % of the distance). */
const noiseMm = 20;

/** How high a car's roof is that has just come. A behaviour keeps it in a column: the same car stays as high as it is. */
export const roofMm = (dice: Dice): number => Math.round(lowestRoofMm + dice.next() * (highestRoofMm - lowestRoofMm));

/** What a sensor that looks down from `heightMm` measures: to the roof of the car below it, or to the ground (roof 0). */
export const rangeMm = (
  { heightMm }: Pick<Mounting, 'heightMm'>,
  { roof, dice }: { readonly roof: number; readonly dice: Dice },
): number => Math.max(1, heightMm - roof + Math.round((dice.next() * 2 - 1) * noiseMm));

/** What measuring needs to remember; a behaviour spreads this into its own columns. */
export const rangingColumns = { roofMm: 'u16' } as const;

/** Every car has its own roof: to be told of every input. */
export const noticeRoof = (row: Row<typeof rangingColumns>, input: SensorInput, port: SensorPort): void => {
  if ((input.kind === 'car' && input.present) || (input.kind === 'boot' && port.carPresent))
    row.roofMm = roofMm(port.dice);
};

/** What it measures now. */
export const measureMm = (row: Row<typeof rangingColumns>, port: SensorPort, mounting: Mounting): number =>
  rangeMm(mounting, { roof: port.carPresent ? row.roofMm : 0, dice: port.dice });
