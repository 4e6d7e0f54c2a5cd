import fc from 'fast-check';
import { parser, type IPublishPacket } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { publishPieces } from '../../src/io/mqtt-publish.js';
import type { MqttMessage } from '../../src/io/mqtt-queue.js';

const read = (pieces: readonly Uint8Array[], protocolVersion: 4 | 5): IPublishPacket[] => {
  const packets: IPublishPacket[] = [];
  const reader = parser({ protocolVersion });
  reader.on('packet', (packet) => packets.push(packet as IPublishPacket));
  reader.on('error', (error) => {
    throw error;
  });
  for (const piece of pieces) reader.parse(Buffer.from(piece));
  return packets;
};

const message = fc.record({
  topic: fc.stringMatching(/^[a-zäß€/]{1,40}$/),
  payload: fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    // Lengths around those where the length itself becomes longer.
    fc.constantFrom(100, 117, 127, 16_370, 16_384, 65_530, 70_000, 2_097_152).map((length) => 'x'.repeat(length)),
  ),
  qos: fc.constant(1 as const),
  retain: fc.boolean(),
  expiryS: fc.option(fc.nat(0xffff_ffff), { nil: undefined }),
});

test.each([
  ['3.1.1', 4],
  ['5', 5],
] as const)('mqtt-packet reads what was written for MQTT %s, however many leave together', (protocol, version) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(message, fc.boolean()), { maxLength: 12 }), (steps) => {
      const written: Uint8Array[] = [];
      const pieces = publishPieces(protocol, (piece, done) => {
        // A piece may be written over once it was taken.
        written.push(Uint8Array.from(piece));
        done();
      });
      for (const [i, [one, flush]] of steps.entries()) {
        pieces.put(one as MqttMessage, i + 1);
        if (flush) pieces.flush();
      }
      pieces.flush();
      pieces.flush();
      const packets = read(written, version);
      expect(packets.length).toBe(steps.length);
      for (const [i, [{ topic, payload, retain, expiryS }]] of steps.entries()) {
        const packet = packets[i]!;
        expect(packet).toMatchObject({ cmd: 'publish', topic, qos: 1, retain, dup: false, messageId: i + 1 });
        expect(Buffer.from(packet.payload).equals(Buffer.from(payload as string))).toBe(true);
        if (protocol === '5')
          expect({ ...packet.properties }).toEqual({
            payloadFormatIndicator: true,
            contentType: 'application/json',
            ...(expiryS !== undefined && { messageExpiryInterval: expiryS }),
          });
      }
    }),
    { numRuns: 60 },
  );
});

test('what was dropped is not written, and a piece is not written over before it was taken', () => {
  const taken: { readonly piece: Uint8Array; readonly done: () => void }[] = [];
  const pieces = publishPieces('3.1.1', (piece, done) => taken.push({ piece, done }));
  const put = (payload: string, id: number): void => pieces.put({ topic: 't', payload, qos: 1, retain: false }, id);
  put('dropped', 1);
  pieces.drop();
  put('first', 2);
  pieces.flush();
  put('second', 3);
  pieces.flush();
  taken[0]!.done();
  put('third', 4);
  pieces.flush();
  const texts = (these: readonly Uint8Array[]): string[] => read(these, 4).map(({ payload }) => payload.toString());
  expect(texts([taken[1]!.piece, taken[2]!.piece])).toEqual(['second', 'third']);
});
