import { spawnSync } from 'node:child_process';

/**
 * Whether a real program is there to test against. On a user's machine an absent one skips its tests, with a reason;
 * under CI it is a failure, because a check that nobody runs is no check.
 */
export const havePeer = (program: string): boolean => {
  const found = spawnSync('sh', ['-c', `command -v ${program} || ls /usr/sbin/${program}`], { encoding: 'utf8' });
  if (found.status === 0) return true;
  if (process.env['CI']) throw new Error(`${program} is not installed, and CI must test against it`);
  process.stderr.write(`skipped: ${program} is not installed\n`);
  return false;
};

/** The program's path. */
export const peerPath = (program: string): string =>
  spawnSync('sh', ['-c', `command -v ${program} || ls /usr/sbin/${program}`], { encoding: 'utf8' }).stdout.trim();
