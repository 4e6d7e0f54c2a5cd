// The text of an event. It is written three times for each event at the least (to disk, into the stream, as a state), so it
// is put together here by hand; a law says that it is what `JSON.stringify` makes of `eventJson`.
import { isoFromUs } from '../../base/time.js';
import type { ParkingEvent } from '../../parking/event.js';

/** Texts that need no escapes, as most names do. */
const plain = /^[\w .:/-]*$/;
const quoted = (text: string): string => (plain.test(text) ? `"${text}"` : JSON.stringify(text));
const listed = (texts: readonly string[]): string =>
  texts.length === 0 ? '[]' : texts.length === 1 ? `[${quoted(texts[0]!)}]` : JSON.stringify(texts);
/** As JSON has it: what is no number is null. */
const number = (value: number): string => (Number.isFinite(value) ? String(value === 0 ? 0 : value) : 'null');

const kept = Symbol('text');

/**
 * The same text as `JSON.stringify(eventJson(event))`. It is kept with the event, where no copy of the event takes it
 * along: a copy may say something else.
 */
export const eventText = (event: ParkingEvent): string => {
  const before = (event as { readonly [kept]?: string })[kept];
  if (before !== undefined) return before;
  const text = written(event);
  Object.defineProperty(event, kept, { value: text });
  return text;
};

const written = (event: ParkingEvent): string => {
  const { sinceUs, sensorTimeUs, batteryV, batteryPercent, batteryLow, radio } = event;
  const sensorTime = isoFromUs(sensorTimeUs);
  const parts = [
    `{"v":1,"id":${quoted(event.id)},"kind":"${event.kind}","bay":${quoted(event.bay)},"lot":${quoted(event.lot)}`,
  ];
  parts.push(`,"occupied":${event.occupied ?? 'null'}`);
  if (sinceUs !== undefined) parts.push(`,"since":"${sinceUs === sensorTimeUs ? sensorTime : isoFromUs(sinceUs)}"`);
  parts.push(`,"sensorTime":"${sensorTime}","assertedTime":"${isoFromUs(event.assertedTimeUs)}"`);
  if (batteryV !== undefined || batteryPercent !== undefined || batteryLow !== undefined) {
    const cells: string[] = [];
    if (batteryV !== undefined) cells.push(`"volts":${number(batteryV)}`);
    if (batteryPercent !== undefined) cells.push(`"percent":${number(batteryPercent)}`);
    if (batteryLow !== undefined) cells.push(`"low":${batteryLow}`);
    parts.push(`,"battery":{${cells.join()}}`);
  }
  if (event.temperatureC !== undefined) parts.push(`,"temperatureC":${number(event.temperatureC)}`);
  if (event.distanceMm !== undefined) parts.push(`,"distanceMm":${number(event.distanceMm)}`);
  if (event.count !== undefined) parts.push(`,"count":${number(event.count)}`);
  if (event.fault !== undefined) parts.push(`,"fault":${quoted(event.fault)}`);
  if (event.restart !== undefined) parts.push(`,"restart":"${event.restart}"`);
  if (event.tags) parts.push(`,"tags":${listed(event.tags)}`);
  if (radio) {
    parts.push(`,"radio":{"gateway":${quoted(radio.gateway)},"rssiDbm":${number(radio.rssiDbm)}`);
    if (radio.snrDb !== undefined) parts.push(`,"snrDb":${number(radio.snrDb)}`);
    parts.push(`,"gateways":${number(radio.gateways)}}`);
  }
  if (event.device !== undefined) parts.push(`,"device":${quoted(event.device)}`);
  parts.push(`,"model":${quoted(event.model)},"frame":${quoted(event.frame)}`);
  if (event.fCnt !== undefined) parts.push(`,"fCnt":${number(event.fCnt)}`);
  parts.push(`,"quality":${listed(event.quality)}`);
  if (event.findings) parts.push(`,"findings":${listed(event.findings)}`);
  if (event.simulated) parts.push(',"simulated":true');
  parts.push('}');
  return parts.join('');
};
