// The one door to lora-packet: a second opinion about frames, never the first. Everything it assumes is checked before
// it is called: it throws on much, and it does not sign frames without a port.
import loraPacket from 'lora-packet';
import type { DataFields, DataFrame } from './frame.js';

interface Packet {
  readonly FRMPayload?: Buffer;
  readonly MIC?: Buffer;
  getPHYPayload(): Buffer;
}
/** What lora-packet really exports; its types say `default.default`, which does not exist under ESM. */
interface LoraPacket {
  fromWire(phy: Buffer): Packet;
  fromFields(fields: object, appSKey: Buffer, nwkSKey: Buffer, appKey?: Buffer, fCntHigh?: Buffer): Packet;
  decrypt(packet: Packet, appSKey: Buffer, nwkSKey: Buffer, fCntHigh?: Buffer): Buffer | null;
  verifyMIC(packet: Packet, nwkSKey: Buffer, appKey?: Buffer, fCntHigh?: Buffer): boolean;
}
const lora = loraPacket as unknown as LoraPacket;

/** The raw session keys: the referee makes its own schedules. */
export interface RefereeKeys {
  readonly nwkSKey: Uint8Array;
  readonly appSKey: Uint8Array;
}

/** With a key of any other length lora-packet sends the payload in clear, without a word. */
const keyBuffer = (key: Uint8Array): Buffer => {
  if (key.length !== 16) throw new TypeError('an AES-128 key has 16 bytes');
  return Buffer.from(key);
};

const highHalf = (fCnt: number): Buffer => Buffer.from([(fCnt >>> 16) & 255, fCnt >>> 24]);

/** lora-packet's verdict on a parsed data frame: is the MIC right, what is the payload; undefined where it cannot say. */
export const refereeOpen = (
  frame: DataFrame,
  fCnt: number,
  keys: RefereeKeys,
): { readonly micOk: boolean; readonly payload: Uint8Array } | undefined => {
  if (frame.fPort === undefined || frame.payload.length === 0) return undefined;
  const packet = lora.fromWire(Buffer.from(frame.phy));
  const nwkSKey = keyBuffer(keys.nwkSKey);
  const high = highHalf(fCnt);
  const payload = lora.decrypt(packet, keyBuffer(keys.appSKey), nwkSKey, high);
  return { micOk: lora.verifyMIC(packet, nwkSKey, undefined, high), payload: new Uint8Array(payload ?? []) };
};

/** lora-packet's bytes for a data frame; undefined where it is known to be wrong (no port, no payload, FOpts on port 0). */
export const refereeSeal = (f: Omit<DataFields, 'nwkSKey' | 'appSKey'>, keys: RefereeKeys): Uint8Array | undefined => {
  if (f.fPort === undefined || !f.payload || f.payload.length === 0) return undefined;
  if (f.fPort === 0 && f.fOpts && f.fOpts.length > 0) return undefined;
  const devAddr = Buffer.alloc(4);
  devAddr.writeUInt32BE(f.devAddr);
  const packet = lora.fromFields(
    {
      MType: `${f.confirmed ? 'Confirmed' : 'Unconfirmed'} Data ${f.uplink ? 'Up' : 'Down'}`,
      DevAddr: devAddr,
      FCtrl: {
        ADR: f.adr ?? false,
        ADRACKReq: f.uplink ? (f.adrAckReq ?? false) : false,
        ACK: f.ack ?? false,
        FPending: (f.uplink ? f.classB : f.fPending) ?? false,
      },
      FCnt: f.fCnt & 0xffff,
      FOpts: Buffer.from(f.fOpts ?? []),
      FPort: f.fPort,
      payload: Buffer.from(f.payload),
    },
    keyBuffer(keys.appSKey),
    keyBuffer(keys.nwkSKey),
    undefined,
    highHalf(f.fCnt),
  );
  return new Uint8Array(packet.getPHYPayload());
};
