import { afterEach, describe, expect, test } from 'vitest';
import { silent } from '../../src/base/log.js';
import { must } from '../../src/base/problem.js';
import { ok } from '../../src/base/result.js';
import { usPerMs, usPerSecond } from '../../src/base/time.js';
import { openCatalogue } from '../../src/catalogue.js';
import { simulatedNetwork } from '../../src/city/city.js';
import { steppedClock, type SteppedClock } from '../../src/io/clock.js';
import type { LinkEars } from '../../src/io/link.js';
import { climb, ladder, ladderWakeUs, type LadderOut } from '../../src/ladder/ladder.js';
import type { RxFrame, TxFrame, TxVerdict } from '../../src/lorawan/radio.js';
import { registry } from '../../src/network/registry.js';
import { defineTwin, twinMachine, type VirtualConsole } from '../../src/sim/twin.js';
import source from '../../src/sources/semtech-udp.js';
import { openVirtual, type OpenVirtual, type SavedBoard, type VirtualSetup } from '../../src/workbench/virtual.js';
import { mailbox } from '../io/mailbox.js';
import { deviceOf, payload, profile, startUs } from '../sim/modem-bench.js';

const catalogue = openCatalogue();
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A made-up console: `join`, `send` and `abp`; what its modem tells is printed. */
const twin: VirtualConsole = defineTwin({
  id: 'test-console',
  source: 'this test',
  boards: ['test-board'],
  baud: 9600,
  profile,
  open: ({ modem }) =>
    twinMachine(
      {
        power: (port) => port.print('ready\n'),
        line(text, port) {
          if (text === 'key') modem.identity = { ...modem.identity, appKey: new Uint8Array(16).fill(7) };
          if (text === 'abp') modem.settings.activation = 'abp';
          const refusal = text === 'send' ? modem.send({ fPort: 2, bytes: payload(), confirmed: true }) : modem.join();
          port.print(`${refusal?.kind ?? 'ok'}\n`);
        },
        modem: (event, port) =>
          port.print(`+${event.kind}${event.kind === 'delivered' ? ` ${event.acknowledged}` : ''}\n`),
        wake: () => undefined,
      },
      { mostLine: 80 },
    ),
});

/** A virtual board on a cable that a test holds, in virtual time. */
const board = async (to: string, change: Partial<VirtualSetup> & { readonly clock?: SteppedClock } = {}) => {
  const clock = change.clock ?? steppedClock(startUs);
  const cable: { ears?: LinkEars; said: string; closed: number } = { said: '', closed: 0 };
  const saves: SavedBoard[] = [];
  const opened = await openVirtual({
    ...{ twin, board: 'test-board', seed: 'virtual', to, catalogue, log: silent },
    offer(ears) {
      cable.ears = ears;
      return Promise.resolve(
        ok({
          address: '/dev/made-up',
          can: { line: false, signals: false },
          offers: true as const,
          start: () => undefined,
          write: (bytes: Uint8Array) => void (cable.said += String.fromCharCode(...bytes)),
          setLine: () => undefined,
          setSignals: () => undefined,
          drained: () => Promise.resolve(),
          close: () => Promise.resolve(void cable.closed++),
        }),
      );
    },
    save: (what) => Promise.resolve(void saves.push(JSON.parse(JSON.stringify(what)) as SavedBoard)),
    ...change,
    clock,
  });
  if (opened.ok) {
    closers.push(opened.value.close);
    cable.ears?.opened({ baud: 9600 });
  }
  return {
    opened,
    clock,
    cable,
    saves,
    type: (line: string) => cable.ears?.bytes(Uint8Array.from(`${line}\n`, (letter) => letter.charCodeAt(0))),
    /** What it prints in the next seconds. */
    lines(seconds = 0): string[] {
      clock.advance(clock.nowUs() + seconds * usPerSecond);
      return cable.said.split('\n').slice(0, -1);
    },
    take(seconds = 0): string[] {
      const lines = this.lines(seconds);
      cable.said = '';
      return lines;
    },
  };
};
const open = (one: Awaited<ReturnType<typeof board>>): OpenVirtual => must(one.opened);

test('a virtual board that comes back under another name says so', async () => {
  const clock = steppedClock(startUs);
  const notes: string[] = [];
  let ears: LinkEars | undefined;
  let count = 0;
  const opened = must(
    await openVirtual({
      ...{ board: 'test-board', seed: 'virtual', to: 'none', catalogue, clock, log: silent },
      twin: {
        ...twin,
        open: () =>
          twinMachine(
            {
              power: () => undefined,
              line: (_, port) => port.reopen(2_000),
              modem: () => undefined,
              wake: () => undefined,
            },
            { mostLine: 80 },
          ),
      },
      offer(to) {
        ears = to;
        return Promise.resolve(
          ok({
            address: `/dev/made-up-${++count}`,
            can: { line: false, signals: false },
            offers: true as const,
            start: () => undefined,
            write: () => undefined,
            setLine: () => undefined,
            setSignals: () => undefined,
            drained: () => Promise.resolve(),
            close: () => Promise.resolve(),
          }),
        );
      },
      event: (event) => void (event.kind === 'note' && notes.push(event.text)),
    }),
  );
  closers.push(opened.close);
  ears?.opened({ baud: 9600 });
  ears?.bytes(Uint8Array.of(10));
  clock.advance(clock.nowUs() + 3 * usPerSecond);
  for (let turns = 0; turns < 20 && notes.length === 0; turns++) await Promise.resolve();
  expect(notes).toEqual(['its port is /dev/made-up-2 now']);
});

