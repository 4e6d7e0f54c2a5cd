import { createHash } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import { lotJson } from '../../dialects/city/lot-json.js';
import { eventText } from '../../dialects/city/event-text.js';
import { post, retryAfterMs } from '../../io/http-client.js';
import { patience } from '../../io/patience.js';
import { openTlsFiles, type TlsMaterial } from '../../io/tls-files.js';
import { defineSink, type Delivery, type StateUpdate } from '../define.js';
import { config } from './config.js';

/** A host may ask us to wait; not for ever. */
const mostWaitMs = 3_600_000;

/** Parking events posted to a web service: many in one request, each at least once, in order. */
export default defineSink({
  id: 'http',
  summary: 'a web service: events in batches (POST), with an Idempotency-Key and patience',
  config,
  async open(options, { clock, log, folder, changed }) {
    const { url, format, username, password, token } = options;
    let material: TlsMaterial = {};
    const place = (path: string): string => (isAbsolute(path) ? path : join(folder, path));
    const paths = Object.fromEntries(
      (['ca', 'cert', 'key'] as const).flatMap((name) => (options[name] ? [[name, place(options[name])]] : [])),
    );
    const tls = url.startsWith('https:')
      ? await openTlsFiles(paths, { log, changed: (fresh) => (material = fresh) })
      : undefined;
    if (tls && !tls.ok) return { problem: tls.problem };
    if (tls) material = tls.value.material;
    const pause = patience({ clock, firstMs: 500, mostMs: 60_000, changed });
    const stop = new AbortController();
    const login =
      token !== undefined
        ? `Bearer ${token}`
        : username !== undefined
          ? `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`
          : undefined;
    let why: string | undefined;

    const lost = (reason: string): void => {
      if (why !== reason) log('http_lost', { url, why: reason });
      why = reason;
    };

    /** Posts texts of events or states; halves what is refused, until a single one is. */
    const send = async (texts: readonly string[], ids: readonly string[]): Promise<Delivery> => {
      const body = format === 'jsonl' ? `${texts.join('\n')}\n` : `[${texts.join(',')}]`;
      const answer = await post({
        url,
        body,
        headers: {
          ...options.headers,
          'content-type': format === 'jsonl' ? 'application/x-ndjson' : 'application/json',
          // The same events in one request have the same key, whoever sends them when.
          'idempotency-key': createHash('sha256').update(ids.join('\n')).digest('hex').slice(0, 32),
          ...(login !== undefined && { authorization: login }),
        },
        timeoutMs: options.timeoutS * 1000,
        tls: material,
        stop: stop.signal,
      });
      if ('why' in answer) {
        lost(answer.why);
        pause.failed();
        return 'again';
      }
      const { status } = answer;
      if (status >= 200 && status < 300) {
        if (why !== undefined) log('http_back', { url });
        why = undefined;
        pause.worked();
        return 'delivered';
      }
      if (status === 400 || status === 404 || status === 409 || status === 413 || status === 422) {
        if (texts.length === 1) {
          if (status === 404) return later(`it answers ${status}`);
          log('http_refused', { url, status, id: ids[0] });
          return 'refused';
        }
        const half = texts.length >> 1;
        const first = await send(texts.slice(0, half), ids.slice(0, half));
        if (first === 'again') return 'again';
        const second = await send(texts.slice(half), ids.slice(half));
        return second === 'again' ? 'again' : first === 'delivered' || second === 'delivered' ? 'delivered' : 'refused';
      }
      return later(
        status === 401 || status === 403 ? 'it refuses our name' : `it answers ${status}`,
        answer.retryAfter,
      );
    };
    const later = (reason: string, retryAfter?: string): Delivery => {
      lost(reason);
      const waitMs = retryAfter === undefined ? undefined : retryAfterMs(retryAfter, clock.nowUs() / 1000);
      pause.failed(waitMs === undefined ? undefined : Math.min(mostWaitMs, waitMs));
      return 'again';
    };

    const stateText = (update: StateUpdate): string =>
      update.kind === 'bay' ? eventText(update.event) : JSON.stringify(lotJson(update.lot));
    const stateId = (update: StateUpdate): string =>
      update.kind === 'bay' ? `state ${update.event.id}` : `lot ${update.lot.lot} ${update.lot.assertedTimeUs}`;
    return {
      address: url,
      get ready() {
        return pause.ready;
      },
      get link() {
        return { connected: why === undefined, ...(why !== undefined && { why }) };
      },
      stream: {
        batch: options.batch,
        window: 1,
        deliver: (events) =>
          send(
            events.map(eventText),
            events.map(({ id }) => id),
          ),
      },
      ...(options.states && {
        states: {
          batch: options.batch,
          window: 1,
          deliver: (updates: readonly StateUpdate[]) => send(updates.map(stateText), updates.map(stateId)),
        },
      }),
      close() {
        if (tls?.ok) tls.value.close();
        pause.end();
        stop.abort();
        return Promise.resolve();
      },
    };
  },
});
