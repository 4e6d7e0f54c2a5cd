import { expect, test } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import type { Machine } from '../../src/base/machine.js';
import { problem } from '../../src/base/problem.js';
import { failed, ok, type Result } from '../../src/base/result.js';
import { steppedClock } from '../../src/io/clock.js';
import { drive, type Drive, type DriveSetup, type Opener } from '../../src/io/drive.js';
import type { Link, LinkEars } from '../../src/io/link.js';
import { latin1 } from './ears.js';

/** What a machine was told, in words; it does what `on` says. */
const machineOf = (
  on: (what: string, out: Parameters<Machine<string, string>['step']>[2]) => void = () => undefined,
): { machine: Machine<string, string>; told: string[] } => {
  const told: string[] = [];
  return {
    told,
    machine: {
      step(input, _nowUs, out) {
        const what =
          input.kind === 'bytes'
            ? `bytes ${Buffer.from(input.bytes).toString('latin1')}`
            : input.kind === 'order'
              ? `order ${input.order}`
              : input.kind;
        told.push(what);
        on(what, out);
      },
    },
  };
};

/** A link in memory: what is written to it is kept, and the test plays the other end. */
interface Memory {
  readonly link: Link;
  readonly ears: LinkEars;
  readonly did: string[];
}
const memory = (ears: LinkEars, more: Partial<Link> = {}): Memory => {
  const did: string[] = [];
  const link: Link = {
    address: 'memory',
    can: { line: true, signals: true },
    start() {
      did.push('start');
      ears.opened({ baud: 115_200 });
    },
    write: (bytes) => void did.push(`write ${Buffer.from(bytes).toString('latin1')}`),
    setLine: (line) => void did.push(`line ${line.baud}`),
    setSignals: (signals) => void did.push(`signals ${JSON.stringify(signals)}`),
    drained: () => Promise.resolve(),
    close() {
      did.push('close');
      return Promise.resolve();
    },
    ...more,
  };
  return { link, ears, did };
};

/** A drive on links in memory. */
const stand = (
  machine: Machine<string, string>,
  more: Partial<DriveSetup<string, string>> = {},
): {
  clock: ReturnType<typeof steppedClock>;
  links: Memory[];
  events: string[];
  run: Drive<string>;
  settle(): Promise<void>;
} => {
  const clock = steppedClock(0);
  const links: Memory[] = [];
  const events: string[] = [];
  const run = drive({
    machine,
    clock,
    open: (ears) => {
      const one = memory(ears);
      links.push(one);
      return Promise.resolve(ok(one.link));
    },
    event: (event) => void events.push(event),
    ...more,
  });
  return { clock, links, events, run, settle: () => new Promise((resolve) => setImmediate(resolve)) };
};
const lost = problem('link-lost', { address: 'memory', why: 'pulled' });

test('what a machine does is done in its order, and orders come in theirs', async () => {
  const { machine, told } = machineOf((what, out) => {
    if (what !== 'order go') return;
    out.signals({ dtr: false });
    out.bytes(latin1('A'));
    out.line({ baud: 1_200 });
    out.bytes(latin1('B'));
    out.event('went');
  });
  const heard: string[] = [];
  const { run, links, events, settle } = stand(machine, {
    exchange: (dir, bytes) => void heard.push(`${dir} ${Buffer.from(bytes).toString('latin1')}`),
    event: (event) => {
      events.push(event);
      // An order in the middle of a step is heard after it.
      run.order('nested');
      events.push('told');
    },
  });
  run.order('early');
  await settle();
  run.order('go');
  links[0]!.ears.bytes(latin1('C'));
  await run.close();
  run.order('late');
  links[0]!.ears.bytes(latin1('late'));
  expect(told).toEqual(['order early', 'opened', 'order go', 'order nested', 'bytes C']);
  expect(links[0]!.did).toEqual(['start', 'signals {"dtr":false}', 'write A', 'line 1200', 'write B', 'close']);
  expect(events).toEqual(['went', 'told']);
  expect(heard).toEqual(['out A', 'out B', 'in C']);
  expect(await run.ended).toBeUndefined();
});

