// The text of an event. It is written three times for each event at the least (to disk, into the stream, as a state), so it
// is put together here by hand; a law says that it is what `JSON.stringify` makes of `eventJson`.
import { jsonNumber, jsonText } from '../../base/json-text.js';
import { isoFromUs } from '../../base/time.js';
import type { ParkingEvent } from '../../parking/event.js';

const listed = (texts: readonly string[]): string =>
  texts.length === 0 ? '[]' : texts.length === 1 ? `[${jsonText(texts[0]!)}]` : JSON.stringify(texts);

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
  let text = `{"v":1,"id":${jsonText(event.id)},"kind":"${event.kind}","bay":${jsonText(event.bay)},"lot":${jsonText(event.lot)}`;
  text += `,"occupied":${event.occupied ?? 'null'}`;
  if (sinceUs !== undefined) text += `,"since":"${sinceUs === sensorTimeUs ? sensorTime : isoFromUs(sinceUs)}"`;
  text += `,"sensorTime":"${sensorTime}","assertedTime":"${isoFromUs(event.assertedTimeUs)}"`;
  if (batteryV !== undefined || batteryPercent !== undefined || batteryLow !== undefined) {
    const cells: string[] = [];
    if (batteryV !== undefined) cells.push(`"volts":${jsonNumber(batteryV)}`);
    if (batteryPercent !== undefined) cells.push(`"percent":${jsonNumber(batteryPercent)}`);
    if (batteryLow !== undefined) cells.push(`"low":${batteryLow}`);
    text += `,"battery":{${cells.join()}}`;
  }
  if (event.temperatureC !== undefined) text += `,"temperatureC":${jsonNumber(event.temperatureC)}`;
  if (event.distanceMm !== undefined) text += `,"distanceMm":${jsonNumber(event.distanceMm)}`;
  if (event.count !== undefined) text += `,"count":${jsonNumber(event.count)}`;
  if (event.fault !== undefined) text += `,"fault":${jsonText(event.fault)}`;
  if (event.restart !== undefined) text += `,"restart":"${event.restart}"`;
  if (event.tags) text += `,"tags":${listed(event.tags)}`;
  if (radio) {
    text += `,"radio":{"gateway":${jsonText(radio.gateway)},"rssiDbm":${jsonNumber(radio.rssiDbm)}`;
    if (radio.snrDb !== undefined) text += `,"snrDb":${jsonNumber(radio.snrDb)}`;
    text += `,"gateways":${jsonNumber(radio.gateways)}}`;
  }
  if (event.device !== undefined) text += `,"device":${jsonText(event.device)}`;
  text += `,"model":${jsonText(event.model)},"frame":${jsonText(event.frame)}`;
  if (event.fCnt !== undefined) text += `,"fCnt":${jsonNumber(event.fCnt)}`;
  text += `,"quality":${listed(event.quality)}`;
  if (event.findings) text += `,"findings":${listed(event.findings)}`;
  if (event.simulated) text += ',"simulated":true';
  text += '}';
  // Asking for a letter makes one piece of it: the pieces would live on, as many objects, until the text is sent.
  return text.charCodeAt(0) === 0 ? '' : text;
};
