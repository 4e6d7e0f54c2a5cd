import { lookup } from 'node:dns/promises';
import { fail, problem, type Problem } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { holderText, type PortOf } from './holder.js';

/** What kept a socket from being opened, in words for a person. For UDP and TCP alike. */
export const socketProblem = async (error: unknown, asked: PortOf): Promise<Problem> => {
  const { host, port } = asked;
  const protocol = asked.protocol.toUpperCase();
  const { code = '', message = String(error) } = (error ?? {}) as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return problem('port-taken', { protocol, host, port, holder: await holderText(asked) });
    case 'EACCES':
    case 'EPERM':
      return problem('port-forbidden', { protocol, host, port });
    case 'EADDRNOTAVAIL':
      return problem('address-not-here', { host });
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return problem('host-unknown', { host, why: code });
    case 'ECONNREFUSED':
      return problem('nothing-listens', { protocol, host, port });
    default:
      return problem('socket-failed', { protocol, host, port, why: code === '' ? message : code });
  }
};

export interface HostAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** The address that a host name leads to, IPv4 first; an address is its own. Problem: `host-unknown`. */
export const addressOf = async (host: string): Promise<Result<HostAddress>> => {
  try {
    const { address, family } = await lookup(host, { order: 'ipv4first' });
    return ok({ address, family: family === 6 ? 6 : 4 });
  } catch (error) {
    return fail('host-unknown', { host, why: (error as NodeJS.ErrnoException).code ?? String(error) });
  }
};

/** Whether only this machine reaches what listens there. A name other than `localhost` counts as public. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);

/** `127.0.0.1:1700`, `[::1]:1700`. */
export const hostPort = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
