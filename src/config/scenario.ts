import { z } from 'zod';
import { placed, problem, StellwerkError, type Problem } from '../base/problem.js';
import { usPerMs } from '../base/time.js';
import { readText } from '../io/disk.js';
import type { DwellPlan } from '../sim/plan.js';
import { chips } from '../sim/radio/demodulators.js';
import { lossModels } from '../sim/radio/loss.js';
import { sensitivities } from '../sim/radio/sensitivity.js';
import { gridGateways, gridLots, type Scenario } from '../sim/scenario.js';
import { readAs, readDocument, type TextDocument } from './document.js';
import { eui, instant, name, span, zone } from './pieces.js';

const point = z.tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)]);
const positive = z.number().positive();
const share = z.number().min(0).max(1);
const hours = z.array(share).length(24, 'expected are 24 numbers, one for each hour of the day');

const lot = z.strictObject({
  id: name.describe('Names the lot in topics and events'),
  name: name.optional().describe('What people call it'),
  bays: z.int().min(1).max(1_000_000).describe('Number of bays'),
  prefix: name.describe('Bays are called prefix-01, prefix-02, ...'),
  at: point.describe('Latitude and longitude of the first bay'),
  spacingM: positive.default(5).describe('Metres from bay to bay'),
  bearingDeg: z.number().min(0).max(360).default(90).describe('Direction of the row, clockwise from north'),
});

const grid = z.strictObject({
  id: name.describe('Lots are called id-0001 and so on, their bays id-0001-01'),
  at: point.describe('Latitude and longitude of the middle'),
  bays: z.int().min(1).max(2_000_000).describe('Number of bays'),
  perKm2: positive.default(4_000).describe('Bays in a square kilometre'),
  baysPerLot: z.int().min(1).max(1_000).default(20).describe('Bays of a lot, along one kerb'),
  spacingM: positive.default(5).describe('Metres from bay to bay'),
});

const radio = {
  heightM: z.number().min(0).default(10),
  antennaGainDb: z.number().default(2),
  chip: z.enum(chips).default('SX1302').describe('Its concentrator: how many frames it can follow at once'),
};

const outage = z.strictObject({
  from: span.describe('Time since the start'),
  for: span.describe('How long it hears nothing and sends nothing'),
});

const air = z.strictObject({
  ideal: z.boolean().default(false).describe('Everybody hears everything'),
  model: z.enum(lossModels).optional().describe('A named path loss instead of referenceDb and exponent'),
  sensorHeightM: z.number().min(0).max(100).default(0.1).describe('For models that ask for heights'),
  referenceDb: z.number().default(7.7).describe('Path loss in 1 m'),
  exponent: positive.default(3.76).describe('10 times this is lost for each tenfold distance'),
  shadowingDb: z.number().min(0).default(4).describe('Deviation of what houses and trees take'),
  correlationM: z.number().min(0).default(110).describe('Places nearer than this have nearly the same; 0 for none'),
  fadingDb: z.number().min(0).default(1.5).describe('Deviation from frame to frame'),
  carLossDb: z.number().min(0).default(12.5).describe('What a car over the sensor takes'),
  carLossDeviationDb: z.number().min(0).default(2.5),
  hearers: z.int().min(1).max(15).default(8).describe('A frame is judged at so many gateways, the best ones'),
  interference: z.enum(['croce', 'goursaud', 'aloha']).default('croce').describe('How frames spoil each other'),
  preambleLock: z.boolean().default(false).describe('What ends within the first symbols of a frame does not spoil it'),
  sensitivity: z.enum(sensitivities).default('snr-floor').describe('What gateways still understand'),
});

const dwell = z.union([
  z.strictObject({ share: positive, median: span, sigma: positive }),
  z.strictObject({ share: positive, mean: span, deviation: span }),
  z.strictObject({ share: positive, weibull: span.describe('Its scale'), shape: z.number().min(0.2).max(20) }),
  z.strictObject({ share: positive, gamma: span.describe('Its scale'), shape: z.number().min(0.2).max(100) }),
  z.strictObject({ share: positive, exponential: span.describe('Its mean') }),
  z.strictObject({ share: positive, fixed: span }),
]);

