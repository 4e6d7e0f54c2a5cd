import { z } from 'zod';
import { placed, problem, StellwerkError, type Problem } from '../base/problem.js';
import { readText } from '../io/disk.js';
import type { DwellPlan } from '../sim/plan.js';
import type { Scenario } from '../sim/scenario.js';
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

const dwell = z.union([
  z.strictObject({ share: positive, median: span, sigma: positive }),
  z.strictObject({ share: positive, mean: span, deviation: span }),
]);

/** A scenario file: a place and its day. */
export const scenarioSchema = z.strictObject({
  name: name.describe('What people call the scenario'),
  start: instant.describe('When the story begins, with its zone'),
  zone: zone.default('Europe/Berlin').describe('Time zone of the hours of demand'),
  bootWithin: span.default(60_000).describe('Sensors are switched on within this time'),
  lots: z.array(lot).min(1),
  sensors: z.array(z.strictObject({ model: name, share: positive })).min(1),
  gateways: z
    .array(
      z.strictObject({
        name,
        eui,
        at: point,
        heightM: z.number().min(0).default(10),
        antennaGainDb: z.number().default(2),
      }),
    )
    .min(1),
  demand: z.strictObject({ weekday: hours, saturday: hours, sunday: hours, dwell: z.array(dwell).min(1) }),
  air: z
    .strictObject({
      ideal: z.boolean().default(false).describe('Everybody hears everything'),
      referenceDb: z.number().default(7.7),
      exponent: positive.default(3.76),
      shadowingDb: z.number().min(0).default(4),
      fadingDb: z.number().min(0).default(1.5),
      carLossDb: z.number().min(0).default(12.5),
      carLossDeviationDb: z.number().min(0).default(2.5),
    })
    .prefault({}),
});

const dwellPlan = (one: z.infer<typeof dwell>): DwellPlan =>
  'median' in one
    ? { kind: 'lognormal', share: one.share, medianMs: one.median, sigma: one.sigma }
    : { kind: 'normal', share: one.share, meanMs: one.mean, deviationMs: one.deviation };

const repeated = (document: TextDocument, read: z.infer<typeof scenarioSchema>): Problem[] =>
  (['id', 'prefix'] as const).flatMap((key) =>
    read.lots.flatMap((one, i) =>
      read.lots.findIndex((other) => other[key] === one[key]) === i
        ? []
        : [placed(problem('scenario-twice', { key, value: one[key] }), document.at(['lots', i, key]))],
    ),
  );

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
  const twice = repeated(document.value, read.value);
  if (twice.length > 0) return { ok: false, problems: twice };
  const { lots, gateways, demand, start, bootWithin, zone: where, ...same } = read.value;
  return {
    ok: true,
    value: {
      id,
      ...same,
      startUs: start,
      bootSpreadMs: bootWithin,
      lots: lots.map(({ at: [lat, lon], ...one }) => ({ ...one, name: one.name ?? one.id, lat, lon })),
      gateways: gateways.map(({ at: [lat, lon], ...one }) => ({ ...one, lat, lon })),
      demand: { ...demand, zone: where, dwell: demand.dwell.map(dwellPlan) },
    },
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
