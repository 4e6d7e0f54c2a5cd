// The one door to HTTP servers of others.
import { Agent as PlainAgent, request as plainRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { usPerMs } from '../base/time.js';
import type { Clock } from './clock.js';
import { linkWords } from './link-words.js';
import type { TlsMaterial } from './tls-files.js';

export interface HttpSetup {
  /** http: or https:, without user name and password. */
  readonly url: string;
  /** Go with every request, and nowhere else than to the URL's own scheme, host and port. */
  readonly headers: Readonly<Record<string, string>>;
  /** So long a whole exchange may take. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly tls?: TlsMaterial;
  /** The name that the server's certificate must have; default: that of the URL. */
  readonly servername?: string;
}

/** What a server said. Its body is read and thrown away. */
export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter?: string;
  readonly date?: string;
  /** Where it sends us, as far as that may be shown. */
  readonly elsewhere?: string;
}

/** An answer, or in words why there is none. `cut`: the connection was, perhaps by a server that wants no more of this. */
export type Exchange = { readonly answer: HttpAnswer } | { readonly lost: string; readonly cut?: true };

export interface HttpClient {
  /** Posts a body. Never rejects. What is `lost` may have arrived nevertheless. */
  post(body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<Exchange>;
  /** Takes other certificates, with connections of their own. */
  renewTls(material: TlsMaterial): void;
  /** Ends; what is underway is lost. */
  close(): void;
}

const mostBodyBytes = 64 << 10;
const mostHops = 3;
const timeout = 'no answer in time';
const cut = 'it broke off its answer';
const closed = 'we ended the connection';

/** What went wrong, in words that hold no credentials. */
const lostWords = (error: unknown): string => {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (code !== undefined && Object.hasOwn(linkWords, code)) return linkWords[code]!;
  if (code?.startsWith('HPE_')) return 'it answers, but not in HTTP';
  // What OpenSSL says has numbers of lines in it; its own codes are words.
  return code ?? message ?? String(error);
};

/** An address as it may be shown: what stands behind a question mark may be a key. */
const shown = ({ origin, pathname }: URL): string => `${origin}${pathname}`;

/** Opens a client; it makes its connections when they are needed, and keeps them for a while. */
export const openHttpClient = (setup: HttpSetup): HttpClient => {
  const { clock, timeoutMs, servername } = setup;
  const home = new URL(setup.url);
  const secure = home.protocol === 'https:';
  const underway = new Set<(why: string) => void>();
  let isClosed = false;

  const agentOf = (tls: TlsMaterial | undefined): PlainAgent => {
    const often = { keepAlive: true, maxSockets: 4, maxFreeSockets: 2 };
    if (!secure) return new PlainAgent(often);
    const named = servername === undefined ? {} : { servername };
    return new TlsAgent({ ...often, ...tls, ca: tls?.ca as string | string[], ...named });
  };
  let agent = agentOf(setup.tls);

  /** One request and its answer, without those it leads to. */
  const exchange = (url: URL, body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<Hop> =>
    new Promise((resolve) => {
      let asked: ClientRequest | undefined;
      let ended = false;
      const end = (how: Hop): void => {
        if (ended) return;
        ended = true;
        off();
        underway.delete(giveUp);
        resolve(how);
      };
      const giveUp = (why: string): void => {
        end({ lost: why });
        asked?.destroy();
      };
      const off = clock.at(clock.nowUs() + timeoutMs * usPerMs, () => giveUp(timeout));
      underway.add(giveUp);
      try {
        asked = (secure ? tlsRequest : plainRequest)(url, {
          method: 'POST',
          agent,
          headers: { ...setup.headers, ...headers, 'Content-Length': String(body.length) },
        });
      } catch (error) {
        return giveUp(lostWords(error));
      }
      const posted = asked;
      posted.on('response', (response) => hear(response, (how) => end(how ?? { lost: cut })));
      // Some servers answer and cut the connection before they have read everything: then the answer counts.
      posted.on('error', (error) => {
        const { code } = error as NodeJS.ErrnoException;
        const isCut = code === 'ECONNRESET' || code === 'EPIPE';
        // It lay idle, and the server closed it in the moment in which we used it.
        const stale = isCut && posted.reusedSocket;
        setImmediate(() => end({ lost: lostWords(error), stale, ...(isCut && { cut: true }) }));
      });
      posted.end(body);
    });

  const post = async (body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<Exchange> => {
    let url = home;
    let fresh = false;
    for (let hops = 0; ;) {
      if (isClosed) return { lost: closed };
      const end = await exchange(url, body, headers);
      if ('lost' in end) {
        if (!end.stale || fresh) return { lost: end.lost, ...(end.cut && { cut: true }) };
        fresh = true;
        continue;
      }
      const { location, ...answer } = end;
      const { status } = answer;
      if (status < 300 || status > 399) return { answer };
      const next = location !== undefined && URL.canParse(location, url.href) ? new URL(location, url) : undefined;
      if (!next || !/^https?:$/.test(next.protocol)) return { answer };
      // Of a POST only these two make a POST again (RFC 9110 §15.4.8). Elsewhere our credentials are nobody's business.
      if ((status !== 307 && status !== 308) || next.origin !== home.origin || ++hops > mostHops)
        return { answer: { ...answer, elsewhere: shown(next) } };
      url = next;
    }
  };

  return {
    post,
    renewTls(material) {
      const before = agent;
      agent = agentOf(material);
      // What is underway ends on its old connection, which is not kept then.
      before.maxFreeSockets = 0;
      for (const idle of Object.values(before.freeSockets).flat()) idle?.destroy();
    },
    close() {
      isClosed = true;
      for (const giveUp of [...underway]) giveUp(closed);
      agent.destroy();
    },
  };
};

type Hop =
  | { readonly lost: string; readonly stale?: boolean; readonly cut?: true }
  | (Omit<HttpAnswer, 'elsewhere'> & { readonly location?: string });

/** Reads an answer to its end, or to where it is too long for what it has to say; undefined when it breaks off. */
const hear = (response: IncomingMessage, end: (how: Hop | undefined) => void): void => {
  const { statusCode = 0, headers } = response;
  const { location, date, 'retry-after': retryAfter } = headers;
  const answer = {
    status: statusCode,
    ...(location !== undefined && { location }),
    ...(date !== undefined && { date }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
  let bytes = 0;
  response.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes <= mostBodyBytes) return;
    end(answer);
    response.destroy();
  });
  // A success that breaks off may be one that failed: who lost nothing says it again. Any other status says enough.
  const over = (): void => end(response.complete || statusCode < 200 || statusCode > 299 ? answer : undefined);
  response.on('end', over);
  response.on('error', over);
  response.on('close', over);
};
