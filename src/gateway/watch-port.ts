// What a gateway answers to those who watch over it.
import { timingSafeEqual } from 'node:crypto';
import type { Problem } from '../base/problem.js';
import { openHttp, type HttpReply, type HttpRequest, type HttpServer } from '../io/http-server.js';
import { exposition, type Family } from '../report/prometheus.js';
import type { GatewayStatus } from './status.js';

export interface WatchSetup {
  readonly host: string;
  readonly port: number;
  /** Whoever asks must say it: `Authorization: Bearer …`; not for /health. */
  readonly token?: string;
  status(): GatewayStatus;
  figures(): readonly Family[];
}

/** Why a gateway is not ready to take frames; empty when it is. A sink that is away is no reason: its events wait safely. */
export const notReady = ({ store, sources }: Pick<GatewayStatus, 'store' | 'sources'>): readonly string[] => [
  ...(store.state === 'failing' ? [`the store fails: ${store.why ?? 'unknown'}`] : []),
  ...(sources.length === 0 ? ['no source is open'] : []),
];

const json = (status: number, value: unknown): HttpReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: `${JSON.stringify(value)}\n`,
});

const allowed = ({ headers }: HttpRequest, token: string | undefined): boolean => {
  if (token === undefined) return true;
  const given = Buffer.from(headers['authorization'] ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
};

/** The reply to a request. */
export const watchReply = (request: HttpRequest, setup: Omit<WatchSetup, 'host' | 'port'>): HttpReply => {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, headers: { allow: 'GET, HEAD' }, body: 'only GET is answered here\n' };
  if (request.path === '/health') return json(200, { status: 'ok' });
  if (!allowed(request, setup.token))
    return { status: 401, headers: { 'www-authenticate': 'Bearer' }, body: 'a token is needed\n' };
  const status = setup.status();
  switch (request.path) {
    case '/ready': {
      const reasons = notReady(status);
      const away = status.sinks
        .filter(({ connected }) => !connected)
        .map(({ address, waiting }) => ({ address, waiting }));
      return json(reasons.length === 0 ? 200 : 503, { ready: reasons.length === 0, reasons, away });
    }
    case '/status':
      return json(200, status);
    case '/metrics':
      return {
        status: 200,
        headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
        body: exposition(setup.figures()),
      };
    default:
      return { status: 404, body: 'there are /health, /ready, /status and /metrics\n' };
  }
};

/** Opens the port. Problems: those of a socket. */
export const openWatchPort = (setup: WatchSetup): Promise<HttpServer | { readonly problem: Problem }> =>
  openHttp({
    host: setup.host,
    port: setup.port,
    mostBodyBytes: 1024,
    handle: (request) => watchReply(request, setup),
  });
