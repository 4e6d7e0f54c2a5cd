import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openNotify } from '../../src/io/notify.js';

test('systemd hears that we are ready, that we live while we do, and that we end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stellwerk-notify-'));
  const program = join(folder, 'systemd-notify');
  const heard = join(folder, 'heard');
  writeFileSync(program, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${heard}\n`);
  chmodSync(program, 0o755);
  const said = (): string => (existsSync(heard) ? readFileSync(heard, 'utf8') : '');
  let lives = true;
  const notify = openNotify({ NOTIFY_SOCKET: '@x', WATCHDOG_USEC: '200000', PATH: `${folder}:${process.env['PATH']}` });
  notify.ready('2 sensors');
  await expect.poll(said).toContain(`@x --ready --status=2 sensors MAINPID=${process.pid}`);
  notify.watch(() => lives);
  await expect.poll(said).toContain('WATCHDOG=1');
  lives = false;
  notify.stopping();
  await expect.poll(said).toContain('--stopping');
  notify.close();
  rmSync(folder, { recursive: true });
});

test('without systemd nothing is said', () => {
  const notify = openNotify({});
  notify.ready('x');
  notify.watch(() => true);
  notify.close();
});
