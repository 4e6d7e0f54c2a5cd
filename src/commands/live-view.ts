import type { Shell } from './shell.js';

/** A block of lines at the bottom of a terminal that is drawn over itself. */
export interface LiveView {
  draw(lines: readonly string[]): void;
  /** Leaves the last lines standing and shows the cursor again. */
  done(): void;
}

const escape = '\u001b[';

/** Draws on a terminal; lines are cut to its width and height, so that the block never scrolls. */
export const liveView = (shell: Shell): LiveView => {
  let drawn = 0;
  shell.raw(`${escape}?25l`);
  return {
    draw(lines) {
      const fitting = lines
        .slice(0, Math.max(1, shell.rows - 1))
        .map((line) => [...line].slice(0, shell.columns - 1).join(''));
      const up = drawn > 0 ? `${escape}${drawn}A` : '';
      shell.raw(`${up}\r${escape}J${fitting.join('\n')}\n`);
      drawn = fitting.length;
    },
    done: () => shell.raw(`${escape}?25h`),
  };
};
