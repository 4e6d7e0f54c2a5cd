// Our own words for a parking event: what MQTT carries. The schema is stable: fields may be added, none changes its meaning.
import { fail } from '../../base/problem.js';
import { ok, type Result } from '../../base/result.js';
import { isoFromUs, usFromIso, usPerMs, type Us } from '../../base/time.js';
import { restartCauses, type RestartCause } from '../../codec/sensor.js';
import { eventKinds, qualityFlags, type EventKind, type ParkingEvent, type QualityFlag } from '../../parking/event.js';
import { findingKinds, type Finding } from '../../parking/findings.js';

/** A parking event as JSON. A field that is absent was not said; `occupied: null` means that nobody knows yet. */
export interface EventJson {
  readonly v: 1;
  readonly id: string;
  readonly kind: EventKind;
  readonly bay: string;
  readonly lot: string;
  readonly occupied: boolean | null;
  /** Instants are ISO 8601 in UTC, to the millisecond. */
  readonly since?: string;
  readonly sensorTime: string;
  readonly assertedTime: string;
  readonly battery?: { readonly volts?: number; readonly percent?: number; readonly low?: boolean };
  readonly temperatureC?: number;
  readonly distanceMm?: number;
  readonly count?: number;
  readonly fault?: string;
  readonly restart?: RestartCause;
  readonly tags?: readonly string[];
  readonly radio?: {
    readonly gateway: string;
    readonly rssiDbm: number;
    readonly snrDb?: number;
    readonly gateways: number;
  };
  readonly device?: string;
  readonly model: string;
  readonly frame: string;
  readonly fCnt?: number;
  readonly quality: readonly QualityFlag[];
  readonly findings?: readonly Finding[];
  readonly simulated?: true;
}

