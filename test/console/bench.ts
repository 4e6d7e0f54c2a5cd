import { dice } from '../../src/base/dice.js';
import type { Machine } from '../../src/base/machine.js';
import type { Result } from '../../src/base/result.js';
import { wire, type Wire, type WireOptions } from '../../src/base/wire.js';
import type { Dialect } from '../../src/console/dialect.js';
import type { BoardEvent } from '../../src/console/events.js';
import type { Script } from '../../src/console/script.js';
import type { TalkEvent, TalkOrder } from '../../src/console/talk-types.js';
import { talk } from '../../src/console/talk.js';
import type { Modem, ModemEvent } from '../../src/sim/modem-types.js';
import type { Flash, TwinEvent, VirtualConsole } from '../../src/sim/twin.js';

export interface Bench {
  readonly wire: Wire<TalkOrder, ModemEvent>;
  readonly events: BoardEvent[];
  readonly lines: (TalkEvent & { readonly kind: 'line' })[];
  readonly told: TwinEvent[];
  /** What the board sent, Latin-1, since the last `take`. */
  take(): string;
  /** Runs a conversation to its end, for at most this long; undefined when it has none. */
  run<T>(script: Script<T>, withinMs?: number): Result<T> | undefined;
  /** How long the last conversation took. */
  readonly tookMs: number;
  /** Sends bytes as a person types them and gives what comes back within this time. */
  type(text: string, forMs?: number): string;
  tell(event: ModemEvent): void;
  /** The console hears these bytes as if the board had sent them. */
  hear(bytes: Uint8Array): void;
}

/** A console and its make-believe board on a wire in virtual time. */
export const bench = (
  setup: {
    readonly dialect?: Dialect;
    readonly twin: VirtualConsole;
    readonly modem: Modem;
    readonly board?: string;
    readonly flash?: Flash;
    /** 16 hex digits. */
    readonly serial?: string;
  },
  options: WireOptions = {},
): Bench => {
  const { dialect, twin, modem } = setup;
  const events: BoardEvent[] = [];
  const lines: (TalkEvent & { readonly kind: 'line' })[] = [];
  const told: TwinEvent[] = [];
  const done = new Map<number, Result<unknown>>();
  let sent = '';
  const far = twin.open({
    modem,
    board: setup.board ?? twin.boards[0]!,
    dice: dice('bench', 'twin'),
    serial: setup.serial ?? '9181004e20900057',
    ...(setup.flash && { flash: setup.flash }),
  });
  let inject: Uint8Array | undefined;
  const listened: Machine<TwinEvent, ModemEvent> = {
    step(input, nowUs, out) {
      if (inject) out.bytes(inject);
      inject = undefined;
      far.step(input, nowUs, {
        ...out,
        bytes(bytes) {
          sent += String.fromCharCode(...bytes);
          out.bytes(bytes);
        },
      });
    },
  };
  const cable = wire<TalkEvent, TalkOrder, TwinEvent, ModemEvent>(
    {
      machine: talk(),
      event(event) {
        if (event.kind === 'event') events.push(event.event);
        if (event.kind === 'line') lines.push(event);
        if (event.kind === 'done') done.set(event.id, event.result);
      },
    },
    { machine: listened, event: (event) => void told.push(event) },
    { line: { baud: twin.baud }, ...options },
  );
  cable.open();
  cable.advance(0);
  if (dialect) cable.tell({ kind: 'use', dialect });
  let id = 0;
  const take = (): string => {
    const all = sent;
    sent = '';
    return all;
  };
  let tookMs = 0;
  return {
    wire: cable,
    events,
    lines,
    told,
    take,
    get tookMs() {
      return tookMs;
    },
    run<T>(script: Script<T>, withinMs = 60_000) {
      const mine = ++id;
      cable.tell({ kind: 'script', id: mine, script });
      const fromUs = cable.nowUs;
      const untilUs = fromUs + withinMs * 1000;
      while (!done.has(mine)) {
        if (cable.nextUs > untilUs) break;
        cable.advance(cable.nextUs);
      }
      tookMs = (cable.nowUs - fromUs) / 1000;
      return done.get(mine) as Result<T> | undefined;
    },
    type(text, forMs = 1_000) {
      take();
      cable.tell({ kind: 'type', bytes: Uint8Array.from(text, (c) => c.charCodeAt(0)) });
      cable.advance(cable.nowUs + forMs * 1000);
      return take();
    },
    hear(bytes) {
      // With the next thing that happens to the board, which is nothing.
      inject = bytes;
      cable.tell({ kind: 'baud', baud: twin.baud });
      cable.advance(cable.nowUs);
    },
    tell(event) {
      cable.tellFar(event);
      cable.advance(cable.nowUs);
    },
  };
};
