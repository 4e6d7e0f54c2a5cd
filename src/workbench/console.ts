import { problem, type Problem } from '../base/problem.js';
import { failed, type Result } from '../base/result.js';
import type { Log } from '../base/log.js';
import type { Dialect } from '../console/dialect.js';
import type { Script } from '../console/script.js';
import type { TalkEvent } from '../console/talk-types.js';
import { talk } from '../console/talk.js';
import type { Clock } from '../io/clock.js';
import { drive, type Opener } from '../io/drive.js';

/** A board's console on a real port, or on what stands for one. */
export interface OpenConsole {
  /** Runs a conversation; it ends in bounded time, whatever the board does. */
  run<T>(script: Script<T>): Promise<Result<T>>;
  /** The lines from now on are of this console. */
  use(dialect: Dialect): void;
  baud(baud: number): void;
  /** Bytes as a person types them. */
  type(bytes: Uint8Array): void;
  /** Resolves when the port is gone for good: with the reason, or nothing when it was closed. */
  readonly ended: Promise<Problem | undefined>;
  /** Why the port is gone for good, or was never there; undefined while it may be used. */
  readonly over: Problem | undefined;
  /** The port is free when it resolves. */
  close(): Promise<void>;
}

export interface ConsoleSetup {
  readonly open: Opener;
  readonly clock: Clock;
  readonly log: Log;
  /** Waits for a port that went away, and goes on. Else its loss is the end. */
  readonly reconnect: boolean;
  event?(event: TalkEvent): void;
  /** Every byte, for the log of exchanges. */
  exchange?(dir: 'in' | 'out', bytes: Uint8Array): void;
}

/** Longer than any conversation of a console that works: a board that answers everything slowly is given up. */
const mostMs = 300_000;

/** Opens a console. Nothing is said before something is asked of it; problems of the port come with `run` and `ended`. */
export const openConsole = (setup: ConsoleSetup): OpenConsole => {
  const { clock } = setup;
  const waiting = new Map<number, (result: Result<unknown>) => void>();
  let id = 0;
  let over: Problem | undefined;
  const machine = talk();
  const cable = drive({
    machine,
    clock,
    open: setup.open,
    log: setup.log,
    ...(setup.exchange && { exchange: setup.exchange }),
    ...(!setup.reconnect && { reconnect: false as const }),
    event(event: TalkEvent) {
      if (event.kind === 'done') {
        const resolve = waiting.get(event.id);
        waiting.delete(event.id);
        resolve?.(event.result);
      }
      setup.event?.(event);
    },
  });
  const end = (what: Problem | undefined): Problem | undefined => {
    over = what ?? problem('port-lost', { doing: 'a conversation' });
    for (const resolve of waiting.values()) resolve(failed(over));
    waiting.clear();
    return what;
  };
  const ended = cable.ended.then(end);

  return {
    async run<T>(script: Script<T>) {
      if (over) return failed(over);
      const mine = ++id;
      const done = new Promise<Result<unknown>>((resolve) => waiting.set(mine, resolve));
      const off = clock.at(clock.nowUs() + mostMs * 1000, () => {
        cable.order({ kind: 'cancel', id: mine });
        waiting.get(mine)?.(failed(problem('board-silent', { command: 'a conversation', ms: mostMs })));
        waiting.delete(mine);
      });
      cable.order({ kind: 'script', id: mine, script });
      try {
        return (await done) as Result<T>;
      } finally {
        off();
      }
    },
    use: (dialect) => cable.order({ kind: 'use', dialect }),
    baud: (baud) => cable.order({ kind: 'baud', baud }),
    type: (bytes) => cable.order({ kind: 'type', bytes }),
    ended,
    get over() {
      return over;
    },
    async close() {
      await cable.close();
      await ended;
    },
  };
};
