// `gateway --check`: whether a gateway could run here, said line by line; nothing is changed.
import { X509Certificate } from 'node:crypto';
import { access, constants, readFile, stat, statfs } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { createSocket } from 'node:dgram';
import { dirname, isAbsolute, join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { problem, StellwerkError } from '../base/problem.js';
import type { ReadyConfig } from '../config/load.js';
import { textTable } from '../report/table.js';
import { unwiseSecrets, unwiseText } from './gateway-secrets.js';
import type { Shell } from './shell.js';

export interface CheckLine {
  readonly what: string;
  readonly how: 'ok' | 'warn' | 'fail';
  readonly said: string;
}

type Json = Readonly<Record<string, unknown>>;
const ok = (what: string, said: string): CheckLine => ({ what, how: 'ok', said });
const warn = (what: string, said: string): CheckLine => ({ what, how: 'warn', said });
const fail = (what: string, said: string): CheckLine => ({ what, how: 'fail', said });

const withinMs = 5_000;
const leastFreeBytes = 200e6;

/** The folder that is there already, of those that lead to a path. */
const nearestFolder = async (path: string): Promise<string> => {
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found || folder === dirname(folder)) return folder;
  }
};

const stateCheck = async (state: string | undefined): Promise<CheckLine> => {
  if (state === undefined)
    return warn(
      'state',
      'no folder is named: counters, keys of sessions and events that wait are lost with the process',
    );
  const folder = await nearestFolder(state);
  const writable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable) return fail('state', `${folder} may not be written: give it to the user who runs the gateway`);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const text = `${state}, ${Math.round(free / 1e6)} MB free`;
  return free < leastFreeBytes ? warn('state', `${text}: make room, a full disk takes no frames`) : ok('state', text);
};

const bound = (kind: string, host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    if (kind === 'udp') {
      const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
      socket.once('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? 'it cannot be opened'));
      socket.bind(port, host, () => socket.close(() => resolve(undefined)));
      return;
    }
    const server = createServer();
    server.once('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? 'it cannot be opened'));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });

const isLoopback = (host: string): boolean => /^(localhost|127\.|::1$)/.test(host);

const portCheck = async (
  what: string,
  kind: 'udp' | 'tcp',
  at: { readonly host: string; readonly port: number },
): Promise<CheckLine> => {
  const { host, port } = at;
  const wrong = await bound(kind, host, port);
  if (wrong !== undefined) {
    const why = wrong === 'EADDRINUSE' ? 'somebody listens there already (is the gateway running?)' : wrong;
    return fail(what, `${kind}://${host}:${port}: ${why}`);
  }
  return isLoopback(host)
    ? ok(what, `${kind}://${host}:${port} is free; this machine only`)
    : warn(what, `${kind}://${host}:${port} is free; whoever reaches this machine can talk to it`);
};

const reach = (
  host: string,
  port: number,
  how: { readonly tls: boolean; readonly ca: string | undefined; readonly servername: string },
): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = how.tls
      ? connectTls({ host, port, servername: how.servername, ...(how.ca !== undefined && { ca: how.ca }) })
      : connect(port, host);
    const end = (why?: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(why);
    };
    const timer = setTimeout(() => end('no answer'), withinMs);
    socket.once(how.tls ? 'secureConnect' : 'connect', () => end());
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });

const usualPorts: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883, 'http:': 80, 'https:': 443 };

const fileLines = async (what: string, config: Json, folder: string): Promise<readonly CheckLine[]> => {
  const lines: CheckLine[] = [];
  for (const name of ['ca', 'cert', 'key']) {
    const path = config[name];
    if (typeof path !== 'string') continue;
    const file = isAbsolute(path) ? path : join(folder, path);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) lines.push(fail(what, `${file} (${name}) cannot be read`));
    else if (name === 'key') {
      const { mode } = await stat(file);
      if ((mode & 0o077) !== 0) lines.push(warn(what, `${file} can be read by others: chmod 600`));
    } else {
      try {
        const days = Math.floor((Date.parse(new X509Certificate(text).validTo) - Date.now()) / 86_400_000);
        lines.push(
          days < 0
            ? fail(what, `${file} expired ${-days} days ago`)
            : days < 21
              ? warn(what, `${file} expires in ${days} days`)
              : ok(what, `${file} is good for ${days} days`),
        );
      } catch {
        lines.push(fail(what, `${file} holds no certificate in PEM`));
      }
    }
  }
  return lines;
};

