import { parseDatagram, writeDatagram, type Datagram } from '../../src/dialects/radio/semtech-udp/index.js';
import { must, StellwerkError } from '../../src/base/problem.js';
import { openUdp, type UdpPeer, type UdpSocket } from '../../src/io/udp.js';
import { mailbox } from './mailbox.js';

export interface Letter {
  readonly datagram: Datagram;
  readonly from: UdpPeer;
}

/** The other end of a Semtech UDP wire: a real socket that a test writes with and reads from. */
export interface FarEnd {
  readonly socket: UdpSocket;
  raw(bytes: Uint8Array, to: UdpPeer): void;
  send(datagram: Datagram, to: UdpPeer): void;
  next(): Promise<Letter>;
  /** The next datagram of that type; others before it are passed over. */
  nextOf<T extends Datagram['type']>(type: T): Promise<Letter & { readonly datagram: Extract<Datagram, { type: T }> }>;
}

export const farEnd = async (host = '127.0.0.1'): Promise<FarEnd> => {
  const letters = mailbox<Letter>();
  const socket = await openUdp({
    host,
    port: 0,
    receive: (bytes, from) => letters.put({ datagram: must(parseDatagram(bytes)), from }),
  });
  if ('problem' in socket) throw new StellwerkError(socket.problem);
  return {
    socket,
    raw: socket.send,
    send: (datagram, to) => socket.send(writeDatagram(datagram), to),
    next: letters.next,
    async nextOf(type) {
      for (;;) {
        const letter = await letters.next();
        if (letter.datagram.type === type) return letter as never;
      }
    },
  };
};
