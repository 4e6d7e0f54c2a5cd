import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What users run. */
export const program = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line to its end; `input` goes to its standard input, `env` over a bare environment. */
export const stellwerk = (
  args: readonly string[],
  { input = '', env = {} }: { readonly input?: string | Buffer; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env['PATH'], ...env },
      timeout: 25_000,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    // A command that does not read its input may be gone before the text is.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });

/** The one JSON value on standard output; throws when there is anything else. */
export const jsonOf = ({ stdout }: Ran): unknown => JSON.parse(stdout) as unknown;

/** Runs a command that would go on for ever, sends a signal once it has said something, and waits for its end. */
export const interrupted = (args: readonly string[], signal: NodeJS.Signals, ready: RegExp) =>
  new Promise<{ readonly code: number | null; readonly said: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { timeout: 25_000 });
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
    child.on('close', (code) =>
      sent ? resolve({ code, said }) : reject(new Error(`it never said ${ready}: ${said}`)),
    );
  });