const sinkLines = async (type: string, config: Json, folder: string): Promise<readonly CheckLine[]> => {
  const what = `sink ${type}`;
  const lines = await fileLines(what, config, folder);
  if (typeof config['path'] === 'string') {
    const near = await nearestFolder(
      dirname(isAbsolute(config['path']) ? config['path'] : join(folder, config['path'])),
    );
    const writable = await access(near, constants.W_OK).then(
      () => true,
      () => false,
    );
    return [...lines, writable ? ok(what, config['path']) : fail(what, `${near} may not be written`)];
  }
  if (typeof config['url'] !== 'string') return lines.length > 0 ? lines : [ok(what, 'nothing to reach')];
  const url = new URL(config['url']);
  const port = url.port === '' ? (usualPorts[url.protocol] ?? 0) : Number(url.port);
  const tls = url.protocol === 'mqtts:' || url.protocol === 'https:';
  const caFile =
    typeof config['ca'] === 'string' ? join(isAbsolute(config['ca']) ? '' : folder, config['ca']) : undefined;
  const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8').catch(() => undefined);
  const servername = typeof config['servername'] === 'string' ? config['servername'] : url.hostname;
  const wrong = await reach(url.hostname, port, { tls, ca, servername });
  return [
    ...lines,
    wrong === undefined
      ? ok(what, `${config['url']} answers`)
      : fail(
          what,
          `${config['url']}: ${wrong === 'ECONNREFUSED' ? 'nothing listens there' : wrong}; events would wait`,
        ),
  ];
};

/** Everything that can be examined without running. */
export const checkGateway = async (
  ready: ReadyConfig,
  from: { readonly file: string },
): Promise<readonly CheckLine[]> => {
  const { config, devices, sources, sinks, folder } = ready;
  const lines: CheckLine[] = [
    ok('configuration', `${devices.length} devices, ${sources.length} sources, ${sinks.length} sinks`),
    await stateCheck(ready.state),
  ];
  for (const source of sources) {
    const { host, port } = source.config as { readonly host?: unknown; readonly port?: unknown };
    if (typeof host === 'string' && typeof port === 'number')
      lines.push(
        await portCheck(`source ${source.kind.id}`, source.kind.id.includes('udp') ? 'udp' : 'tcp', { host, port }),
      );
  }
  if (config.watch) lines.push(await portCheck('watch', 'tcp', config.watch));
  for (const sink of sinks) lines.push(...(await sinkLines(sink.kind.id, sink.config as Json, folder)));
  for (const unwise of await unwiseSecrets(ready, from)) lines.push(warn('secrets', unwiseText(unwise)));
  const year = new Date().getUTCFullYear();
  lines.push(
    year < 2026
      ? warn('clock', `it is ${year} here: set the clock, or events say that they do not know the time`)
      : ok('clock', new Date().toISOString()),
  );
  lines.push(
    ok(
      'privacy',
      `events are kept for ${config.privacy.retentionDays} days at most; DevEUIs: ${config.privacy.devEui}`,
    ),
  );
  return lines;
};

/** Prints the lines; throws when one of them is a failure. */
export const showChecks = (lines: readonly CheckLine[], shell: Shell): void => {
  const failed = lines.filter(({ how }) => how === 'fail');
  if (shell.json) {
    if (failed.length === 0) shell.out(JSON.stringify({ ok: true, checks: lines }));
    else shell.beside({ ok: false, checks: lines });
  } else textTable(lines.map(({ how, what, said }) => [how, what, said])).forEach(shell.out);
  if (failed.length > 0) throw new StellwerkError(problem('check-failed', { count: failed.length }));
};
