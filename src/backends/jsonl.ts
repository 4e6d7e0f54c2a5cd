import { problem } from '../base/problem.js';
import { openLines } from '../io/disk.js';
import { rxRecord } from '../trace/rx.js';
import { writeRecord } from '../trace/json-lines.js';
import { defineBackend } from './define.js';

const form = 'jsonl:FILE';
const scheme = 'jsonl:';

/** Frames as lines of a file, one trace record each; what it writes can be replayed. */
export default defineBackend({
  id: 'jsonl',
  summary: 'a file with one JSON line per hearing (jsonl:- is standard output)',
  form,
  accepts: (to) => to.startsWith(scheme),
  answers: false,
  async open(to, { log }) {
    const path = to.slice(scheme.length);
    if (!to.startsWith(scheme) || path === '') return { problem: problem('bad-target', { to, form }) };
    const opened = await openLines(path);
    if (!opened.ok) return { problem: opened.problem };
    const file = opened.value;
    let said = false;
    /** Says once that the file cannot be written any more. */
    const check = (): void => {
      if (said || !file.problem) return;
      said = true;
      log('backend_failed', { address: to, code: file.problem.code, ...file.problem.facts });
    };
    const open = (): number => file.taken - file.written;

    return {
      address: to,
      state: {
        get sent() {
          return file.taken;
        },
        get acknowledged() {
          return file.written;
        },
        downlinks: 0,
      },
      uplink(rx) {
        file.line(writeRecord(rxRecord(rx)));
        check();
      },
      async settled(withinMs) {
        let timer: NodeJS.Timeout | undefined;
        const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
        await Promise.race([file.flush(), limit]);
        clearTimeout(timer);
        check();
        return open();
      },
      async close() {
        await file.close();
        check();
      },
    };
  },
});
