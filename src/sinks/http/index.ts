import { problem } from '../../base/problem.js';
import { eventText } from '../../dialects/city/event-text.js';
import { lotJson } from '../../dialects/city/lot-json.js';
import { backOff } from '../../io/back-off.js';
import { openHttpClient, type HttpClient } from '../../io/http-client.js';
import type { ParkingEvent } from '../../parking/event.js';
import { defineSink, type StateUpdate } from '../define.js';
import { openGate } from '../parts/gate.js';
import { tlsOf } from '../parts/tls.js';
import { openCollector } from './collector.js';
import { canSend, config, type HttpConfig } from './config.js';
import { openPoster, type PostForm } from './poster.js';

const eventForms: Readonly<Record<HttpConfig['format'], PostForm<ParkingEvent>>> = {
  json: {
    type: 'application/json',
    name: ({ id }) => id,
    body: (events) => `[${events.map(eventText).join(',')}]`,
  },
  jsonl: {
    type: 'application/x-ndjson',
    name: ({ id }) => id,
    body: (events) => events.map((event) => `${eventText(event)}\n`).join(''),
  },
};

/** States are of two kinds, so that each says which it is. */
const stateForm: PostForm<StateUpdate> = {
  type: 'application/json',
  name: (update) =>
    update.kind === 'bay'
      ? `bay ${update.event.bay} ${update.event.id}`
      : `lot ${update.lot.lot} ${update.lot.assertedTimeUs}`,
  body: (updates) =>
    `{"states":[${updates
      .map((update) =>
        update.kind === 'bay'
          ? `{"kind":"bay","event":${eventText(update.event)}}`
          : `{"kind":"lot","lot":${JSON.stringify(lotJson(update.lot))}}`,
      )
      .join(',')}]}`,
};

/** The header that says who we are. */
const loginOf = ({ username, password, token, tokenHeader }: HttpConfig): readonly [string, string] | undefined => {
  if (token !== undefined)
    return tokenHeader === undefined ? ['Authorization', `Bearer ${token}`] : [tokenHeader, token];
  if (username === undefined) return undefined;
  return ['Authorization', `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`];
};

const local = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Parking events posted to an HTTP server, in batches that can be told apart by their `Idempotency-Key`. */
export default defineSink({
  id: 'http',
  summary: 'an HTTP server: events posted in batches, made again until the server has taken them',
  config,
  async open(options, context) {
    const { clock, log } = context;
    const url = new URL(options.url);
    // What stands behind a question mark may be a key.
    const address = `${url.origin}${url.pathname}`;
    const login = loginOf(options);
    // A secret may come from a file or from the environment, where nothing has looked at it yet.
    if (login && !canSend(...login)) return { problem: problem('http-header', { name: login[0] }) };
    if (login && url.protocol === 'http:' && !local.test(url.hostname)) log('http_login_readable', { sink: address });

    const tls = await tlsOf(options, context, (files) => client.renewTls(files.material));
    if (tls && !tls.ok) return { problem: tls.problem };
    const client: HttpClient = openHttpClient({
      url: options.url,
      headers: { 'User-Agent': 'stellwerk', ...options.headers, ...(login && { [login[0]]: login[1] }) },
      timeoutMs: options.timeoutS * 1000,
      clock,
      ...(tls && { tls: tls.value.material }),
      ...(options.servername !== undefined && { servername: options.servername }),
    });
    const gate = openGate(address, context, backOff());
    const { batch, maxWaitMs, format } = options;
    const poster = openPoster({ client, gate, address, batch, context });
    const stream = openCollector({ batch, maxWaitMs, form: eventForms[format], poster, clock });
    const states = options.states ? openCollector({ batch, maxWaitMs, form: stateForm, poster, clock }) : undefined;
    return {
      address,
      get ready() {
        return gate.ready;
      },
      get link() {
        return gate.link;
      },
      stream,
      ...(states && { states }),
      close() {
        gate.close();
        stream.close();
        states?.close();
        client.close();
        if (tls?.ok) tls.value.close();
        return Promise.resolve();
      },
    };
  },
});
