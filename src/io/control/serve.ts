import type { Socket } from 'node:net';
import { problem, StellwerkError, type Problem } from '../../base/problem.js';
import { redactText } from '../../base/secrets.js';
import type { sparseLog } from '../sparse-log.js';
import { lineCutter } from './lines.js';
import { jsonLine, speak, type Json } from './words.js';

/** A request that has come in: what is to be done, and its other fields. */
export interface ControlRequest {
  readonly do: string;
  readonly body: Json;
}

/** The way back to the one who asked. After `ok` or `fail` nothing more is sent; nor when the client has gone. */
export interface ControlReply {
  event(body: Json): void;
  ok(body: Json): void;
  fail(what: Problem): void;
}

/** What a client may have of us. */
export interface ControlBounds {
  /** Bytes of a request. */
  readonly lineBytes: number;
  /** Bytes of answers that a client has not read yet; beyond it the client is let go. */
  readonly unreadBytes: number;
  readonly clients: number;
  /** Requests of one client at the same time. */
  readonly requests: number;
}

/** Who answers. */
export interface ControlService {
  /** Tells its own process to whoever says hello. */
  readonly name: string;
  /** Names of the requests that are answered, for the hint to one who asks for another. */
  readonly known: readonly string[];
  /** Answers now or later; returns what is to be done when the client goes before the answer. */
  answer(request: ControlRequest, reply: ControlReply): (() => void) | void;
}

const shortest = (value: unknown): string => redactText(JSON.stringify(value)?.slice(0, 40) ?? 'nothing');

/** Serves one client until it goes. Whatever it sends harms nobody else. */
export const serveClient = (
  socket: Socket,
  service: ControlService & { readonly bounds: ControlBounds; readonly say: ReturnType<typeof sparseLog> },
): void => {
  const { bounds, say } = service;
  const cutter = lineCutter(bounds.lineBytes);
  /** Requests without an answer, each with what ends it. */
  const open = new Map<number, () => void>();
  let gone = false;
  let deaf = false;

  const write = (id: number | null, said: Json): void => {
    if (gone || !socket.writable) return;
    socket.write(`${JSON.stringify({ id, ...said })}\n`);
    if (socket.writableLength <= bounds.unreadBytes) return;
    say('control_client_dropped', 'slow-reader');
    socket.destroy();
  };
  const refuse = (id: number | null, what: Problem): void => write(id, { error: speak(what) });

  const replyTo = (id: number): ControlReply => {
    const last = (said: () => Json): void => {
      if (!open.has(id)) return;
      write(id, said());
      open.delete(id);
    };
    return {
      event: (body) => open.has(id) && write(id, { event: body }),
      ok: (body) => last(() => ({ ok: body })),
      fail: (what) => last(() => ({ error: speak(what) })),
    };
  };

  const answer = (id: number, request: ControlRequest): void => {
    const reply = replyTo(id);
    open.set(id, () => undefined);
    try {
      if (request.do === 'hello') return reply.ok({ name: service.name, pid: process.pid });
      const known = ['hello', ...service.known];
      if (!known.includes(request.do))
        return reply.fail(problem('control-unknown-request', { request: request.do, known: known.join(', ') }));
      const stop = service.answer(request, reply);
      if (stop && open.has(id)) open.set(id, stop);
    } catch (error) {
      // A slip of ours in one answer must not end the gateway.
      const what = error instanceof StellwerkError ? error.problem : undefined;
      const text = error instanceof Error ? error.message : String(error);
      if (!what) say('control_failed', 'internal', { do: request.do, detail: redactText(text) });
      reply.fail(what ?? problem('internal', { what: redactText(text) }));
    }
  };

  const take = (line: string): void => {
    const json = jsonLine(line);
    const id = json?.['id'];
    const wrong = (why: string): void => {
      say('control_refused', 'bad-request');
      refuse(Number.isSafeInteger(id) ? (id as number) : null, problem('control-bad-request', { why }));
    };
    if (!json) return wrong('it is not a JSON object in one line');
    if (!Number.isSafeInteger(id)) return wrong(`its id is ${shortest(id)}, expected is a whole number`);
    const { id: _id, do: what, ...body } = json;
    if (typeof what !== 'string' || what.length > 64) return wrong('its do is not the name of a request');
    if (open.has(id as number)) return wrong(`its id ${id as number} is that of a request which is still open`);
    if (open.size >= bounds.requests)
      return refuse(id as number, problem('control-busy', { most: bounds.requests, what: 'requests of one client' }));
    answer(id as number, { do: what, body });
  };

  socket.on('data', (piece) => {
    if (deaf) return;
    const { lines, tooLong } = cutter.feed(piece);
    for (const line of lines) {
      if (gone) return;
      take(line);
    }
    if (!tooLong || gone) return;
    say('control_client_dropped', 'line-too-long');
    refuse(null, problem('control-line-long', { most: bounds.lineBytes }));
    // Where its next request begins cannot be told any more.
    deaf = true;
    socket.destroySoon();
  });
  socket.on('error', () => undefined);
  socket.once('close', () => {
    gone = true;
    for (const stop of open.values()) stop();
    open.clear();
  });
};
