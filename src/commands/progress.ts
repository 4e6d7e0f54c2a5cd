import type { Us } from '../base/time.js';
import { progressText } from '../report/progress.js';
import type { Shell } from './shell.js';

/** Says on standard error how far a run is: one line that is written over on a terminal, else a line a minute. */
export interface ProgressLine {
  /** Called as often as one likes. */
  tick(nowUs: Us, sent: number): void;
  /** Takes the line away. */
  done(): void;
}

const onTerminalMs = 1_000;
const elsewhereMs = 60_000;
const clearLine = '\r\u001b[K';

/** `untilUs` undefined: the run has no end that counts. */
export const progressLine = (
  shell: Pick<Shell, 'talk'>,
  { fromUs, untilUs }: { readonly fromUs: Us; readonly untilUs?: Us },
): ProgressLine => {
  const { stderr } = process;
  const terminal = stderr.isTTY && process.env['TERM'] !== 'dumb';
  const beganAt = performance.now();
  let saidAt = beganAt;
  let before = 0;
  let shown = false;
  return {
    tick(nowUs, sent) {
      const now = performance.now();
      const sinceMs = now - saidAt;
      if (sinceMs < (terminal ? onTerminalMs : elsewhereMs)) return;
      saidAt = now;
      const share = untilUs === undefined ? undefined : Math.min(1, (nowUs - fromUs) / (untilUs - fromUs));
      const text = progressText({
        nowUs,
        sent,
        perSecond: ((sent - before) * 1_000) / sinceMs,
        memoryBytes: process.memoryUsage.rss(),
        ...(share !== undefined && { share }),
        ...(share !== undefined && share > 0.01 && { leftMs: ((now - beganAt) * (1 - share)) / share }),
      });
      before = sent;
      if (!terminal) return shell.talk(text);
      shown = true;
      stderr.write(`${clearLine}${text.slice(0, Math.max(20, (stderr.columns || 80) - 1))}`);
    },
    done() {
      if (shown) stderr.write(clearLine);
    },
  };
};
