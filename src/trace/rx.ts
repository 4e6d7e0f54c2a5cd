import { fromHex, toHex } from '../base/hex.js';
import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { dataRateText, type DataRate, type RxFrame } from '../lorawan/radio.js';
import { fieldReader, present, unsigned } from './fields.js';
import type { TraceRecord } from './record.js';

/** A hearing as a record's body: PHYPayload in hexadecimal digits, data rate as `SF7BW125`, the rest as in `RxFrame`. */
export interface RxBody {
  readonly phy: string;
  readonly freqHz: number;
  readonly dataRate: string;
  readonly codingRate?: string;
  readonly rssiDbm: number;
  readonly snrDb?: number;
  readonly crc: RxFrame['crc'];
  readonly tmst?: number;
  readonly gatewayTimeUs?: number;
  readonly channel?: number;
  readonly rfChain?: number;
}

/**
 * The record of one gateway's hearing; its instant is `atUs`, its source `gateway:<eui>`.
 * `extra` are fields of the writer's own, such as `simulated`; readers pass over them.
 */
export const rxRecord = (rx: RxFrame, extra: Readonly<Record<string, unknown>> = {}): TraceRecord<'rx', RxBody> => ({
  us: rx.atUs,
  source: `gateway:${rx.gateway}`,
  kind: 'rx',
  body: present({
    ...extra,
    phy: toHex(rx.phy),
    freqHz: rx.freqHz,
    dataRate: dataRateText(rx.dataRate),
    codingRate: rx.codingRate,
    rssiDbm: rx.rssiDbm,
    snrDb: rx.snrDb,
    crc: rx.crc,
    tmst: rx.tmst,
    gatewayTimeUs: rx.gatewayTimeUs,
    channel: rx.channel,
    rfChain: rx.rfChain,
  }) as RxBody,
});

/** The data rate that `dataRateText` wrote; undefined for any other text. */
export const parseDataRate = (text: string): DataRate | undefined => {
  const lora = /^SF(5|6|7|8|9|10|11|12)BW(\d{1,4}(?:\.\d{1,3})?)$/.exec(text);
  if (lora) return { kind: 'lora', sf: Number(lora[1]), bwHz: Math.round(Number(lora[2]) * 1000) };
  const fsk = /^FSK(\d{1,7})$/.exec(text);
  if (fsk) return { kind: 'fsk', bitRate: Number(fsk[1]) };
  return /^M\dCW\d{1,4}$/.test(text) ? { kind: 'lr-fhss', text } : undefined;
};

/** The hearing in a record, or why it is none. Never throws. */
export const rxOfRecord = (record: TraceRecord): Result<RxFrame> => {
  const wrong = (why: string): Result<RxFrame> =>
    fail('wrong-record', { kind: record.kind, expected: 'the hearing of a frame', why });
  if (record.kind !== 'rx') return wrong('its kind is not rx');
  const gateway = /^gateway:([0-9a-f]{16})$/.exec(record.source)?.[1];
  if (gateway === undefined) return wrong('its source is not gateway: and an EUI');
  const read = fieldReader(record.body);
  const phy = fromHex(read.text('phy', /^([0-9a-f]{2}){0,255}$/i));
  const dataRate = parseDataRate(read.text('dataRate'));
  if (!dataRate) read.refuse('dataRate is none');
  const rx: RxFrame = present({
    phy: phy.ok ? phy.value : new Uint8Array(0),
    atUs: record.us,
    gateway,
    tmst: read.maybeNumber('tmst', unsigned(32)),
    gatewayTimeUs: read.maybeNumber('gatewayTimeUs', { whole: true }),
    freqHz: read.number('freqHz', { whole: true, least: 1, most: 1e10 }),
    dataRate: dataRate ?? { kind: 'fsk', bitRate: 0 },
    codingRate: read.maybeText('codingRate', /^\S{1,12}$/),
    rssiDbm: read.number('rssiDbm'),
    snrDb: read.maybeNumber('snrDb'),
    crc: read.oneOf('crc', ['ok', 'bad', 'none']),
    channel: read.maybeNumber('channel', unsigned(16)),
    rfChain: read.maybeNumber('rfChain', unsigned(8)),
  }) as RxFrame;
  const why = read.why();
  return why === undefined ? ok(rx) : wrong(why);
};
