import { fail } from '../../../base/problem.js';
import { ok, type Result } from '../../../base/result.js';
import type { Us } from '../../../base/time.js';
import { fields, isObject } from './json.js';
import { expandedTime, usFromExpanded } from './times.js';

/** How a gateway fared since its last report. The counts are those of the interval, not sums (lora_pkt_fwd.c). */
export interface GatewayStat {
  /** The gateway's own clock; absent when it cannot be read. */
  readonly atUs?: Us;
  readonly lat?: number;
  readonly lon?: number;
  readonly altM?: number;
  /** Frames heard, heard with a good CRC, and passed on. */
  readonly rxReceived: number;
  readonly rxOk: number;
  readonly rxForwarded: number;
  /** Share of its upstream datagrams that were acknowledged, in percent. */
  readonly acknowledgedPercent: number;
  /** Downlinks that came, and that were transmitted. */
  readonly txReceived: number;
  readonly txEmitted: number;
  readonly temperatureC?: number;
}

const count = { whole: true, least: 0, most: 0xffff_ffff } as const;

/** The report in a `stat` object, or `bad-stat`. Counts that are not there are 0. Never throws. */
export const statOf = (value: unknown): Result<GatewayStat> => {
  if (!isObject(value)) return fail('bad-stat', { field: 'stat', why: 'is not an object' });
  const read = fields(value);
  const time = read.text('time');
  const atUs = time === undefined ? undefined : usFromExpanded(time);
  const lat = read.number('lati', { least: -90, most: 90 });
  const lon = read.number('long', { least: -180, most: 180 });
  const altM = read.number('alti', { least: -20_000, most: 1e6 });
  const temperatureC = read.number('temp', { least: -300, most: 1000 });
  const stat: GatewayStat = {
    ...(atUs === undefined ? {} : { atUs }),
    ...(lat === undefined ? {} : { lat }),
    ...(lon === undefined ? {} : { lon }),
    ...(altM === undefined ? {} : { altM }),
    rxReceived: read.number('rxnb', count) ?? 0,
    rxOk: read.number('rxok', count) ?? 0,
    rxForwarded: read.number('rxfw', count) ?? 0,
    acknowledgedPercent: read.number('ackr', { least: 0, most: 1000 }) ?? 0,
    txReceived: read.number('dwnb', count) ?? 0,
    txEmitted: read.number('txnb', count) ?? 0,
    ...(temperatureC === undefined ? {} : { temperatureC }),
  };
  const wrong = read.wrong();
  return wrong ? fail('bad-stat', wrong) : ok(stat);
};

/** The `stat` object of a report: time in whole seconds, altitude in whole metres, percent and degrees in tenths. */
export const statJson = (stat: GatewayStat): Readonly<Record<string, unknown>> => ({
  ...(stat.atUs === undefined ? {} : { time: expandedTime(stat.atUs) }),
  ...(stat.lat === undefined ? {} : { lati: stat.lat }),
  ...(stat.lon === undefined ? {} : { long: stat.lon }),
  ...(stat.altM === undefined ? {} : { alti: Math.round(stat.altM) }),
  rxnb: stat.rxReceived,
  rxok: stat.rxOk,
  rxfw: stat.rxForwarded,
  ackr: Math.round(stat.acknowledgedPercent * 10) / 10,
  dwnb: stat.txReceived,
  txnb: stat.txEmitted,
  ...(stat.temperatureC === undefined ? {} : { temp: Math.round(stat.temperatureC * 10) / 10 }),
});
