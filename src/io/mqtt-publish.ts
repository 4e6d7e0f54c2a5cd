// PUBLISH packets of QoS 1, many of them in one piece of memory (MQTT 3.1.1 §3.3; MQTT 5 §3.3). mqtt.js writes each packet
// in several pieces, each of which the system has to be handed.
import type { MqttMessage } from './mqtt-queue.js';

/** Packets that leave together. */
export interface PublishPieces {
  /** Adds a packet. */
  put(message: MqttMessage, id: number): void;
  /** Hands over what was added since the last time. */
  flush(): void;
  /** Forgets what was added since the last time. */
  drop(): void;
}

const publishQos1 = 0x32;
const retained = 0x01;
const pieceBytes = 65_536;
const mostSpare = 4;

const bytesOf = (what: string | Uint8Array): number =>
  typeof what === 'string' ? Buffer.byteLength(what) : what.length;
const lengthBytes = (value: number): number => (value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4);

// MQTT 5 §2.2.2.2: these identifiers, in any order.
const payloadFormat = 0x01;
const expiry = 0x02;
const contentType = 0x03;
const json = 'application/json';

/** `write` takes a piece, and calls `done` when the piece may be used again. */
export const publishPieces = (
  protocol: '3.1.1' | '5',
  write: (piece: Uint8Array, done: () => void) => void,
): PublishPieces => {
  let piece: Buffer = Buffer.allocUnsafeSlow(pieceBytes);
  let end = 0;
  const spare: Buffer[] = [];

  const flush = (): void => {
    if (end === 0) return;
    const full = piece;
    const bytes = full.subarray(0, end);
    piece = spare.pop() ?? Buffer.allocUnsafeSlow(pieceBytes);
    end = 0;
    write(bytes, () => void (full.length === pieceBytes && spare.length < mostSpare && spare.push(full)));
  };
  const length = (value: number): void => {
    let rest = value;
    for (; rest >= 128; rest >>>= 7) piece[end++] = (rest & 0x7f) | 0x80;
    piece[end++] = rest;
  };
  const short = (value: number): void => void (end = piece.writeUInt16BE(value, end));
  const bytes = (what: string | Uint8Array): void => {
    if (typeof what === 'string') end += piece.write(what, end);
    else {
      piece.set(what, end);
      end += what.length;
    }
  };

  return {
    put({ topic, payload, retain, expiryS }, id) {
      const topicBytes = bytesOf(topic);
      const payloadBytes = bytesOf(payload);
      const propertyBytes = protocol === '5' ? 2 + 3 + json.length + (expiryS === undefined ? 0 : 5) : 0;
      const left = 2 + topicBytes + 2 + (protocol === '5' ? 1 + propertyBytes : 0) + payloadBytes;
      const all = 1 + lengthBytes(left) + left;
      if (end + all > piece.length) flush();
      if (all > piece.length) piece = Buffer.allocUnsafeSlow(all);
      piece[end++] = publishQos1 | (retain ? retained : 0);
      length(left);
      short(topicBytes);
      bytes(topic);
      short(id);
      if (protocol === '5') {
        length(propertyBytes);
        piece[end++] = payloadFormat;
        piece[end++] = 1;
        if (expiryS !== undefined) {
          piece[end++] = expiry;
          end = piece.writeUInt32BE(expiryS, end);
        }
        piece[end++] = contentType;
        short(json.length);
        bytes(json);
      }
      bytes(payload);
    },
    flush,
    drop() {
      end = 0;
    },
  };
};
