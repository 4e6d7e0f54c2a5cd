import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import type { TlsMaterial } from './tls-files.js';

export interface Post {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly tls: TlsMaterial;
  readonly stop: AbortSignal;
}

/** What came back, or why nothing did. */
export type Answer = { readonly status: number; readonly retryAfter?: string } | { readonly why: string };

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'the name leads to no address',
  EAI_AGAIN: 'the name cannot be looked up now',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'nobody this machine trusts has signed its certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'nobody this machine trusts has signed its certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'nobody this machine trusts has signed its certificate',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  ABORT_ERR: 'it was stopped',
};

/** What is read of an answer's body: so that the connection can be used again, and no more. */
const mostBodyBytes = 64 << 10;

/** Posts a body; redirects are not followed. Never rejects. */
export const post = ({ url, body, headers, timeoutMs, tls, stop }: Post): Promise<Answer> =>
  new Promise((resolve) => {
    let over = false;
    const end = (answer: Answer): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      stop.removeEventListener('abort', aborted);
      resolve(answer);
    };
    const options = { method: 'POST', headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) } };
    const request = url.startsWith('https:')
      ? secure(url, { ...options, ...tls, ca: tls.ca as string | string[] })
      : plain(url, options);
    const give = (why: string): void => {
      end({ why });
      request.destroy();
    };
    const aborted = (): void => give('it was stopped');
    const timer = setTimeout(() => give('no answer'), timeoutMs);
    stop.addEventListener('abort', aborted);
    if (stop.aborted) return aborted();
    request.on('error', (error: NodeJS.ErrnoException) =>
      end({ why: words[error.code ?? ''] ?? error.code ?? 'it failed' }),
    );
    request.on('response', (response) => {
      const { statusCode: status = 0 } = response;
      const retryAfter = response.headers['retry-after'];
      let size = 0;
      // The status decides; a body is read to its end, within bounds, for the sake of the connection.
      response.on('data', (piece: Buffer) => {
        size += piece.length;
        if (size > mostBodyBytes) response.destroy();
      });
      response.on('error', () => undefined);
      response.on('close', () => end({ status, ...(retryAfter !== undefined && { retryAfter }) }));
    });
    request.end(body);
  });

/** The pause of a Retry-After header (RFC 9110 §10.2.3): seconds, or an HTTP date; undefined for anything else. */
export const retryAfterMs = (text: string, nowMs: number): number | undefined => {
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1000;
  if (!/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text.trim())) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : Math.max(0, ms - nowMs);
};
