import { homedir } from 'node:os';
import { join } from 'node:path';
import { problem, StellwerkError, UsageError } from '../base/problem.js';
import { hideKeys } from '../console/hide.js';
import type { PlugFacts } from '../console/guess.js';
import type { TalkEvent } from '../console/talk-types.js';
import { wallClock } from '../io/clock.js';
import { openExchangeLog, type ExchangeLog } from '../io/exchange-log.js';
import { lineLog } from '../io/log.js';
import { openLink, portNameOf } from '../io/open-link.js';
import { listPorts, type PortInfo } from '../io/ports.js';
import type { ResetMode } from '../io/serial.js';
import { openBoard, type MetBoard as Met } from '../workbench/meet.js';
import { catalogueOf, textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

/** A board on a port, and what the person said of it. */
export interface MetBoard extends Met {
  readonly baud: number | undefined;
  /** Set with `--console`: nothing needs to be found out. */
  readonly given: { readonly console: string; readonly baud?: number } | undefined;
}

export interface Hooks {
  readonly verb: string;
  readonly reconnect: boolean;
  /** Ctrl-C is its usual end; whoever owes an answer fails when it is stopped. */
  readonly endless?: true;
  event?(event: TalkEvent): void;
  exchange?(dir: 'in' | 'out', bytes: Uint8Array): void;
}

/** The port that is meant: the one that was named, or the only one that is there. */
const choose = async (
  named: string | undefined,
): Promise<{ readonly address: string; readonly plug: PortInfo | undefined }> => {
  const ports = await listPorts();
  if (named !== undefined)
    return { address: named, plug: ports.find(({ path, byId }) => path === named || byId === named) };
  const there = ports.filter(({ hidden }) => hidden === undefined);
  const [only, other] = there;
  if (!only) throw new StellwerkError(problem('port-none'));
  if (other)
    throw new StellwerkError(
      problem('port-which', { count: there.length, ports: there.map(({ path }) => path).join(', ') }),
    );
  return { address: only.path, plug: only };
};

/** Where the same device is now: boards with USB of their own come back under another name. */
const again = async (address: string, plug: PlugFacts | undefined): Promise<string> => {
  if (!plug?.serialNumber) return address;
  const ports = await listPorts();
  const same = (port: PortInfo): boolean => port.serialNumber === plug.serialNumber && port.vendorId === plug.vendorId;
  return ports.find((port) => port.path === address && same(port))?.path ?? ports.find(same)?.path ?? address;
};

/** The file for every exchange of a port, in the person's own state folder (XDG base directories). */
const usualLog = (address: string, env: Shell['env']): string => {
  const windows = process.platform === 'win32' ? env['LOCALAPPDATA'] : undefined;
  const folder = windows ?? env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
  const name = address.replace(/^\/dev\//, '').replace(/[^A-Za-z0-9._-]+/g, '-');
  return join(folder, 'stellwerk', 'serial', `${name}.log`);
};

/** Opens the port of a command, hands it over, and lets go of it whatever happens. */
export const withBoard = async (
  args: Args,
  shell: Shell,
  hooks: Hooks,
  use: (board: MetBoard) => Promise<void>,
): Promise<void> => {
  const clock = wallClock();
  const named = textOf(args, 'port');
  if (named !== undefined) {
    const name = portNameOf(named);
    if (!name.ok) throw new UsageError(name.problem);
  }
  const baud = args['baud'] === undefined ? undefined : Number(args['baud']);
  if (baud !== undefined && (!Number.isInteger(baud) || baud < 50 || baud > 4_000_000))
    throw new UsageError(
      problem('wrong-usage', {
        verb: `board ${hooks.verb}`,
        why: `--baud ${String(args['baud'])}: expected is 50 to 4000000`,
      }),
    );
  const console = textOf(args, 'console');
  const catalogue = await catalogueOf(args, shell);
  // Before a port is touched: a slip in a name must not cost a reset.
  if (console !== undefined) {
    const there = await catalogue.load('consoles', console);
    if (!there.ok) throw new UsageError(there.problem);
  }
  const { address, plug } = await choose(named);
  if (named === undefined) shell.talk(`asking ${address}, the only port that is there`);
  const reset = (textOf(args, 'reset') ?? 'never') as ResetMode;
  const file = args['log'] === false ? undefined : (textOf(args, 'log') ?? usualLog(address, shell.env));
  const openLog = async (): Promise<ExchangeLog | undefined> => {
    if (file === undefined) return undefined;
    const kept = await openExchangeLog({ file, clock, hide: hideKeys });
    if (kept.ok) return kept.value;
    // A log that a person asked for must be there; the usual one is a convenience.
    if (textOf(args, 'log') !== undefined) throw new StellwerkError(kept.problem);
    return undefined;
  };
  let log = textOf(args, 'log') === undefined ? undefined : await openLog();
  let first = true;
  const board = await openBoard({
    address,
    plug: plug ?? {},
    async open(ears) {
      const at = first ? address : await again(address, plug);
      const [wasFirst, how] = [first, first ? reset : 'never'] as const;
      first = false;
      const link = await openLink(at, { reset: how, ...(baud !== undefined && { line: { baud } }) }, ears);
      // A port that cannot be opened leaves no file behind.
      if (link.ok && wasFirst) log ??= await openLog();
      return link;
    },
    catalogue,
    clock,
    log: lineLog(shell.talk, { clock, json: false }),
    reconnect: hooks.reconnect,
    ...(console !== undefined && { console }),
    ...(baud !== undefined && { baud }),
    ...(hooks.event && { event: hooks.event }),
    exchange(dir, bytes) {
      log?.heard(dir, bytes);
      hooks.exchange?.(dir, bytes);
    },
    trying: ({ baud: at, bytes }) => {
      if (shell.terminal) shell.talk(shell.paint.dim(`  ${at} baud: ${bytes.trim()}?`));
    },
  });
  const awake = setInterval(() => undefined, 60_000);
  const stopped = new Promise<'stopped'>((resolve) => {
    if (shell.stop.aborted) resolve('stopped');
    shell.stop.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
  try {
    const given = console === undefined ? undefined : { console, ...(baud !== undefined && { baud }) };
    const end = await Promise.race([use({ ...board, baud, given }), stopped]);
    if (end === 'stopped' && !hooks.endless)
      throw new StellwerkError(problem('board-stopped', { what: `board ${hooks.verb}` }));
  } finally {
    clearInterval(awake);
    await board.close();
    await log?.close();
  }
};