/** What each field means, for the README: name, JSON type, meaning. */
export const eventFields: readonly (readonly [name: string, type: string, meaning: string])[] = [
  ['v', '1', 'version of this schema'],
  ['id', 'string', 'stable: the same frame gives the same id, so what comes twice can be dropped'],
  [
    'kind',
    'string',
    '`occupied` or `freed` (a change), `confirmed` (still so), `notice` (says nothing about the bay), `lost` (nobody knows any more: its sensor is silent)',
  ],
  ['bay, lot', 'string', 'which bay, and the lot that it belongs to'],
  ['occupied', 'boolean or null', 'whether a car stands there; null until the bay has said it once'],
  ['since', 'time', 'since when the bay is in this state, as its sensor saw it'],
  ['sensorTime', 'time', 'when the sensor saw it'],
  ['assertedTime', 'time', 'when the gateway asserted it'],
  ['battery', 'object', '`volts`, `percent`, `low`: what the sensor says of them'],
  ['temperatureC, distanceMm, count', 'number', 'what else it measured'],
  ['fault', 'string', 'the sensor doubts itself'],
  ['restart', 'string', 'it has started anew, and why'],
  ['tags', 'list', "pseudonyms of drivers' tags and telephones; only with `privacy.tags: hmac`"],
  ['radio', 'object', 'best `gateway`, its `rssiDbm` and `snrDb`, and how many `gateways` heard the frame'],
  ['model', 'string', 'sensor model'],
  ['device', 'string', 'DevEUI of the sensor, or a pseudonym; only with `privacy.devEui`'],
  ['frame, fCnt', 'string, number', 'hash of the LoRaWAN frame and its counter'],
  ['quality', 'list', `any of ${qualityFlags.map((flag) => `\`${flag}\``).join(', ')}`],
  [
    'findings',
    'list',
    `what is wrong with bay or sensor, any of ${findingKinds.map((one) => `\`${one}\``).join(', ')}`,
  ],
  ['simulated', 'true', 'made by a simulation or a replay; absent otherwise'],
];

const time = { type: 'string', format: 'date-time' } as const;
const number = { type: 'number' } as const;
const text = { type: 'string' } as const;
const counter = { type: 'integer', minimum: 0 } as const;

/** The JSON Schema of an event, for whoever reads our topics. More fields may come; those that are here stay. */
export const eventJsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Stellwerk parking event',
  type: 'object',
  properties: {
    v: { const: 1 },
    id: text,
    kind: { enum: eventKinds },
    bay: text,
    lot: text,
    occupied: { type: ['boolean', 'null'] },
    since: time,
    sensorTime: time,
    assertedTime: time,
    battery: { type: 'object', properties: { volts: number, percent: number, low: { type: 'boolean' } } },
    temperatureC: number,
    distanceMm: number,
    count: number,
    fault: text,
    restart: { enum: restartCauses },
    tags: { type: 'array', items: text },
    radio: {
      type: 'object',
      properties: { gateway: text, rssiDbm: number, snrDb: number, gateways: counter },
      required: ['gateway', 'rssiDbm', 'gateways'],
    },
    device: text,
    model: text,
    frame: text,
    fCnt: counter,
    quality: { type: 'array', items: { enum: qualityFlags } },
    findings: { type: 'array', items: { enum: findingKinds } },
    simulated: { const: true },
  },
  required: [
    ...(['v', 'id', 'kind', 'bay', 'lot', 'occupied', 'sensorTime', 'assertedTime', 'model'] as const),
    ...(['frame', 'quality'] as const),
  ],
} as const;

/** Always in this order: what is told again must be the same text. */
const radioJson = ({ gateway, rssiDbm, snrDb, gateways }: NonNullable<ParkingEvent['radio']>) =>
  snrDb === undefined ? { gateway, rssiDbm, gateways } : { gateway, rssiDbm, snrDb, gateways };

/** The event in the words of the schema. */
export const eventJson = (event: ParkingEvent): EventJson => {
  const { batteryV, batteryPercent, batteryLow } = event;
  const battery = {
    ...(batteryV !== undefined && { volts: batteryV }),
    ...(batteryPercent !== undefined && { percent: batteryPercent }),
    ...(batteryLow !== undefined && { low: batteryLow }),
  };
  const sensorTime = isoFromUs(event.sensorTimeUs);
  return {
    v: 1,
    id: event.id,
    kind: event.kind,
    bay: event.bay,
    lot: event.lot,
    occupied: event.occupied ?? null,
    ...(event.sinceUs !== undefined && {
      since: event.sinceUs === event.sensorTimeUs ? sensorTime : isoFromUs(event.sinceUs),
    }),
    sensorTime,
    assertedTime: isoFromUs(event.assertedTimeUs),
    ...(Object.keys(battery).length > 0 && { battery }),
    ...(event.temperatureC !== undefined && { temperatureC: event.temperatureC }),
    ...(event.distanceMm !== undefined && { distanceMm: event.distanceMm }),
    ...(event.count !== undefined && { count: event.count }),
    ...(event.fault !== undefined && { fault: event.fault }),
    ...(event.restart !== undefined && { restart: event.restart }),
    ...(event.tags && { tags: event.tags }),
    ...(event.radio && { radio: radioJson(event.radio) }),
    ...(event.device !== undefined && { device: event.device }),
    model: event.model,
    frame: event.frame,
    ...(event.fCnt !== undefined && { fCnt: event.fCnt }),
    quality: event.quality,
    ...(event.findings && { findings: event.findings }),
    ...(event.simulated && { simulated: true as const }),
  };
};

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const own = (json: Json, name: string): unknown => (Object.hasOwn(json, name) ? json[name] : undefined);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isTruth = (value: unknown): value is boolean => typeof value === 'boolean';
const isText = (value: unknown): value is string => typeof value === 'string';
const isOneOf =
  <T extends string>(list: readonly T[]) =>
  (value: unknown): value is T =>
    (list as readonly unknown[]).includes(value);
const isFlag = isOneOf(qualityFlags);
const isFinding = isOneOf(findingKinds);
const orAbsent =
  <T>(is: (value: unknown) => value is T) =>
  (value: unknown): value is T | undefined =>
    value === undefined || is(value);
const isTime = (value: unknown): value is string => isText(value) && usFromIso(value) !== undefined;
const isBattery = (value: unknown): value is NonNullable<EventJson['battery']> =>
  isObject(value) &&
  orAbsent(isNumber)(own(value, 'volts')) &&
  orAbsent(isNumber)(own(value, 'percent')) &&
  orAbsent(isTruth)(own(value, 'low'));
const isRadio = (value: unknown): value is NonNullable<EventJson['radio']> =>
  isObject(value) &&
  isText(own(value, 'gateway')) &&
  isNumber(own(value, 'rssiDbm')) &&
  orAbsent(isNumber)(own(value, 'snrDb')) &&
  isCount(own(value, 'gateways'));

const shapes: { readonly [K in keyof EventJson]-?: (value: unknown) => boolean } = {
  v: (value) => value === 1,
  id: isText,
  kind: isOneOf(eventKinds),
  bay: isText,
  lot: isText,
  occupied: (value) => value === null || isTruth(value),
  since: orAbsent(isTime),
  sensorTime: isTime,
  assertedTime: isTime,
  battery: orAbsent(isBattery),
  temperatureC: orAbsent(isNumber),
  distanceMm: orAbsent(isNumber),
  count: orAbsent(isNumber),
  fault: orAbsent(isText),
  restart: orAbsent(isOneOf(restartCauses)),
  tags: orAbsent((value): value is readonly string[] => Array.isArray(value) && value.every(isText)),
  radio: orAbsent(isRadio),
  device: orAbsent(isText),
  model: isText,
  frame: isText,
  fCnt: orAbsent(isCount),
  quality: (value) => Array.isArray(value) && value.every(isFlag),
  findings: orAbsent((value): value is readonly Finding[] => Array.isArray(value) && value.every(isFinding)),
  simulated: (value) => value === undefined || value === true,
};

const wrong = (field: string, value: unknown): Result<never> =>
  fail('bad-field', { field, value: JSON.stringify(value)?.slice(0, 40) ?? 'nothing' });

/**
 * The event that a JSON value tells of; instants come back to the millisecond. Fields that the schema does not know are
 * passed over: a later version may add some. Problem: `bad-field` with the field.
 */
export const eventFromJson = (value: unknown): Result<ParkingEvent> => {
  if (!isObject(value)) return wrong('event', value);
  for (const name of Object.keys(shapes) as (keyof EventJson)[])
    if (!shapes[name](own(value, name))) return wrong(name, own(value, name));
  const e = value as unknown as EventJson;
  const { volts, percent, low } = e.battery ?? {};
  const us = (time: string): Us => usFromIso(time)!;
  return ok({
    id: e.id,
    kind: e.kind,
    bay: e.bay,
    lot: e.lot,
    occupied: e.occupied ?? undefined,
    sinceUs: e.since === undefined ? undefined : us(e.since),
    sensorTimeUs: us(e.sensorTime),
    assertedTimeUs: us(e.assertedTime),
    ...(volts !== undefined && { batteryV: volts }),
    ...(percent !== undefined && { batteryPercent: percent }),
    ...(low !== undefined && { batteryLow: low }),
    ...(e.temperatureC !== undefined && { temperatureC: e.temperatureC }),
    ...(e.distanceMm !== undefined && { distanceMm: e.distanceMm }),
    ...(e.count !== undefined && { count: e.count }),
    ...(e.fault !== undefined && { fault: e.fault }),
    ...(e.restart !== undefined && { restart: e.restart }),
    ...(e.tags && { tags: [...e.tags] }),
    ...(e.radio && { radio: radioOf(e.radio) }),
    ...(e.device !== undefined && { device: e.device }),
    model: e.model,
    frame: e.frame,
    ...(e.fCnt !== undefined && { fCnt: e.fCnt }),
    quality: [...e.quality],
    ...(e.findings && { findings: [...e.findings] }),
    ...(e.simulated && { simulated: true as const }),
  });
};

const radioOf = ({ gateway, rssiDbm, snrDb, gateways }: NonNullable<EventJson['radio']>): EventJson['radio'] => ({
  gateway,
  rssiDbm,
  ...(snrDb !== undefined && { snrDb }),
  gateways,
});

/** An instant as the JSON form keeps it: to the millisecond. */
export const asWritten = (us: Us): Us => Math.floor(us / usPerMs) * usPerMs;
