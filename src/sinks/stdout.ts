import { z } from 'zod';
import { oneLine } from '../base/one-line.js';
import { isoFromUs } from '../base/time.js';
import { eventText } from '../dialects/city/event-text.js';
import { backOff } from '../io/back-off.js';
import { openStandardOutput } from '../io/standard-output.js';
import type { ParkingEvent } from '../parking/event.js';
import { defineSink } from './define.js';
import { openGate } from './parts/gate.js';

const nothing = 'nobody reads standard output any more';

/** `07:41:12 graben og-01 occupied, battery low`: an event for people; times are UTC. */
export const eventLine = (event: ParkingEvent): string => {
  const { kind, lot, bay, sensorTimeUs, occupied, fault, quality, simulated } = event;
  const state = occupied === undefined ? 'unknown' : occupied ? 'occupied' : 'free';
  const said = kind === 'occupied' || kind === 'freed' ? state : `${kind}, ${state}`;
  const more = [
    ...(fault === undefined ? [] : [`fault: ${fault}`]),
    ...quality.map((flag) => flag.replaceAll('-', ' ')),
    ...(simulated ? ['simulated'] : []),
  ];
  // Names and faults come from outside: none may give orders to a terminal.
  return oneLine(`${isoFromUs(sensorTimeUs).slice(11, 19)} ${lot} ${bay} ${[said, ...more].join(', ')}`);
};

/** Parking events on standard output, a line each. */
export default defineSink({
  id: 'stdout',
  summary: 'standard output: a line per event',
  config: z.strictObject({
    type: z.literal('stdout'),
    format: z
      .enum(['json', 'text'])
      .default('json')
      .describe(
        '`json`: an object per line; with `gateway --json` log lines stand between them, which have `event` where events have `v`. `text`: a short line for people',
      ),
  }),
  open(options, context) {
    const lineOf = options.format === 'json' ? eventText : eventLine;
    const output = openStandardOutput();
    const address = 'standard output';
    const gate = openGate(address, context, backOff());
    return Promise.resolve({
      address,
      get ready() {
        return gate.ready;
      },
      get link() {
        return gate.link;
      },
      stream: {
        batch: 200,
        window: 1,
        async deliver(events: readonly ParkingEvent[]) {
          const written = await output.write(events.map((event) => `${lineOf(event)}\n`).join(''));
          if (written.ok) {
            gate.passed();
            return 'delivered' as const;
          }
          if (output.gone) gate.wall(nothing);
          else gate.shut(String(written.problem.facts['why']));
          return 'again' as const;
        },
      },
      close() {
        gate.close();
        output.close();
        return Promise.resolve();
      },
    });
  },
});
