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

/** A Python that has this module, for programs of other people that speak our protocols; as `havePeer`. */
export const havePython = (module: string): boolean => {
  if (pythonWith(module) !== undefined) return true;
  if (process.env['CI']) throw new Error(`Python's module ${module} is not installed, and CI must test against it`);
  process.stderr.write(`skipped: Python's module ${module} is not installed\n`);
  return false;
};

/** The path of such a Python. The system's own has the system's packages, even if another one comes first. */
export const pythonWith = (module: string): string | undefined =>
  ['/usr/bin/python3', 'python3'].find(
    (python) =>
      spawnSync(python, ['-c', 'import sys, importlib; importlib.import_module(sys.argv[1])', module]).status === 0,
  );