describe('a virtual board', () => {
  test('joins the network in memory and is acknowledged by it', async () => {
    const one = await board('loopback');
    expect(open(one)).toMatchObject({ address: '/dev/made-up', network: 'loopback' });
    one.type('join');
    expect(one.take(8)).toEqual(['ready', 'ok', '+joined']);
    one.type('send');
    expect(one.take(4)).toEqual(['ok', '+delivered true']);
  });

  test('with nobody in reach its joins fail', async () => {
    const one = await board('none');
    expect(open(one).gateway).toBeUndefined();
    one.type('join');
    expect(one.take(10)).toEqual(['ready', 'ok', '+join-failed']);
  });

  test('joins a server behind UDP, through the packet forwarder of its gateway', async () => {
    const clock = steppedClock(startUs);
    const frames = mailbox<RxFrame>();
    const sent = mailbox<TxVerdict>();
    const server = await source.open(source.config.parse({ type: 'semtech-udp', port: 0 }), {
      ...{ clock, log: silent, gateways: 'any' as const, frame: frames.put },
      refused: () => undefined,
      gateway: () => undefined,
    });
    if ('problem' in server) throw new Error(server.problem.code);
    closers.push(server.close);
    const one = await board(server.address, { clock });
    const network = ladder({ ...simulatedNetwork, statusEveryMs: 0 }, registry([deviceOf(open(one).identity)]));
    const out: LadderOut = {
      copy: () => undefined,
      batch: ({ send }) => void (send && transmit(send)),
    };
    const transmit = (tx: TxFrame): void =>
      void server.send(tx).then((verdict) => {
        climb(network, { kind: 'verdict', id: tx.id, verdict, atUs: clock.nowUs() }, out);
        sent.put(verdict);
      });
    const exchange = async (): Promise<void> => {
      // Until the frame is over, and not longer: its answer is on its way in real time.
      clock.advance(clock.nowUs() + 100 * usPerMs);
      climb(network, { kind: 'frame', rx: await frames.next() }, out);
      clock.advance(ladderWakeUs(network));
      climb(network, { kind: 'tick', atUs: clock.nowUs() }, out);
      expect(await sent.next()).toBe('ok');
    };
    one.type('join');
    await exchange();
    expect(one.take(8)).toEqual(['ready', 'ok', '+joined']);
    one.type('send');
    await exchange();
    expect(one.take(4)).toEqual(['ok', '+delivered true']);
  });

  test('a target that nobody knows is a problem, and nothing is left open', async () => {
    const one = await board('carrier-pigeon');
    expect(one.opened).toMatchObject({ ok: false, problem: { code: 'unknown-target' } });
    expect(one.cable.ears).toBeUndefined();
  });

  test('a target that cannot be reached lets go of the cable', async () => {
    const one = await board('udp://nobody:99999');
    expect(one.opened).toMatchObject({ ok: false, problem: { code: 'bad-target' } });
    expect(one.cable.closed).toBe(1);
  });

  test('closes once and for all: the cable is free, no timer is left, and the save is the exact one', async () => {
    const one = await board('loopback');
    one.type('join');
    one.lines(8);
    await open(one).close();
    expect(one.cable.closed).toBe(1);
    expect(one.clock.nextUs).toBe(Infinity);
    const last = one.saves.at(-1)!;
    expect(last.modem.device.clean).toBe(true);
    const next = await board('loopback', { saved: last, clock: steppedClock(startUs + 3_600 * usPerSecond) });
    next.type('send');
    // Its session is there; the network in memory is a new one and knows nothing of it.
    expect(next.take(60).slice(0, 2)).toEqual(['ready', 'ok']);
  });

  test('a wrong key is still wrong in the next life: the network in memory knows what the board was made with', async () => {
    const one = await board('loopback');
    one.type('key');
    expect(one.take(10)).toEqual(['ready', 'ok', '+join-failed']);
    await open(one).close();
    const next = await board('loopback', { saved: one.saves.at(-1)! });
    next.type('join');
    expect(next.take(10)).toEqual(['ready', 'ok', '+join-failed']);
  });

  test('saves before it may be killed: at the start, at each join request, and in time with keys of its own', async () => {
    const one = await board('none');
    expect(one.saves.length).toBe(1);
    expect(one.saves[0]!.modem.device).toMatchObject({ clean: false, nonces: 0 });
    one.type('join');
    one.lines(10);
    await Promise.resolve();
    expect(one.saves.at(-1)!.modem.device.nonces).toBe(1);
    one.type('abp');
    const before = one.saves.length;
    for (let i = 0; i < 30; i++) {
      one.type('send');
      one.lines(60);
      await Promise.resolve();
    }
    expect(one.saves.length).toBeGreaterThan(before);
    expect(one.saves.at(-1)!.modem.counted!.length).toBe(1);
  });
});
