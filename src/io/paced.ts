import type { Socket } from 'node:net';

/** What is handed on in one turn. */
const mostBytes = 4_096;
/** No serial line is faster than 4 Mbaud: what comes faster waits in the network. */
const bytesPerMs = 400;

/**
 * Hands on what comes on a socket no faster than a serial line brings it, a small piece a turn: whoever floods us stops
 * neither the timers nor Ctrl-C. Nothing is lost; `hear` is not called once the socket is destroyed.
 */
export const hearPaced = (socket: Socket, hear: (bytes: Uint8Array) => void): void => {
  let rest: Uint8Array = new Uint8Array(0);
  const piece = (): number => {
    const now = rest.subarray(0, mostBytes);
    rest = rest.subarray(now.length);
    hear(now);
    return now.length;
  };
  const next = (): void => {
    if (socket.destroyed) return;
    if (rest.length === 0) return void socket.resume();
    setTimeout(next, piece() / bytesPerMs);
  };
  socket.on('data', (bytes: Buffer) => {
    if (bytes.length <= mostBytes) return hear(bytes);
    socket.pause();
    rest = bytes;
    next();
  });
  // The end does not wait for a paused socket when everything was read before: one chunk is left at most.
  socket.on('end', () => {
    while (rest.length > 0 && !socket.destroyed) piece();
  });
};
