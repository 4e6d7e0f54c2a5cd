import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a command that would go on for ever, sends a signal once it has said something, and waits for its end. */
const interrupted = (args: readonly string[], signal: NodeJS.Signals, ready: RegExp) =>
  new Promise<{ readonly code: number | null; readonly said: string }>((resolve, reject) => {
    const child = spawn(process.execPath, ['dist/src/cli.js', ...args], { cwd: root, timeout: 25_000 });
    let said = '';
    let sent = false;
    const hear = (text: Buffer): void => {
      said += text.toString();
      if (sent || !ready.test(said)) return;
      sent = true;
      child.kill(signal);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, said }));
  });

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends a simulation in real time with its summary, as done',
  async (signal) => {
    const { code, said } = await interrupted(
      ['simulate', 'herrenberg-graben', '--speed', '1'],
      signal,
      /\d{4}-\d\d-\d\dT/,
    );
    expect(code).toBe(0);
    expect(said).toContain('digest');
  },
);
