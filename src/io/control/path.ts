import { createHash } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fail } from '../../base/problem.js';
import { ok, type Result } from '../../base/result.js';

/** What decides where the control socket of a gateway lies. */
export interface ControlPlace {
  /** The gateway's name. */
  readonly name: string;
  /** `off`, or a path; absent: automatic. */
  readonly control?: string | undefined;
  /** The gateway's state folder, when it has one. */
  readonly state?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  /** The folder for temporary files, when it is not the system's. */
  readonly temp?: string;
}

// sockaddr_un on Linux has 108 bytes with the zero at the end (unix(7)); macOS has four less. libuv cuts longer paths
// silently off, and the socket would lie elsewhere.
const mostPathBytes = (platform: NodeJS.Platform): number => (platform === 'linux' ? 107 : 103);

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** A gateway's name as a part of a file name; one that is long or not plain is a digest, so that two names stay two. */
const fileName = (name: string): string => (/^[\w-]{1,32}$/.test(name) ? name : digest(name));

const place = ({ name, control, state, env, temp, platform }: ControlPlace & { platform: NodeJS.Platform }): string => {
  const plain = fileName(name);
  // Pipes live in a namespace of their own; the same path leads to the same pipe.
  if (platform === 'win32') {
    if (control?.startsWith('\\\\.\\pipe\\')) return control;
    const folder = control ?? state;
    return `\\\\.\\pipe\\stellwerk-${folder === undefined ? plain : `${plain}-${digest(resolve(folder))}`}`;
  }
  if (control !== undefined) return resolve(control);
  if (state !== undefined) return join(resolve(state), 'control.sock');
  const runtime = env['XDG_RUNTIME_DIR'] ?? '';
  // Everybody may write into the folder for temporary files, so there it is a folder of our own.
  return runtime.startsWith('/')
    ? join(runtime, `stellwerk-${plain}.sock`)
    : join(temp ?? tmpdir(), `stellwerk-${userInfo().uid}`, `${plain}.sock`);
};

/**
 * Where the control socket lies: as `control` says, else `control.sock` in the state folder, else in the user's folder
 * for such things. Undefined when it is off. Problem: `control-path-long`.
 */
export const controlPath = (from: ControlPlace): Result<string | undefined> => {
  if (from.control === 'off') return ok(undefined);
  const platform = from.platform ?? process.platform;
  const path = place({ ...from, platform });
  const have = Buffer.byteLength(path);
  const most = mostPathBytes(platform);
  return platform === 'win32' || have <= most ? ok(path) : fail('control-path-long', { path, have, most });
};

/** The folder that is ours to make and to guard: named after the program, in a folder that others share. */
export const ownFolder = (path: string): string | undefined => {
  const folder = dirname(path);
  return /^stellwerk-\d+$/.test(basename(folder)) ? folder : undefined;
};
