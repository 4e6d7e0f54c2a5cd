import { toHex } from '../../../base/hex.js';
import { fail } from '../../../base/problem.js';
import { ok, type Result } from '../../../base/result.js';
import type { Eui } from '../../../lorawan/ids.js';
import { isObject, own, parseJson, type JsonObject } from './json.js';
import { parseTxAck, txAckJson, type TxAck } from './tx-ack.js';

/** The datagram types in the order of their numbers (PROTOCOL.md v1.6 §§3 to 6). */
export const datagramTypes = ['push-data', 'push-ack', 'pull-data', 'pull-resp', 'pull-ack', 'tx-ack'] as const;
export type DatagramType = (typeof datagramTypes)[number];

/** 1 is the old GWMP byte: no TX_ACK, and the token of a PULL_RESP means nothing. */
export type Version = 1 | 2;

interface Head {
  readonly version: Version;
  /** The two opaque bytes, most significant first; an answer repeats them. */
  readonly token: number;
}
export interface PushData extends Head {
  readonly type: 'push-data';
  readonly gateway: Eui;
  /** As they came: `rxFramesOf` reads them, so that a bad one does not take the good ones with it. */
  readonly rxpk: readonly unknown[];
  /** As it came: `statOf` reads it. */
  readonly stat?: unknown;
}
export interface PullData extends Head {
  readonly type: 'pull-data';
  readonly gateway: Eui;
}
export interface PullResp extends Head {
  readonly type: 'pull-resp';
  /** As it came: `txFrameOf` reads it. */
  readonly txpk: JsonObject;
}
export interface TxAckDatagram extends Head {
  readonly type: 'tx-ack';
  readonly gateway: Eui;
  readonly ack: TxAck;
}
export interface PushAck extends Head {
  readonly type: 'push-ack';
}
export interface PullAck extends Head {
  readonly type: 'pull-ack';
}
export type Datagram = PushData | PushAck | PullData | PullResp | PullAck | TxAckDatagram;

/** What the first 4 or 12 bytes say; `gateway` is there for what gateways send. */
export interface DatagramHead extends Head {
  readonly type: DatagramType;
  readonly gateway?: Eui;
}

/** What a UDP datagram over IPv4 can carry. */
const mostBytes = 65_507;
const mostRxpk = 255;
const headBytes = 4;
const gatewayBytes = 12;

const fromGateway = (type: DatagramType): boolean => type === 'push-data' || type === 'pull-data' || type === 'tx-ack';

/**
 * Who speaks and what kind of datagram it is, without reading its JSON.
 * Problems: `datagram-short`, `datagram-long`, `datagram-version`, `datagram-type`.
 */
export const parseHead = (bytes: Uint8Array): Result<DatagramHead> => {
  const have = bytes.length;
  if (have < headBytes) return fail('datagram-short', { type: 'Semtech UDP', need: headBytes, have });
  if (have > mostBytes) return fail('datagram-long', { have, most: mostBytes });
  const version = bytes[0]!;
  if (version !== 1 && version !== 2) return fail('datagram-version', { version });
  const type = datagramTypes[bytes[3]!];
  if (type === undefined) return fail('datagram-type', { type: bytes[3]! });
  const token = (bytes[1]! << 8) | bytes[2]!;
  if (!fromGateway(type)) return ok({ version, token, type });
  if (have < gatewayBytes) return fail('datagram-short', { type, need: gatewayBytes, have });
  return ok({ version, token, type, gateway: toHex(bytes.subarray(headBytes, gatewayBytes)) });
};

const pushData = (head: Head & { readonly gateway: Eui }, json: JsonObject): Result<Datagram> => {
  const type = 'push-data';
  const rxpk = own(json, 'rxpk') ?? [];
  if (!Array.isArray(rxpk)) return fail('datagram-shape', { type, why: 'rxpk is not a list' });
  if (rxpk.length > mostRxpk) return fail('datagram-shape', { type, why: `rxpk has more than ${mostRxpk} entries` });
  const stat = own(json, 'stat');
  return ok({ ...head, type, rxpk: rxpk as readonly unknown[], ...(stat === undefined ? {} : { stat }) });
};

/** The datagram in these bytes, or why there is none. Never throws. Problems: those of `parseHead` and of the JSON. */
export const parseDatagram = (bytes: Uint8Array): Result<Datagram> => {
  const parsed = parseHead(bytes);
  if (!parsed.ok) return parsed;
  const { type, version, token, gateway = '' } = parsed.value;
  const head = { version, token };
  switch (type) {
    case 'push-ack':
    case 'pull-ack':
      return ok({ ...head, type });
    case 'pull-data':
      return ok({ ...head, type, gateway });
    case 'push-data': {
      const json = parseJson(bytes.subarray(gatewayBytes), type);
      return json.ok ? pushData({ ...head, gateway }, json.value) : json;
    }
    case 'pull-resp': {
      const json = parseJson(bytes.subarray(headBytes), type);
      if (!json.ok) return json;
      const txpk = own(json.value, 'txpk');
      return isObject(txpk) ? ok({ ...head, type, txpk }) : fail('datagram-shape', { type, why: 'it has no txpk' });
    }
    case 'tx-ack': {
      const ack = parseTxAck(bytes.subarray(gatewayBytes));
      return ack.ok ? ok({ ...head, type, gateway, ack: ack.value }) : ack;
    }
  }
};

/** The text after the fixed bytes; undefined where the type has none. */
const jsonOf = (datagram: Datagram): unknown => {
  switch (datagram.type) {
    case 'push-data': {
      const { rxpk, stat } = datagram;
      return { ...(rxpk.length > 0 ? { rxpk } : {}), ...(stat === undefined ? {} : { stat }) };
    }
    case 'pull-resp':
      return { txpk: datagram.txpk };
    case 'tx-ack':
      return txAckJson(datagram.ack);
    case 'push-ack':
    case 'pull-ack':
    case 'pull-data':
      return undefined;
  }
};

/** The bytes of a datagram. `gateway` must be an EUI of 16 hexadecimal digits. */
export const writeDatagram = (datagram: Datagram): Uint8Array => {
  const json = jsonOf(datagram);
  const text = json === undefined ? new Uint8Array(0) : new TextEncoder().encode(JSON.stringify(json));
  const at = 'gateway' in datagram ? gatewayBytes : headBytes;
  const bytes = new Uint8Array(at + text.length);
  bytes[0] = datagram.version;
  bytes[1] = datagram.token >> 8;
  bytes[2] = datagram.token & 0xff;
  bytes[3] = datagramTypes.indexOf(datagram.type);
  if ('gateway' in datagram)
    for (let i = 0; i < 8; i++) bytes[headBytes + i] = Number.parseInt(datagram.gateway.slice(2 * i, 2 * i + 2), 16);
  bytes.set(text, at);
  return bytes;
};
