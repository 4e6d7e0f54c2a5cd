import type { Result } from '../base/result.js';
import type { Link, LinkEars } from './link.js';

export interface OfferSetup {
  readonly kind: 'pty' | 'tcp' | 'rfc2217';
  /** 127.0.0.1 when absent. */
  readonly host?: string;
  /** A free one when absent. */
  readonly port?: number;
  /** Only for a PTY: a name for it. */
  readonly at?: string;
}

/** Offers the far end of a cable: other programs open its address as a port. */
export const offerLink = async (setup: OfferSetup, ears: LinkEars): Promise<Result<Link>> => {
  const { kind, host = '127.0.0.1', port = 0, at } = setup;
  if (kind === 'pty') {
    const { offerPty } = await import('./pty.js');
    return offerPty({ ...(at !== undefined && { at }) }, ears);
  }
  const { offerTcp } = await import('./tcp.js');
  return offerTcp({ host, port }, ears);
};
