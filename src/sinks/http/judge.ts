// What an answer means for what was posted.
import { hourMs } from '../../base/time.js';
import type { Exchange } from '../../io/http-client.js';
import { retryAfterMs } from '../../io/retry-after.js';

/**
 * `taken`: the server has it. `objects`: to what was posted, so that a part of it may fare better. `later`: nothing was
 * said against it, and the same goes again.
 */
export type Verdict =
  | { readonly kind: 'taken' }
  | { readonly kind: 'objects'; readonly why: string; readonly tooLarge: boolean }
  | {
      readonly kind: 'later';
      readonly why: string;
      readonly forMs?: number;
      readonly unauthorised?: true;
      readonly cut?: true;
    };

/** No server is left alone for longer, whatever it asks for. */
const mostPauseMs = hourMs;

const words: Readonly<Record<number, string>> = {
  401: 'it does not know who we are (401)',
  403: 'it does not let us in (403)',
  404: 'there is nothing at this address (404)',
  405: 'nothing can be posted to this address (405)',
  407: 'a proxy wants to know who we are (407)',
  410: 'there is nothing at this address any more (410)',
  415: 'it does not take this format (415)',
  429: 'it is asked too often (429)',
  503: 'it is not available now (503)',
};

/** What a server judges by what it was sent; all else says something of the server, of the address or of who we are. */
const objections = new Set([400, 413, 422]);

/** The verdict on a post; `nowMs` since 1970. */
export const judge = (exchange: Exchange, nowMs: number): Verdict => {
  if ('lost' in exchange) return { kind: 'later', why: exchange.lost, ...(exchange.cut && { cut: true }) };
  const { status, retryAfter, date, elsewhere } = exchange.answer;
  if (status >= 200 && status <= 299) return { kind: 'taken' };
  if (objections.has(status)) return { kind: 'objects', why: `it answers ${status}`, tooLarge: status === 413 };
  if (elsewhere !== undefined)
    return { kind: 'later', why: `it sends us to ${elsewhere}: change the address (${status})` };
  const why = words[status] ?? `it answers ${status}`;
  if (status === 401 || status === 403) return { kind: 'later', why, unauthorised: true };
  const forMs = retryAfterMs(retryAfter, { date, nowMs, mostMs: mostPauseMs });
  return { kind: 'later', why, ...(forMs !== undefined && forMs > 0 && { forMs }) };
};
