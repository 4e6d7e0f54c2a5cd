import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A message as it passed on its way to the broker. */
export interface Passed {
  readonly topic: string;
  readonly payload: string;
}

/** A wire between a gateway and its broker that sees what is promised, and that can be cut. */
export interface BrokerWire {
  readonly port: number;
  /** Cuts every connection now. */
  cut(): void;
  /** At the next acknowledgement: it does not pass, and the connection ends. */
  swallow(): void;
  close(): Promise<void>;
}

/** One MQTT packet (3.1.1 §2.2): its first byte and what follows its length; undefined while it is not whole. */
const packetIn = (
  bytes: Buffer,
): { readonly head: number; readonly body: Buffer; readonly size: number } | undefined => {
  let length = 0;
  for (let i = 1; i <= 4; i++) {
    const byte = bytes[i];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 2 ** (7 * (i - 1));
    if (byte < 0x80) {
      const size = i + 1 + length;
      return bytes.length < size ? undefined : { head: bytes[0]!, body: bytes.subarray(i + 1, size), size };
    }
  }
  return undefined;
};

/**
 * Listens before the broker on `to`. `published` hears every message on its way, in the order of the wire;
 * `acknowledged` hears it once more when the broker's acknowledgement has passed.
 */
export const brokerWire = async (
  to: number,
  ears: { published(message: Passed): void; acknowledged(message: Passed): void },
): Promise<BrokerWire> => {
  const open = new Set<Socket>();
  let swallowing = false;
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    const waiting = new Map<number, Passed>();
    open.add(near).add(far);
    const end = (): void => {
      near.destroy();
      far.destroy();
      open.delete(near);
      open.delete(far);
    };
    near.on('error', end).on('close', end);
    far.on('error', end).on('close', end);
    let up = Buffer.alloc(0);
    near.on('data', (bytes) => {
      far.write(bytes);
      up = Buffer.concat([up, bytes]);
      for (let packet = packetIn(up); packet; packet = packetIn(up)) {
        up = up.subarray(packet.size);
        if (packet.head >> 4 !== 3 || (packet.head & 0x06) === 0) continue;
        const topicEnd = 2 + packet.body.readUInt16BE(0);
        const message = {
          topic: packet.body.toString('utf8', 2, topicEnd),
          payload: packet.body.toString('utf8', topicEnd + 2),
        };
        waiting.set(packet.body.readUInt16BE(topicEnd), message);
        ears.published(message);
      }
    });
    let down = Buffer.alloc(0);
    far.on('data', (bytes) => {
      down = Buffer.concat([down, bytes]);
      for (let packet = packetIn(down); packet; packet = packetIn(down)) {
        const id = packet.head >> 4 === 4 ? packet.body.readUInt16BE(0) : undefined;
        if (id !== undefined && swallowing) {
          swallowing = false;
          return end();
        }
        near.write(down.subarray(0, packet.size));
        down = down.subarray(packet.size);
        const message = id === undefined ? undefined : waiting.get(id);
        if (message) ears.acknowledged(message);
        if (id !== undefined) waiting.delete(id);
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      for (const socket of open) socket.destroy();
    },
    swallow: () => void (swallowing = true),
    close() {
      for (const socket of open) socket.destroy();
      return new Promise((done) => server.close(() => done()));
    },
  };
};
