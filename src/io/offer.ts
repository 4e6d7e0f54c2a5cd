import type { Result } from '../base/result.js';
import type { Link, LinkEars } from './link.js';

/** The ways to offer a far end: a PTY (not on Windows), plain TCP, or a serial server that shows speed and signals. */
export const offerKinds = ['pty', 'tcp', 'rfc2217'] as const;

export interface OfferOptions {
  readonly kind: (typeof offerKinds)[number];
  /** 127.0.0.1 when absent: nobody else reaches a board that nobody guards. */
  readonly host?: string;
  /** A free one when absent. */
  readonly port?: number;
  /** Where a link to the PTY is made, and taken away at the end. */
  readonly at?: string;
}

/**
 * Offers a far end for a machine, such as a virtual board; the link's address is what a host opens. Problems: those of
 * `offerPty` and `offerTcp`.
 */
export const offerLink = async (options: OfferOptions, ears: LinkEars): Promise<Result<Link>> => {
  const { kind, host = '127.0.0.1', port = 0, at } = options;
  switch (kind) {
    case 'pty': {
      const { offerPty } = await import('./pty.js');
      return offerPty(at === undefined ? {} : { at }, ears);
    }
    case 'tcp': {
      const { offerTcp } = await import('./tcp.js');
      return offerTcp({ host, port }, ears);
    }
    case 'rfc2217': {
      const { offerRfc2217 } = await import('./rfc2217/index.js');
      return offerRfc2217({ host, port }, ears);
    }
  }
};
