import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { silent, type Log } from '../base/log.js';
import type { Problem } from '../base/problem.js';
import { socketProblem } from './sockets.js';
import { sparseLog } from './sparse-log.js';

/** One end of a datagram. */
export interface UdpPeer {
  readonly address: string;
  readonly port: number;
}

/** A bound UDP socket. */
export interface UdpSocket {
  readonly address: string;
  readonly port: number;
  /** Sends, in order, and forgets: what goes wrong is logged. Give an address, not a name: a name is looked up each time. */
  send(bytes: Uint8Array, to: UdpPeer): void;
  /** Resolves when the socket is closed; what was sent before goes out. */
  close(): Promise<void>;
}

export interface UdpSetup {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  receive(bytes: Uint8Array, from: UdpPeer): void;
  readonly log?: Log;
}

// A morning peak arrives within milliseconds; the system's usual 208 KiB hold some 250 small datagrams.
const receiveBufferBytes = 4 << 20;

/**
 * Binds a UDP socket. Problems that a person can mend come back as a value: `port-taken` with who holds the port,
 * `port-forbidden`, `address-not-here`, `host-unknown`, `socket-failed`.
 */
export const openUdp = async ({
  host,
  port,
  receive,
  log = silent,
}: UdpSetup): Promise<UdpSocket | { readonly problem: Problem }> => {
  const say = sparseLog(log);
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  const refused = await new Promise<unknown>((resolve) => {
    socket.once('error', resolve);
    socket.bind({ address: host, port }, () => {
      socket.off('error', resolve);
      resolve(undefined);
    });
  });
  if (refused !== undefined) {
    socket.close();
    return { problem: await socketProblem(refused, { protocol: 'udp', host, port }) };
  }
  try {
    socket.setRecvBufferSize(receiveBufferBytes);
  } catch {
    // Some systems refuse what is above their limit instead of giving what they can; the usual size must do.
  }
  const at = socket.address();
  const failed = (error: Error | null): void => {
    if (error) say('udp_failed', (error as NodeJS.ErrnoException).code ?? 'unknown', { port: at.port });
  };
  let closing: Promise<void> | undefined;
  let sending = 0;
  let sent: (() => void) | undefined;
  const done = (error: Error | null): void => {
    failed(error);
    if (--sending === 0) sent?.();
  };
  socket.on('error', failed);
  socket.on('message', (bytes, from) => {
    if (!closing) receive(bytes, { address: from.address, port: from.port });
  });

  return {
    address: at.address,
    port: at.port,
    send(bytes, to) {
      if (closing) return;
      sending++;
      socket.send(bytes, to.port, to.address, done);
    },
    close() {
      closing ??= (async () => {
        if (sending > 0) await new Promise<void>((resolve) => (sent = resolve));
        await new Promise<void>((resolve) => socket.close(() => resolve()));
      })();
      return closing;
    },
  };
};
