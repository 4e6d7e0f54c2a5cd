import { fail } from '../../../base/problem.js';
import { ok, type Result } from '../../../base/result.js';
import type { TxVerdict } from '../../../lorawan/radio.js';
import { fields, isObject, own, parseJson } from './json.js';

/** What a forwarder says about a downlink, in its own words. Without `error` the packet is in its queue. */
export interface TxAck {
  /** Such as `TOO_LATE`; absent when accepted. */
  readonly error?: string;
  /** Accepted, but not as asked, such as `TX_POWER` (PROTOCOL.md v1.5). */
  readonly warn?: string;
  /** What is used instead, such as the power in dBm. */
  readonly value?: number;
}

/** The verdicts that the protocol has words for; the word is the verdict in capitals. */
const worded = [
  'too-late',
  'too-early',
  'collision-packet',
  'collision-beacon',
  'tx-freq',
  'tx-power',
  'gps-unlocked',
] as const satisfies readonly TxVerdict[];

const wordOf = (verdict: TxVerdict): string => verdict.toUpperCase().replaceAll('-', '_');

/** The TX_ACK that says a verdict. */
export const txAckOf = (verdict: TxVerdict): TxAck => {
  if (verdict === 'ok') return {};
  return { error: worded.some((known) => known === verdict) ? wordOf(verdict) : 'UNKNOWN' };
};

/** The verdict of a TX_ACK: a warning is still a transmission, an error that nobody knows is `unknown`. */
export const verdictOf = ({ error }: TxAck): TxVerdict => {
  if (error === undefined) return 'ok';
  return worded.find((verdict) => wordOf(verdict) === error) ?? 'unknown';
};

/** The TX_ACK in the bytes after the EUI: none at all, `NONE` and an empty error all mean accepted. Never throws. */
export const parseTxAck = (bytes: Uint8Array): Result<TxAck> => {
  const type = 'tx-ack';
  // Forwarders written in C may send the zero that ends their string.
  if (bytes.every((byte) => byte === 0 || byte === 0x20)) return ok({});
  const json = parseJson(bytes, type);
  if (!json.ok) return json;
  const body = own(json.value, 'txpk_ack') ?? {};
  if (!isObject(body)) return fail('datagram-shape', { type, why: 'txpk_ack is not an object' });
  const read = fields(body);
  const word = /^[\w -]{0,40}$/;
  const error = read.text('error', word);
  const warn = read.text('warn', word);
  const value = read.number('value');
  const wrong = read.wrong();
  if (wrong) return fail('datagram-shape', { type, why: `${wrong.field} ${wrong.why}` });
  return ok({
    ...(error === undefined || error === '' || error === 'NONE' ? {} : { error }),
    ...(warn === undefined || warn === '' || warn === 'NONE' ? {} : { warn }),
    ...(value === undefined ? {} : { value }),
  });
};

/** The JSON of a TX_ACK; undefined when there is nothing to say: the reference forwarder then sends none. */
export const txAckJson = (ack: TxAck): unknown => (Object.keys(ack).length === 0 ? undefined : { txpk_ack: ack });
