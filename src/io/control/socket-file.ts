import { lstat, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { userInfo } from 'node:os';
import { problem, type Problem } from '../../base/problem.js';
import { whyOf } from '../disk.js';
import { makeFolders } from '../folders.js';
import { askControl } from './client.js';
import { ownFolder } from './path.js';

const helloMs = 1_000;

/**
 * Makes the folder of a socket, for its owner alone. A folder of ours among everybody's temporary files must be ours:
 * somebody else could have made it first, to stand between us and our tools. Problems: `control-folder-shared`,
 * `file-unwritable`.
 */
export const makeRoom = async (path: string): Promise<Problem | undefined> => {
  if (process.platform === 'win32') return undefined;
  const folder = dirname(path);
  try {
    await makeFolders(folder, { mode: 0o700 });
    if (ownFolder(path) === undefined) return undefined;
    const { uid, mode } = await lstat(folder);
    const ours = uid === userInfo().uid && (mode & 0o170077) === 0o040000;
    return ours ? undefined : problem('control-folder-shared', { folder });
  } catch (error) {
    return problem('file-unwritable', { file: folder, why: whyOf(error) });
  }
};

/** Takes away a socket that nobody listens on; the problem when somebody does, or when it is no socket. */
export const staleGone = async (path: string): Promise<Problem | undefined> => {
  const asked = await askControl({ path, do: 'hello', answerMs: helloMs });
  if (asked.ok) {
    const { name, pid } = asked.value;
    const holder = typeof pid === 'number' ? `the gateway ${String(name)} (process ${pid})` : 'another program';
    return problem('control-in-use', { path, holder });
  }
  // Whoever answers otherwise, or not at all, lives.
  if (asked.problem.code !== 'control-nobody') return problem('control-in-use', { path, holder: 'another program' });
  const found = await lstat(path).catch(() => undefined);
  // A connection to a plain file is refused as one to a dead socket is.
  if (found && !found.isSocket()) return problem('control-not-a-socket', { path });
  try {
    await rm(path, { force: true });
    return undefined;
  } catch (error) {
    return problem('file-unwritable', { file: path, why: whyOf(error) });
  }
};
