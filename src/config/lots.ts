import { z } from 'zod';
import type { LotSetup } from '../parking/lots.js';
import { name } from './pieces.js';

const places = z.int().min(0).max(1_000_000).optional();

/** What is known of a lot beside its bays. */
export const lotSchema = z.strictObject({
  lot: name.describe('Its name, as the devices have it'),
  capacity: z.int().min(1).max(1_000_000).optional().describe('Places; default: its bays; a counter needs it'),
  counter: name.optional().describe('Counter of cars (source counts-mqtt or counts-http) that speaks for it'),
  entries: z.array(name).optional().describe('Bays of sensors that count cars which come in, such as Nwave NCC405'),
  exits: z.array(name).optional().describe('Bays of sensors that count cars which leave'),
  full: places.describe('Free places at which its sign says full; default 0'),
  fullUntil: places.describe('Free places above which it says so no more'),
  few: places.describe('Free places at which its sign says few; default: a tenth'),
  fewUntil: places.describe('Free places above which it says so no more'),
  freshForH: z.number().min(0.01).max(720).default(24).describe('Hours for which a count is of use'),
});

export const lotSetupOf = ({ freshForH, ...lot }: z.infer<typeof lotSchema>): LotSetup => ({
  ...(Object.fromEntries(Object.entries(lot).filter(([, value]) => value !== undefined)) as unknown as LotSetup),
  freshForUs: Math.round(freshForH * 3_600_000_000),
});
