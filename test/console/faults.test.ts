import { describe, expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import { detect, type Detected } from '../../src/console/detect.js';
import { faulty, twinFaults, type TwinFault } from '../../src/sim/twin-faults.js';
import { bench } from './bench.js';
import { scriptedModem } from './scripted-modem.js';

const catalogue = openCatalogue();
const dialects = (await catalogue.all('consoles')).map(({ entry }) => must(entry));
const twins = (await catalogue.all('twins')).map(({ entry }) => must(entry));

/** What a command may say of a board with this fault; `found` where it can be found all the same. */
const ends: Readonly<Record<TwinFault, readonly string[]>> = {
  silent: ['console-silent'],
  garbage: ['found'],
  'wrong-baud': ['console-noise'],
  restarts: ['found', 'board-restarted', 'board-silent', 'console-silent', 'console-unknown'],
  flood: ['found', 'console-unknown'],
  vanishes: ['found', 'port-lost', 'console-silent', 'console-unknown'],
};

describe('a board with a fault is found or given up, in bounded time, with the reason', () => {
  for (const twin of twins)
    for (const fault of Object.keys(twinFaults) as TwinFault[])
      test(`${twin.id}: ${fault}`, () => {
        const bad = {
          ...twin,
          open: (setup: Parameters<typeof twin.open>[0]) =>
            faulty(() => twin.open(setup), fault, dice('faults', twin.id)),
        };
        const b = bench({ twin: bad, modem: scriptedModem() });
        b.wire.advance(4_000_000);
        const found = b.run<Detected>(detect({ dialects, likely: [twin.id] }), 30_000);
        expect(found).toBeDefined();
        expect(b.tookMs).toBeLessThanOrEqual(30_000);
        expect(ends[fault]).toContain(found!.ok ? 'found' : found!.problem.code);
        // A torn line is not taken for what was asked.
        if (found!.ok) expect(Object.values(found!.value.identity)).not.toContain('+EV');
      });
});
