import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { problem, StellwerkError } from '../base/problem.js';
import type { Shell } from './shell.js';

/** Whether somebody sits in front of this program and can be asked. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** A person's answer, trimmed; with `hidden` what is typed is not shown. Only where `canAsk`. Ctrl-C ends in `input-stopped`. */
export const ask = async (question: string, shell: Pick<Shell, 'stop'>, { hidden = false } = {}): Promise<string> => {
  let silent = false;
  const output = new Writable({
    write(chunk: Buffer, _, done) {
      if (!silent) process.stderr.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  const stopped = new AbortController();
  // In raw mode Ctrl-C is a key and no signal.
  lines.once('SIGINT', () => stopped.abort());
  try {
    const answer = lines.question(question, { signal: AbortSignal.any([stopped.signal, shell.stop]) });
    silent = hidden;
    return (await answer).trim();
  } catch {
    throw new StellwerkError(problem('input-stopped', { from: 'the answer' }));
  } finally {
    lines.close();
    if (hidden) process.stderr.write('\n');
  }
};
