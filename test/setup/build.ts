import { execFileSync } from 'node:child_process';

/** The tests of the CLI run what users run: the build. */
export default function setup(): void {
  execFileSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { stdio: 'inherit' });
}
