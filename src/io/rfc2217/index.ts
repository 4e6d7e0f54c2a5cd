import { offerTcp, writeTo } from '../tcp.js';
import type { Result } from '../../base/result.js';
import type { Link, LinkEars } from '../link.js';
import { comPortServer } from './server.js';

export { openRfc2217 } from './client.js';

/**
 * A far end on a TCP port that speaks RFC 2217: what its client sets reaches the ears as `line` and `signals`, between the
 * bytes where it was said. One client at a time. Problems: as `offerTcp`.
 */
export const offerRfc2217 = (
  where: { readonly host: string; readonly port: number },
  ears: LinkEars,
): Promise<Result<Link>> =>
  offerTcp(where, ears, {
    scheme: 'rfc2217',
    face(socket) {
      const server = comPortServer(
        { baud: 115_200 },
        {
          send: (bytes) => writeTo(socket, bytes),
          data: (bytes) => ears.bytes(bytes),
          line: (line) => ears.line?.(line),
          signals: (signals) => ears.signals?.(signals),
        },
      );
      return server;
    },
  });
