import { connect } from 'node:net';
import { fail } from '../../base/problem.js';
import { ok, type Result } from '../../base/result.js';
import { spanText } from '../../base/time.js';
import { whyOf } from '../disk.js';
import { lineCutter } from './lines.js';
import { hear, isJson, jsonLine, type Json } from './words.js';

/** A question to a running gateway. */
export interface ControlQuestion {
  readonly path: string;
  /** What is asked, such as `status`. */
  readonly do: string;
  /** Whatever belongs to it. */
  readonly body?: Json;
  /** Hears what comes before the answer. */
  event?(body: Json): void;
  /** Until the first word of the gateway. Default 5 s. */
  readonly answerMs?: number;
  /** Until the answer; default: as `answerMs`. */
  readonly withinMs?: number;
  readonly stop?: AbortSignal;
}

// An answer may list a whole fleet.
const mostAnswerBytes = 16 << 20;
const usualAnswerMs = 5_000;

/**
 * Asks a running gateway one thing. Problems: `control-nobody`, `control-forbidden`, `control-silent`, `control-lost`,
 * `control-strange`, `control-stopped`, and whatever the gateway itself refuses with.
 */
export const askControl = ({ path, body, event, stop, ...asked }: ControlQuestion): Promise<Result<Json>> =>
  new Promise((resolve) => {
    const { answerMs = usualAnswerMs } = asked;
    const withinMs = asked.withinMs ?? answerMs;
    const cutter = lineCutter(mostAnswerBytes);
    const socket = connect(path);
    let ended = false;
    let limit: NodeJS.Timeout | undefined;
    const end = (result: Result<Json>): void => {
      if (ended) return;
      ended = true;
      clearTimeout(limit);
      stop?.removeEventListener('abort', stopped);
      socket.destroy();
      resolve(result);
    };
    const patience = (ms: number): void => {
      clearTimeout(limit);
      limit = setTimeout(() => end(fail('control-silent', { path, span: spanText(ms) })), ms);
    };
    const stopped = (): void => end(fail('control-stopped'));
    const strange = (): void => end(fail('control-strange', { path }));

    const hearLine = (line: string): void => {
      const said = jsonLine(line);
      // A refusal of the whole connection has no id.
      if (!said || (said['id'] !== 1 && !('error' in said))) return strange();
      if ('error' in said) return end({ ok: false, problem: hear(said['error']) });
      if (isJson(said['ok'])) return end(ok(said['ok']));
      if (!isJson(said['event'])) return strange();
      event?.(said['event']);
    };

    const began = Date.now();
    let heard = false;
    socket.on('data', (piece) => {
      const { lines, tooLong } = cutter.feed(piece);
      if (!heard && lines.length > 0) {
        heard = true;
        patience(Math.max(1, withinMs - (Date.now() - began)));
      }
      for (const line of lines) if (!ended) hearLine(line);
      if (tooLong) strange();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const { code = '' } = error;
      if (['ENOENT', 'ECONNREFUSED', 'ENOTDIR', 'ENOTSOCK'].includes(code)) end(fail('control-nobody', { path }));
      else if (['EACCES', 'EPERM'].includes(code)) end(fail('control-forbidden', { path, why: whyOf(error) }));
      else end(fail('control-lost', { path }));
    });
    socket.on('close', () => end(fail('control-lost', { path })));
    if (stop?.aborted) return stopped();
    stop?.addEventListener('abort', stopped);
    patience(answerMs);
    socket.write(`${JSON.stringify({ id: 1, do: asked.do, ...body })}\n`);
  });
