// The one door of a running process for people and tools: JSON lines on a Unix socket, or a named pipe on Windows.
// A request `{ "id": 1, "do": "status" }` gets `{ "id": 1, "event": {...} }` as often as there is something to tell, and
// at the end `{ "id": 1, "ok": {...} }` or `{ "id": 1, "error": { "code", "message", "hint" } }`.
import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { problem, type Problem } from '../base/problem.js';
import type { Log } from '../base/log.js';
import { makeRoom, staleGone } from './control/socket-file.js';
import { serveClient, type ControlBounds, type ControlService } from './control/serve.js';
import { speak } from './control/words.js';
import { whyOf } from './disk.js';
import { sparseLog } from './sparse-log.js';

export { controlPath, type ControlPlace } from './control/path.js';
export { askControl, type ControlQuestion } from './control/client.js';
export type { ControlReply, ControlRequest } from './control/serve.js';
export type { Json } from './control/words.js';

export interface ControlSetup extends Pick<ControlService, 'answer' | 'known'> {
  readonly path: string;
  /** The process's own name, told to whoever finds the socket taken. */
  readonly name: string;
  readonly log: Log;
  readonly bounds?: Partial<ControlBounds>;
}

export interface ControlServer {
  readonly path: string;
  /** How many are connected. */
  readonly clients: number;
  close(): Promise<void>;
}

const usualBounds: ControlBounds = {
  lineBytes: 64 << 10,
  // What is written and not yet read; a fleet's list fits in.
  unreadBytes: 16 << 20,
  clients: 16,
  requests: 32,
};

/** Listens for the owner alone, or says what the system said. */
const listen = (server: Server, path: string): Promise<NodeJS.ErrnoException | undefined> =>
  new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(path, () => {
      server.off('error', resolve);
      try {
        // At once: before the process looks for connections, nobody has one.
        if (process.platform !== 'win32') chmodSync(path, 0o600);
        resolve(undefined);
      } catch (error) {
        server.close(() => resolve(error as NodeJS.ErrnoException));
      }
    });
  });

/**
 * Opens the control socket, for its owner alone. A socket that a dead process left is replaced. Problems:
 * `control-in-use` with who holds it, `control-not-a-socket`, `control-folder-shared`, `file-unwritable`.
 */
export const openControl = async (setup: ControlSetup): Promise<ControlServer | { readonly problem: Problem }> => {
  const { path, log } = setup;
  const bounds = { ...usualBounds, ...setup.bounds };
  const say = sparseLog(log);
  const clients = new Set<Socket>();
  const server = createServer((socket) => {
    if (clients.size >= bounds.clients) {
      say('control_refused', 'too-many-clients');
      const busy = problem('control-busy', { most: bounds.clients, what: 'clients' });
      socket.on('error', () => undefined);
      // Nobody waits for it to be read: that client has had its answer, and its place.
      return void socket.end(`${JSON.stringify({ id: null, error: speak(busy) })}\n`, () => socket.destroy());
    }
    clients.add(socket);
    socket.once('close', () => clients.delete(socket));
    serveClient(socket, { ...setup, bounds, say });
  });

  const room = await makeRoom(path);
  if (room) return { problem: room };
  let error = await listen(server, path);
  if (error?.code === 'EADDRINUSE') {
    const taken = await staleGone(path);
    if (taken) return { problem: taken };
    error = await listen(server, path);
  }
  if (error) return { problem: problem('file-unwritable', { file: path, why: whyOf(error) }) };
  // A connection that cannot be accepted (too many open files) is its client's trouble, not the end of the process.
  server.on('error', () => undefined);
  // Whoever wants the process to live keeps it alive; its door does not.
  server.unref();

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const ended = new Promise<void>((done) => server.close(() => done()));
    // The socket's file goes with it.
    for (const socket of clients) socket.destroy();
    await ended;
  };
  return {
    path,
    get clients() {
      return clients.size;
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
};
