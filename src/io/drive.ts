import { silent, type Log } from '../base/log.js';
import type { Machine, MachineInput, MachineOut } from '../base/machine.js';
import type { Problem } from '../base/problem.js';
import type { Result } from '../base/result.js';
import { usPerMs } from '../base/time.js';
import type { Clock } from './clock.js';
import type { Link, LinkEars } from './link.js';

/** Opens the port; called again after each loss, for the device may have come back under another name. */
export type Opener = (ears: LinkEars) => Promise<Result<Link>>;

export interface DriveSetup<Event, Order> {
  readonly machine: Machine<Event, Order>;
  readonly clock: Clock;
  readonly open: Opener;
  event?(event: Event): void;
  readonly log?: Log;
  /** Every byte, for the log of exchanges. */
  exchange?(dir: 'in' | 'out', bytes: Uint8Array): void;
  /** Milliseconds between tries for a port that went away; the last one again and again. False: its loss is the end. */
  readonly reconnect?: readonly number[] | false;
}

export interface Drive<Order> {
  order(order: Order): void;
  readonly link: Link | undefined;
  /** Resolves when it is over: with the reason, or with nothing when it was closed. */
  readonly ended: Promise<Problem | undefined>;
  /** Lets go of the port; it is free when this resolves. */
  close(): Promise<void>;
}

/** A port that comes back is there within a second; one that is broken must not be tried without an end. */
const usualReconnect = [250, 500, 1_000, 2_000, 5_000, 10_000] as const;

/** Runs a machine on a link, through losses and returns, until it is closed. */
export const drive = <Event, Order>(setup: DriveSetup<Event, Order>): Drive<Order> => {
  const { machine, clock, open, log = silent, reconnect = usualReconnect } = setup;
  const inbox: MachineInput<Order>[] = [];
  let stepping = false;
  let link: Link | undefined;
  /** The opening that counts: what an earlier one still says is not heard. */
  let turn = 0;
  let opening: Promise<void> = Promise.resolve();
  let letting: Promise<void> = Promise.resolve();
  let off = (): void => undefined;
  let offTry = (): void => undefined;
  let tries = 0;
  let met = false;
  let over = false;
  let end!: (why: Problem | undefined) => void;
  let fall!: (error: unknown) => void;
  const ended = new Promise<Problem | undefined>((resolve, reject) => {
    end = resolve;
    fall = reject;
  });

  const out: MachineOut<Event> = {
    bytes(bytes) {
      if (!link) return;
      setup.exchange?.('out', bytes);
      link.write(bytes);
    },
    line: (line) => link?.setLine(line),
    signals: (signals) => link?.setSignals(signals),
    reopen(afterMs) {
      if (!link) return;
      letGo();
      push({ kind: 'lost' });
      again(afterMs);
    },
    wakeAt(atUs) {
      off();
      off = atUs === Infinity ? () => undefined : clock.at(atUs, () => push({ kind: 'timeout' }));
    },
    event: (event) => setup.event?.(event),
  };

  const push = (input: MachineInput<Order>): void => {
    if (over) return;
    inbox.push(input);
    if (stepping) return;
    stepping = true;
    try {
      for (let next = inbox.shift(); next && !over; next = inbox.shift()) machine.step(next, clock.nowUs(), out);
    } catch (error) {
      broken(error);
    } finally {
      stepping = false;
    }
  };

  const letGo = (): void => {
    turn++;
    const old = link;
    link = undefined;
    if (old) letting = Promise.all([letting, old.close()]).then(() => undefined);
  };

  const stop = (): void => {
    over = true;
    off();
    offTry();
    letGo();
  };

  /** A promise of ours was broken: the port is let go of first, and then somebody hears of it. */
  const broken = (error: unknown): void => {
    if (over) return;
    stop();
    void letting.then(() => fall(error));
  };

  const finish = (why: Problem | undefined): void => {
    if (over) return;
    stop();
    void Promise.all([letting, opening]).then(() => end(why));
  };

  const again = (afterMs: number): void => {
    offTry = clock.at(clock.nowUs() + afterMs * usPerMs, () => void (opening = connect()));
  };

  const failedTo = (why: Problem): void => {
    // What was never there is not waited for: its name is wrong, or it belongs to somebody else.
    if (reconnect === false || !met) return finish(why);
    if (tries === 0) log('waiting_for_port', { code: why.code });
    again(reconnect[Math.min(tries, reconnect.length - 1)] ?? 1_000);
    tries++;
  };

  const connect = async (): Promise<void> => {
    const mine = ++turn;
    await letting;
    if (over || mine !== turn) return;
    const ears: LinkEars = {
      opened(line) {
        if (mine !== turn) return;
        if (tries > 0) log('port_back', { address: link?.address });
        met = true;
        tries = 0;
        push({ kind: 'opened', line });
      },
      bytes(bytes) {
        if (mine !== turn) return;
        setup.exchange?.('in', bytes);
        push({ kind: 'bytes', bytes });
      },
      lost(why) {
        if (mine !== turn) return;
        if (link?.offers) return push({ kind: 'lost' });
        letGo();
        push({ kind: 'lost' });
        failedTo(why);
      },
      line: (line) => void (mine === turn && push({ kind: 'line', line })),
      signals: (signals) => void (mine === turn && push({ kind: 'signals', signals })),
    };
    let opened: Result<Link>;
    try {
      opened = await open(ears);
    } catch (error) {
      return broken(error);
    }
    if (!opened.ok) return mine === turn && !over ? failedTo(opened.problem) : undefined;
    // Closed meanwhile: the port must not stay taken.
    if (over || mine !== turn) return opened.value.close();
    link = opened.value;
    link.start();
  };
  opening = connect();

  return {
    order: (what) => push({ kind: 'order', order: what }),
    get link() {
      return link;
    },
    ended,
    async close() {
      finish(undefined);
      await ended;
    },
  };
};