test('the last appointment counts, and none comes after the end', async () => {
  const { machine, told } = machineOf((what, out) => {
    if (what === 'opened') {
      out.wakeAt(5_000);
      out.wakeAt(2_000);
    } else if (what === 'timeout') out.wakeAt(told.length < 4 ? 3_000 : Infinity);
  });
  const { run, clock, settle } = stand(machine);
  await settle();
  clock.advance(1_999);
  expect(told).toEqual(['opened']);
  clock.advance(10_000);
  expect(told).toEqual(['opened', 'timeout', 'timeout', 'timeout']);
  await run.close();
  expect(clock.nextUs).toBe(Infinity);
});

test('a cable that drops is waited for, longer each time', async () => {
  const { machine, told } = machineOf();
  const { log, events } = keptLog();
  let tries = 0;
  const links: Memory[] = [];
  const open: Opener = (ears) => {
    tries++;
    if (tries > 1 && tries < 5) return Promise.resolve(failed(problem('port-missing', { address: 'memory' })));
    links.push(memory(ears));
    return Promise.resolve(ok(links.at(-1)!.link));
  };
  const { run, clock, settle } = stand(machine, { open, log });
  await settle();
  links[0]!.ears.lost(lost);
  const waits: number[] = [];
  while (tries < 5) {
    waits.push((clock.nextUs - clock.nowUs()) / 1_000);
    clock.advance(clock.nextUs);
    await settle();
  }
  expect(waits).toEqual([250, 500, 1_000, 2_000]);
  expect(told).toEqual(['opened', 'lost', 'opened']);
  expect(events.map(({ event }) => event)).toEqual(['waiting_for_port', 'port_back']);
  expect(links[0]!.did).toContain('close');
  // What the dead one still says is not heard.
  links[0]!.ears.bytes(latin1('ghost'));
  links[0]!.ears.lost(lost);
  expect(told).toHaveLength(3);
  await run.close();
});

test('a port that was never there is the end, and so is a loss when nobody waits', async () => {
  const missing = problem('port-missing', { address: 'memory' });
  const { run } = stand(machineOf().machine, { open: () => Promise.resolve(failed(missing)) });
  expect(await run.ended).toEqual(missing);
  const { machine, told } = machineOf();
  const other = stand(machine, { reconnect: false });
  await other.settle();
  other.links[0]!.ears.lost(lost);
  expect(await other.run.ended).toEqual(lost);
  expect(told).toEqual(['opened', 'lost']);
  expect(other.links[0]!.did).toEqual(['start', 'close']);
});

test('reopening lets go first and takes the port again after the time', async () => {
  const { machine, told } = machineOf((what, out) => what === 'order reopen' && out.reopen(700));
  const { run, clock, links, settle } = stand(machine);
  await settle();
  run.order('reopen');
  run.order('reopen');
  expect(links[0]!.did).toEqual(['start', 'close']);
  expect(clock.nextUs).toBe(700_000);
  clock.advance(700_000);
  await settle();
  expect(told).toEqual(['opened', 'order reopen', 'lost', 'order reopen', 'opened']);
  expect(links).toHaveLength(2);
  await run.close();
});

test('closed while it opens: what opens is closed', async () => {
  let give!: (result: Result<Link>) => void;
  let one: Memory | undefined;
  const { machine, told } = machineOf();
  const { run, settle } = stand(machine, {
    open: (ears) => {
      one = memory(ears);
      return new Promise((resolve) => (give = resolve));
    },
  });
  await settle();
  let closed = false;
  const closing = run.close().then(() => (closed = true));
  await settle();
  expect(closed).toBe(false);
  give(ok(one!.link));
  await closing;
  expect(one!.did).toEqual(['close']);
  expect(told).toEqual([]);
});

test.each(['opened', 'bytes x', 'order go'])('a machine that throws on "%s" frees the port', async (at) => {
  const { machine } = machineOf((what) => {
    if (what === at) throw new Error('broken');
  });
  const { run, links, settle } = stand(machine);
  const ended = expect(run.ended).rejects.toThrow('broken');
  await settle();
  links[0]?.ears.bytes(latin1('x'));
  run.order('go');
  await ended;
  expect(links[0]!.did.at(-1)).toBe('close');
});

test('an opener that throws is heard of', async () => {
  const { run } = stand(machineOf().machine, { open: () => Promise.reject(new Error('broken')) });
  await expect(run.ended).rejects.toThrow('broken');
});
