import { z } from 'zod';
import { eventText } from '../dialects/city/event-text.js';
import { isoFromUs } from '../base/time.js';
import type { ParkingEvent } from '../parking/event.js';
import { writeStandardOutput } from '../io/standard-output.js';
import { patience } from '../io/patience.js';
import { defineSink } from './define.js';

const shown = ({ assertedTimeUs, kind, lot, bay, quality }: ParkingEvent): string =>
  `${isoFromUs(assertedTimeUs)} ${kind.padEnd(9)} ${lot} ${bay} ${quality.join(' ')}`.trimEnd();

/** Parking events on standard output, for a pipe. */
export default defineSink({
  id: 'stdout',
  summary: 'standard output: a line of JSON for each event, or a line for people',
  config: z.strictObject({
    type: z.literal('stdout'),
    format: z
      .enum(['json', 'text'])
      .default('json')
      .describe('json: a line of JSON (with gateway --json the log is there, too: its lines have a field "event")'),
  }),
  open({ format }, { clock, log, changed }) {
    const pause = patience({ clock, firstMs: 1_000, mostMs: 60_000, changed });
    let why: string | undefined;
    return Promise.resolve({
      address: 'stdout:',
      get ready() {
        return pause.ready;
      },
      get link() {
        return { connected: why === undefined, ...(why !== undefined && { why }) };
      },
      stream: {
        batch: 100,
        window: 1,
        async deliver(events) {
          const line = format === 'json' ? eventText : shown;
          const wrong = await writeStandardOutput(events.map((event) => `${line(event)}\n`).join(''));
          if (wrong === undefined) {
            why = undefined;
            pause.worked();
            return 'delivered';
          }
          if (why === undefined) log('stdout_lost', { why: wrong });
          why = wrong;
          pause.failed();
          return 'again';
        },
      },
      close() {
        pause.end();
        return Promise.resolve();
      },
    });
  },
});
