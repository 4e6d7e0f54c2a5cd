import type { LineSettings } from '../base/machine.js';
import { fail } from '../base/problem.js';
import type { Result } from '../base/result.js';
import type { Link, LinkEars } from './link.js';
import type { ResetMode } from './reset.js';

export interface LinkOptions {
  /** 115200 8N1 when absent. */
  readonly line?: LineSettings;
  /** `never` when absent. */
  readonly reset?: ResetMode;
}

/** What a port's name says: a path or COM name, or where it lies in a network. */
export type PortName =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'tcp' | 'rfc2217'; readonly host: string; readonly port: number };

const url = /^(tcp|socket|rfc2217):\/\/(?:\[([0-9a-fA-F:.]+)\]|([^\s/:[\]]+)):(\d{1,5})\/?$/i;

/** Tells ports apart: `/dev/ttyUSB0`, `COM3`, `tcp://host:port` (also `socket://`), `rfc2217://host:port`. Problem: `port-url`. */
export const portNameOf = (address: string): Result<PortName> => {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(address))
    return address.trim() === ''
      ? fail('port-url', { address: '(nothing)' })
      : { ok: true, value: { kind: 'path', path: address } };
  const [, scheme, six, host, port] = url.exec(address) ?? [];
  const name = six ?? host;
  if (name === undefined || Number(port) < 1 || Number(port) > 65_535) return fail('port-url', { address });
  return {
    ok: true,
    value: { kind: scheme?.toLowerCase() === 'rfc2217' ? 'rfc2217' : 'tcp', host: name, port: Number(port) },
  };
};

/** Opens a port by its name. What a wire needs is loaded only when it is needed. */
export const openLink = async (address: string, options: LinkOptions, ears: LinkEars): Promise<Result<Link>> => {
  const name = portNameOf(address);
  if (!name.ok) return name;
  const line = options.line ?? { baud: 115_200 };
  const where = name.value;
  if (where.kind === 'path') {
    const { openSerial } = await import('./serial.js');
    return openSerial(where.path, { line, reset: options.reset ?? 'never' }, ears);
  }
  if (where.kind === 'tcp') {
    const { openTcp } = await import('./tcp.js');
    return openTcp(where, ears, line.baud);
  }
  const { openRfc2217 } = await import('./rfc2217/index.js');
  return openRfc2217(where, { line, reset: options.reset ?? 'never' }, ears);
};
