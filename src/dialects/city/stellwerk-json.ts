// Our own words for a parking event: what MQTT carries. The schema is stable: fields may be added, none changes its meaning.
import { fail } from '../../base/problem.js';
import { ok, type Result } from '../../base/result.js';
import { isoFromUs, usFromIso, usPerMs, type Us } from '../../base/time.js';
import { qualityFlags, type EventKind, type ParkingEvent, type QualityFlag } from '../../parking/event.js';

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
  readonly restart?: string;
  readonly radio?: {
    readonly gateway: string;
    readonly rssiDbm: number;
    readonly snrDb?: number;
    readonly gateways: number;
  };
  readonly device: string;
  readonly model: string;
  readonly frame: string;
  readonly fCnt?: number;
  readonly quality: readonly QualityFlag[];
  readonly simulated?: true;
}

/** What each field means, for the README: name, JSON type, meaning. */
export const eventFields: readonly (readonly [name: string, type: string, meaning: string])[] = [
  ['v', '1', 'version of this schema'],
  ['id', 'string', 'stable: the same frame gives the same id, so what comes twice can be dropped'],
  ['kind', 'string', '`occupied` or `freed` (a change), `confirmed` (still so), `notice` (says nothing about the bay)'],
  ['bay, lot', 'string', 'which bay, and the lot that it belongs to'],
  ['occupied', 'boolean or null', 'whether a car stands there; null until the bay has said it once'],
  ['since', 'time', 'since when the bay is in this state, as its sensor saw it'],
  ['sensorTime', 'time', 'when the sensor saw it'],
  ['assertedTime', 'time', 'when the gateway asserted it'],
  ['battery', 'object', '`volts`, `percent`, `low`: what the sensor says of them'],
  ['temperatureC, distanceMm, count', 'number', 'what else it measured'],
  ['fault', 'string', 'the sensor doubts itself'],
  ['restart', 'string', 'it has started anew, and why'],
  ['radio', 'object', 'best `gateway`, its `rssiDbm` and `snrDb`, and how many `gateways` heard the frame'],
  ['device, model', 'string', 'DevEUI and sensor model'],
  ['frame, fCnt', 'string, number', 'hash of the LoRaWAN frame and its counter'],
  ['quality', 'list', `any of ${qualityFlags.map((flag) => `\`${flag}\``).join(', ')}`],
  ['simulated', 'true', 'made by a simulation or a replay; absent otherwise'],
];

/** The event in the words of the schema. */
export const eventJson = (event: ParkingEvent): EventJson => {
  const { batteryV, batteryPercent, batteryLow } = event;
  const battery = {
    ...(batteryV !== undefined && { volts: batteryV }),
    ...(batteryPercent !== undefined && { percent: batteryPercent }),
    ...(batteryLow !== undefined && { low: batteryLow }),
  };
  return {
    v: 1,
    id: event.id,
    kind: event.kind,
    bay: event.bay,
    lot: event.lot,
    occupied: event.occupied ?? null,
    ...(event.sinceUs !== undefined && { since: isoFromUs(event.sinceUs) }),
    sensorTime: isoFromUs(event.sensorTimeUs),
    assertedTime: isoFromUs(event.assertedTimeUs),
    ...(Object.keys(battery).length > 0 && { battery }),
    ...(event.temperatureC !== undefined && { temperatureC: event.temperatureC }),
    ...(event.distanceMm !== undefined && { distanceMm: event.distanceMm }),
    ...(event.count !== undefined && { count: event.count }),
    ...(event.fault !== undefined && { fault: event.fault }),
    ...(event.restart !== undefined && { restart: event.restart }),
    ...(event.radio && { radio: event.radio }),
    device: event.device,
    model: event.model,
    frame: event.frame,
    ...(event.fCnt !== undefined && { fCnt: event.fCnt }),
    quality: event.quality,
    ...(event.simulated && { simulated: true as const }),
  };
};

const wrong = (field: string, value: unknown): Result<never> =>
  fail('bad-value', { field, value: JSON.stringify(value)?.slice(0, 40) ?? 'nothing' });

/** The event that a JSON value tells of; instants come back to the millisecond. */
export const eventFromJson = (value: unknown): Result<ParkingEvent> => {
  if (value === null || typeof value !== 'object') return wrong('event', value);
  const json = value as Readonly<Record<string, unknown>>;
  if (json['v'] !== 1) return wrong('v', json['v']);
  for (const name of ['id', 'bay', 'lot', 'device', 'model', 'frame'] as const)
    if (typeof json[name] !== 'string') return wrong(name, json[name]);
  if (!['occupied', 'freed', 'confirmed', 'notice'].includes(json['kind'] as string))
    return wrong('kind', json['kind']);
  if (json['occupied'] !== null && typeof json['occupied'] !== 'boolean') return wrong('occupied', json['occupied']);
  const instant = (name: string): Us | undefined =>
    typeof json[name] === 'string' ? usFromIso(json[name]) : undefined;
  const sensorTimeUs = instant('sensorTime');
  const assertedTimeUs = instant('assertedTime');
  if (sensorTimeUs === undefined) return wrong('sensorTime', json['sensorTime']);
  if (assertedTimeUs === undefined) return wrong('assertedTime', json['assertedTime']);
  if (!Array.isArray(json['quality'])) return wrong('quality', json['quality']);
  const { volts, percent, low } = (json['battery'] ?? {}) as NonNullable<EventJson['battery']>;
  const e = json as unknown as EventJson;
  return ok({
    id: e.id,
    kind: e.kind,
    bay: e.bay,
    lot: e.lot,
    occupied: e.occupied ?? undefined,
    sinceUs: instant('since'),
    sensorTimeUs,
    assertedTimeUs,
    ...(volts !== undefined && { batteryV: volts }),
    ...(percent !== undefined && { batteryPercent: percent }),
    ...(low !== undefined && { batteryLow: low }),
    ...(e.temperatureC !== undefined && { temperatureC: e.temperatureC }),
    ...(e.distanceMm !== undefined && { distanceMm: e.distanceMm }),
    ...(e.count !== undefined && { count: e.count }),
    ...(e.fault !== undefined && { fault: e.fault }),
    ...(e.restart !== undefined && { restart: e.restart as NonNullable<ParkingEvent['restart']> }),
    ...(e.radio && { radio: e.radio }),
    device: e.device,
    model: e.model,
    frame: e.frame,
    ...(e.fCnt !== undefined && { fCnt: e.fCnt }),
    quality: e.quality,
    ...(e.simulated && { simulated: true as const }),
  });
};

/** An instant as the JSON form keeps it: to the millisecond. */
export const asWritten = (us: Us): Us => Math.floor(us / usPerMs) * usPerMs;

/** The names in braces that a topic may hold. */
export const topicNames = ['prefix', 'lot', 'bay', 'gateway', 'device'] as const;
export type TopicFacts = Partial<Record<(typeof topicNames)[number], string>>;

/** Whether a topic template names only what there is, and would make a topic that MQTT allows. */
export const checkTopic = (template: string): Result<string> => {
  for (const [hole, name = ''] of template.matchAll(/\{(\w*)\}/g))
    if (!(topicNames as readonly string[]).includes(name))
      return fail('topic-hole', { template, hole, known: topicNames.map((one) => `{${one}}`).join(', ') });
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (template === '' || /[+#\u0000-\u001f]/.test(template)) return fail('topic-wildcard', { template });
  return ok(template);
};

/** The topic of a template. A bay called `a/b+c` does not become three levels: what MQTT reserves turns into `_`. */
export const fillTopic = (template: string, facts: TopicFacts): string =>
  template.replace(/\{(\w+)\}/g, (_hole, name: keyof TopicFacts) => {
    const fact = facts[name] ?? '';
    // eslint-disable-next-line no-control-regex -- as above
    return name === 'prefix' ? fact : fact.replace(/[+#/\u0000-\u001f]/g, '_');
  });