/** A scenario file: a place and its day. */
export const scenarioSchema = z.strictObject({
  name: name.describe('What people call the scenario'),
  start: instant.describe('When the story begins, with its zone'),
  zone: zone.default('Europe/Berlin').describe('Time zone of the hours of demand'),
  bootWithin: span.default(60_000).describe('Sensors are switched on within this time'),
  lots: z.array(lot).default([]).describe('Rows of bays'),
  grids: z.array(grid).default([]).describe('Streets that nobody drew'),
  sensors: z.array(z.strictObject({ model: name, share: positive })).min(1),
  gateways: z
    .array(z.strictObject({ name, eui, at: point, ...radio, outages: z.array(outage).default([]) }))
    .default([])
    .describe('Gateways one by one'),
  gatewayGrid: z
    .strictObject({ everyM: positive.min(50).describe('Metres from gateway to gateway'), ...radio })
    .optional()
    .describe('Gateways in even rows over all bays'),
  demand: z.strictObject({ weekday: hours, saturday: hours, sunday: hours, dwell: z.array(dwell).min(1) }),
  air: air.prefault({}),
});

/** The JSON Schema of scenario files, for completion in editors. */
export const scenarioJsonSchema = (): Readonly<Record<string, unknown>> => ({
  title: 'Stellwerk scenario',
  ...z.toJSONSchema(scenarioSchema, { io: 'input', unrepresentable: 'any' }),
});

const dwellPlan = (one: z.infer<typeof dwell>): DwellPlan => {
  const { share: part } = one;
  if ('median' in one) return { kind: 'lognormal', share: part, medianMs: one.median, sigma: one.sigma };
  if ('mean' in one) return { kind: 'normal', share: part, meanMs: one.mean, deviationMs: one.deviation };
  if ('weibull' in one) return { kind: 'weibull', share: part, scaleMs: one.weibull, shape: one.shape };
  if ('gamma' in one) return { kind: 'gamma', share: part, scaleMs: one.gamma, shape: one.shape };
  if ('exponential' in one) return { kind: 'exponential', share: part, meanMs: one.exponential };
  return { kind: 'fixed', share: part, meanMs: one.fixed };
};

type Read = z.infer<typeof scenarioSchema>;

/** What no single line of a file can be wrong about. */
const wrongTogether = (document: TextDocument, read: Read): readonly Problem[] => {
  const wrong: Problem[] = [];
  for (const key of ['id', 'prefix'] as const)
    read.lots.forEach((one, i) => {
      if (read.lots.findIndex((other) => other[key] === one[key]) !== i)
        wrong.push(placed(problem('scenario-twice', { key, value: one[key] }), document.at(['lots', i, key])));
    });
  if (read.lots.length + read.grids.length === 0) wrong.push(placed(problem('scenario-no-bays', {}), document.at([])));
  if (read.gateways.length === 0 && !read.gatewayGrid)
    wrong.push(placed(problem('scenario-no-gateways', {}), document.at([])));
  return wrong;
};

/** The scenario in a text, or everything that is wrong with it. */
export const readScenario = (
  id: string,
  text: string,
  file: string,
): { ok: true; value: Scenario } | { ok: false; problems: readonly Problem[] } => {
  const document = readDocument(text, file);
  if (!document.ok) return { ok: false, problems: [document.problem] };
  const read = readAs(document.value, scenarioSchema);
  if (!read.ok) return read;
  const wrong = wrongTogether(document.value, read.value);
  if (wrong.length > 0) return { ok: false, problems: wrong };
  return { ok: true, value: scenarioFrom(id, read.value) };
};

const scenarioFrom = (id: string, read: Read): Scenario => {
  const { grids, gatewayGrid, gateways, demand, start, bootWithin, zone: where, ...same } = read;
  const lots = [
    ...same.lots.map(({ at: [lat, lon], ...one }) => ({ ...one, name: one.name ?? one.id, lat, lon })),
    ...grids.flatMap(({ at: [lat, lon], ...one }) => gridLots({ ...one, lat, lon })),
  ];
  const listed = gateways.map(({ at: [lat, lon], outages, ...one }) => ({
    ...one,
    lat,
    lon,
    outages: outages.map((out) => ({
      fromUs: start + out.from * usPerMs,
      toUs: start + (out.from + out.for) * usPerMs,
    })),
  }));
  const { model, ...air } = same.air;
  return {
    id,
    ...same,
    air: { ...air, ...(model && { model }) },
    startUs: start,
    bootSpreadMs: bootWithin,
    lots,
    gateways: [...listed, ...(gatewayGrid ? gridGateways(lots, gatewayGrid) : [])],
    demand: { ...demand, zone: where, dwell: demand.dwell.map(dwellPlan) },
  };
};

/** The scenario of a file; throws a StellwerkError that holds every problem. */
export const loadScenario = async (id: string, file: string): Promise<Scenario> => {
  const text = await readText(file);
  if (!text.ok) throw new StellwerkError(text.problem);
  const read = readScenario(id, text.value, file);
  if (read.ok) return read.value;
  const [first, ...others] = read.problems;
  throw new StellwerkError(first!, { others });
};
