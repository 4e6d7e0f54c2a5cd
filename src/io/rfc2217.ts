import { fail } from '../base/problem.js';
import type { Result } from '../base/result.js';
import type { Link, LinkEars } from './link.js';
import type { LinkOptions } from './open-link.js';

/** A serial port at a serial server (RFC 2217). */
export const openRfc2217 = (
  where: { readonly host: string; readonly port: number },
  _options: LinkOptions,
  _ears: LinkEars,
): Promise<Result<Link>> => Promise.resolve(fail('port-url', { address: `rfc2217://${where.host}:${where.port}` }));
