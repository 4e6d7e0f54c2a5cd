import { wrapped } from '../report/wrap.js';
import type { Shell } from './shell.js';

/** A block of lines at the bottom of a terminal that is drawn over itself. */
export interface LiveView {
  draw(lines: readonly string[]): void;
  /** Leaves the last lines standing and shows the cursor again. */
  done(): void;
}

/** Continued lines stand under the values of the view, not under their names. */
const continued = ' '.repeat(11);
const escape = '\u001b[';

/** Draws on a terminal; lines are wrapped to its width and cut to its height, so that the block never scrolls. */
export const liveView = (shell: Shell): LiveView => {
  let drawn = 0;
  shell.raw(`${escape}?25l`);
  return {
    draw(lines) {
      const width = Math.max(20, shell.columns - 1);
      const fitting = lines.flatMap((line) => wrapped(line, width, continued)).slice(0, Math.max(1, shell.rows - 1));
      const up = drawn > 0 ? `${escape}${drawn}A` : '';
      shell.raw(`${up}\r${escape}J${fitting.join('\n')}\n`);
      drawn = fitting.length;
    },
    done: () => shell.raw(`${escape}?25h`),
  };
};
