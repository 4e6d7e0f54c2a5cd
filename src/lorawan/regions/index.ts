import type { Region } from '../region.js';
import { eu868 } from './eu868.js';
import { us915 } from './us915.js';

/** The regions that a configuration can name. */
export const regionIds = ['EU868', 'US915'] as const;
export type RegionId = (typeof regionIds)[number];

const regions: Readonly<Record<RegionId, Region>> = { EU868: eu868, US915: us915 };

/** The region of that name. */
export const regionOf = (id: RegionId): Region => regions[id];
