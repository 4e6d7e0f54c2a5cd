import { describe, must, problem, StellwerkError, UsageError } from '../base/problem.js';
import { nearest } from '../base/nearest.js';
import { toHex } from '../base/hex.js';
import { isoFromUs, usPerMs } from '../base/time.js';
import type { Catalogue } from '../catalogue.js';
import { jsonList } from '../config/device-text.js';
import { wallClock } from '../io/clock.js';
import { readText, writeAtomic } from '../io/disk.js';
import { offerLink } from '../io/offer.js';
import { lineLog } from '../io/log.js';
import { silent } from '../base/log.js';
import { isSavedModem } from '../sim/modem.js';
import type { ModemEvent } from '../sim/modem-types.js';
import { twinFaults, type TwinFault } from '../sim/twin-faults.js';
import type { TwinEvent, VirtualConsole } from '../sim/twin.js';
import { openVirtual, type SavedBoard } from '../workbench/virtual.js';
import { catalogueOf, spanOf, textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

const wrong = (why: string): UsageError => new UsageError(problem('wrong-usage', { verb: 'virtual board', why }));

/** The firmware that plays a board, and the board's id; a name may leave its maker out. */
const twinOf = async (
  catalogue: Catalogue,
  named: string,
  console: string | undefined,
): Promise<{ readonly twin: VirtualConsole; readonly board: string }> => {
  const twins = (await catalogue.all('twins')).map(({ entry }) => must(entry));
  const fits = twins.filter(({ id }) => console === undefined || id === console);
  if (fits.length === 0) throw wrong(`--console ${console}: there are ${twins.map(({ id }) => id).join(', ')}`);
  const all = [...new Set(fits.flatMap(({ boards }) => boards))];
  const wanted = named.toLowerCase();
  const board = all.find((id) => id === wanted) ?? all.find((id) => id.endsWith(`-${wanted}`));
  const twin = board === undefined ? undefined : fits.find(({ boards }) => boards.includes(board));
  if (!twin || board === undefined)
    throw new UsageError(
      problem('unknown-virtual-board', { board: named, known: nearest(wanted, all).join(', ') || all.join(', ') }),
    );
  return { twin, board };
};

const faultOf = (args: Args): TwinFault | undefined => {
  const named = textOf(args, 'fault');
  if (named === undefined) return undefined;
  if (!Object.hasOwn(twinFaults, named))
    throw wrong(`--fault ${named}: there are ${Object.keys(twinFaults).join(', ')}`);
  return named as TwinFault;
};

/** What the file of `--state` holds; it belongs to one board and seed. */
const savedOf = async (file: string | undefined, whose: string): Promise<SavedBoard | undefined> => {
  if (file === undefined) return undefined;
  const text = await readText(file);
  if (!text.ok) {
    if (text.problem.code === 'file-missing') return undefined;
    throw new StellwerkError(text.problem);
  }
  try {
    const read = JSON.parse(text.value) as { readonly board?: string; readonly saved?: SavedBoard };
    if (read.board === whose && isSavedModem(read.saved?.modem)) return read.saved;
  } catch {
    // Said below.
  }
  throw new StellwerkError(problem('virtual-state-foreign', { file, board: whose }));
};

/** What happens on the board, in a line; undefined where its console says it in full. */
const words = (event: TwinEvent | ModemEvent): string | undefined => {
  switch (event.kind) {
    case 'note':
      return event.text;
    case 'joined':
      return `joined as ${event.devAddr.toString(16).padStart(8, '0')}`;
    case 'join-failed':
      return 'join request without an answer';
    case 'sent':
      return 'uplink sent';
    case 'delivered':
      return event.acknowledged ? 'uplink acknowledged' : 'uplink not acknowledged';
    case 'downlink':
      return `downlink on port ${event.fPort}: ${toHex(event.bytes)}`;
    default:
      return undefined;
  }
};

/** `stellwerk virtual board`. */
export const run = async (args: Args, shell: Shell): Promise<void> => {
  if (textOf(args, 'fault') === 'list') {
    if (shell.json) return shell.out(JSON.stringify(twinFaults));
    return Object.entries(twinFaults).forEach(([name, what]) => shell.out(`${name.padEnd(12)} ${what}`));
  }
  const fault = faultOf(args);
  const forMs = spanOf(args, 'for', 'virtual board');
  const catalogue = await catalogueOf(args, shell);
  const { twin, board } = await twinOf(catalogue, textOf(args, 'board')!, textOf(args, 'console'));
  const seed = textOf(args, 'seed') ?? '1';
  const file = textOf(args, 'state');
  const whose = `${board} ${seed}`;
  const saved = await savedOf(file, whose);
  const kind = (textOf(args, 'link') ?? (process.platform === 'win32' ? 'tcp' : 'pty')) as 'pty' | 'tcp' | 'rfc2217';
  const port = Number(args['port'] ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw wrong('--port: expected is 0 to 65535');
  if (port !== 0 && kind === 'pty') throw wrong('--port belongs to --link tcp or rfc2217: a pseudo-terminal has none');
  const host = textOf(args, 'host') ?? '127.0.0.1';
  const at = textOf(args, 'at');
  if (at !== undefined && kind !== 'pty') throw wrong('--at names a pseudo-terminal: it belongs to --link pty');
  const to = textOf(args, 'joinedTo') ?? 'loopback';
  const clock = wallClock();
  const result = await openVirtual({
    twin,
    board,
    seed,
    to,
    catalogue,
    clock,
    log: shell.json ? silent : lineLog(shell.talk, { clock, json: false }),
    offer: (ears) => offerLink({ kind, host, port, ...(at !== undefined && { at }) }, ears),
    ...(fault && { fault }),
    ...(saved && { saved }),
    ...(file !== undefined && {
      async save(what: SavedBoard) {
        const written = await writeAtomic(file, JSON.stringify({ board: whose, saved: what }), { secret: true });
        if (!written.ok) shell.talk(describe(written.problem));
      },
    }),
    event(event) {
      const text = words(event);
      if (text === undefined) return;
      if (shell.json) shell.out(JSON.stringify({ time: isoFromUs(clock.nowUs()), event: event.kind, text }));
      else shell.talk(`${isoFromUs(clock.nowUs()).slice(11, 23)}  ${text}`);
    },
  });
  if (!result.ok && result.problem.code === 'unknown-target') throw new UsageError(result.problem);
  const opened = must(result);
  // An open port of ours does not keep a process alive on every system.
  const awake = setInterval(() => undefined, 60_000);
  try {
    const { devEui, joinEui } = opened.identity;
    const devices = textOf(args, 'devices');
    if (devices !== undefined) await writeKeys(devices, { board, lorawan: twin.profile.lorawan, opened, shell });
    if (shell.json)
      shell.out(
        JSON.stringify({
          port: opened.address,
          board,
          console: twin.id,
          baud: twin.baud,
          devEui,
          joinEui,
          network: opened.network,
        }),
      );
    else {
      shell.out(opened.address);
      shell.talk(`${board} with ${twin.id} at ${twin.baud} baud; DevEUI ${devEui}, JoinEUI ${joinEui}`);
      shell.talk(
        to === 'none'
          ? 'No gateway is in reach: its joins fail.'
          : `Its gateway ${opened.gateway} reports to ${opened.network}.`,
      );
      if (to.startsWith('udp:') && file === undefined)
        shell.talk(
          'Without --state it forgets its nonces: a server that remembers them refuses its joins the next time.',
        );
      shell.talk(`Try: npx stellwerk board identify ${opened.address}   (Ctrl-C ends the board)`);
    }
    await Promise.race([
      opened.ended.then((why) => {
        if (why) throw new StellwerkError(why);
      }),
      new Promise<void>((resolve) => {
        if (shell.stop.aborted) resolve();
        shell.stop.addEventListener('abort', () => resolve(), { once: true });
        if (forMs !== undefined) clock.at(clock.nowUs() + forMs * usPerMs, resolve);
      }),
    ]);
  } finally {
    clearInterval(awake);
    await opened.close();
  }
};

const writeKeys = async (
  file: string,
  what: {
    readonly board: string;
    readonly lorawan: string;
    readonly opened: { readonly identity: { devEui: string; joinEui: string; appKey: Uint8Array } };
    readonly shell: Shell;
  },
): Promise<void> => {
  const { devEui, joinEui, appKey } = what.opened.identity;
  const there = await readText(file);
  if (there.ok) throw new StellwerkError(problem('file-exists', { file }));
  const device = {
    devEui,
    bay: what.board,
    model: 'generic-cayenne',
    lorawan: what.lorawan,
    otaa: { joinEui, appKey: toHex(appKey) },
  };
  must(await writeAtomic(file, jsonList([device] as never), { secret: true }));
  what.shell.talk(`${file}: its keys, readable by you alone; a gateway that takes them says simulation: true`);
};
