import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { countOf } from '../dialects/city/counts.js';
import { readText } from '../io/disk.js';
import { sparseLog } from '../io/sparse-log.js';
import { defineSource } from './define.js';

/** The cells of a line: commas, semicolons or tabs, quotes where somebody likes them. */
const cellsOf = (line: string): readonly string[] =>
  line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
const fields = ['counter', 'occupied', 'free', 'in', 'out', 'time'];

/** Counts of cars from a file that somebody else writes: read anew whenever it has changed. */
export default defineSource({
  id: 'counts-csv',
  summary: 'counts of cars in off-street lots from a CSV file (counter, free or occupied, time)',
  config: z.strictObject({
    type: z.literal('counts-csv'),
    path: z
      .string()
      .min(1)
      .describe('The file; its first line names the columns: counter, free, occupied, in, out, time'),
    everyS: z.number().min(1).max(86_400).default(30).describe('Seconds between two looks'),
  }),
  async open({ path, everyS }, context) {
    const file = isAbsolute(path) ? path : join(context.folder ?? '.', path);
    const say = sparseLog(context.log);
    let before: string | undefined;
    const refuse = (why: string, row: number): void => {
      context.refused(why);
      say('count_refused', why, { file, row });
    };
    const look = async (): Promise<void> => {
      const text = await readText(file, { mostBytes: 16 << 20 });
      if (!text.ok) return refuse(text.problem.code, 0);
      if (text.value === before) return;
      const known = new Set((before ?? '').split(/\r?\n/));
      before = text.value;
      const [head = '', ...lines] = text.value.split(/\r?\n/);
      const columns = cellsOf(head).map((name) => name.toLowerCase());
      for (const [at, line] of lines.entries()) {
        // A file that grows tells each line once; what came and left would count twice.
        if (line.trim() === '' || known.has(line)) continue;
        const cells = cellsOf(line);
        const said = Object.fromEntries(
          columns.flatMap((name, i) => {
            const cell = cells[i] ?? '';
            if (!fields.includes(name) || cell === '') return [];
            return [[name, name === 'counter' || name === 'time' ? cell : Number(cell)]];
          }),
        );
        const count = countOf(said);
        if (!count.ok) refuse(count.problem.code, at + 2);
        else {
          const kept = context.count?.(count.value);
          if (kept) await kept.catch(() => (before = undefined));
          else refuse('count-unknown', at + 2);
        }
      }
    };
    await look();
    let off = (): void => undefined;
    const again = (): void => {
      off = context.clock.at(context.clock.nowUs() + everyS * 1e6, () => void look().finally(again));
    };
    again();
    return {
      address: `csv:${file}`,
      reaches: () => false,
      send: () => Promise.resolve('no-answer' as const),
      close() {
        off();
        return Promise.resolve();
      },
    };
  },
});
