import { failed, ok, type Result } from '../../../src/base/result.js';
import type { Answer, BoardIdentity, BoardKeys, JoinEnd, SendEnd, Verbs } from '../../../src/console/dialect.js';
import { ask, awaitEvent, must, present, type Part } from '../../../src/console/script.js';
import { bands } from './params.js';
import { afterRestart, rescue } from './rescue.js';
import { commands } from './table.js';

type Asked = Parameters<typeof commands.ask>[0];

const modes = ['P2P', 'LoRaWAN', 'FSK'];

/** The first value of an answer; undefined when the board refuses the question, a problem when it is silent. */
export function* valueOf(name: Asked): Part<Result<string | undefined>> {
  const answer: Answer = yield* ask(commands.ask(name));
  if (!answer.ok) return answer.why === undefined ? failed(answer.problem) : ok(undefined);
  const values = commands.values(name, answer.lines);
  return ok(values.ok ? String((values.value as readonly unknown[])[0]) : undefined);
}

const facts = [
  ...(['version', 'model', 'serial', 'chip', 'devEui', 'joinEui', 'band', 'mode', 'joined', 'battery'] as const),
] as const;

const keyNames = ['devEui', 'joinEui', 'appKey', 'devAddr', 'nwkSKey', 'appSKey'] as const;

/** Asks twice: noise before the first answer makes it one that nobody can read. */
function* isThere(): Part<Result<unknown>> {
  const hello = { ...commands.run('at'), withinMs: 1_000 };
  const first = yield* ask(hello);
  if (first.ok || first.why !== undefined) return first.ok ? ok(undefined) : failed(first.problem);
  return yield* must(ok(hello));
}

/** LoRaWAN mode, if it is another one: the board restarts. */
function* toLorawan(): Part<Result<void>> {
  const mode = yield* valueOf('mode');
  if (!mode.ok) return mode;
  if (mode.value === '1') return ok(undefined);
  const set = yield* must(commands.set('mode', 1));
  if (!set.ok) return set;
  yield* afterRestart();
  return ok(undefined);
}

/** What the board says of its keys; what it does not tell is absent. */
export function* readKeys(): Part<Result<BoardKeys>> {
  const keys: Record<string, string> = {};
  for (const name of keyNames) {
    const value = yield* valueOf(name);
    if (!value.ok) return value;
    if (value.value !== undefined) keys[name] = value.value;
  }
  return ok<BoardKeys>(keys);
}

/** Sets keys and the way of joining that they are for, and reads them back. */
export function* writeKeys(keys: BoardKeys): Part<Result<BoardKeys>> {
  const session = keys.nwkSKey !== undefined && keys.appSKey !== undefined && keys.devAddr !== undefined;
  const set = yield* must(commands.set('joinMode', session && keys.appKey === undefined ? 0 : 1));
  if (!set.ok) return set;
  for (const name of keyNames) {
    const value = keys[name];
    if (value === undefined) continue;
    const written = yield* must(commands.set(name, value));
    if (!written.ok) return written;
  }
  return yield* readKeys();
}

/** Joins by the board's own retries, and stops them when it was in vain. */
export function* join({ attempts, withinMs }: { attempts: number; withinMs: number }): Part<Result<JoinEnd>> {
  const mode = yield* valueOf('joinMode');
  if (!mode.ok) return mode;
  const retries = Math.min(255, Math.max(0, attempts - 1));
  const started = yield* must(commands.set('join', true, false, 8, retries));
  if (!started.ok) return started;
  let why: string | undefined;
  // With ABP there is nobody to wait for, and no event.
  for (let i = 0; mode.value !== '0' && i <= retries; i++) {
    const { event } = yield* awaitEvent(withinMs, ({ kind }) => kind === 'joined' || kind === 'join-failed');
    if (event?.kind === 'joined') return yield* joinedAs();
    why = event?.kind === 'join-failed' ? event.why : 'no-answer';
    if (!event) break;
  }
  const joined = yield* valueOf('joined');
  if (joined.ok && joined.value === 'true') return yield* joinedAs();
  yield* must(commands.set('join', false, undefined, undefined, undefined));
  return ok<JoinEnd>({ joined: false, why: why ?? 'no-answer' });
}

function* joinedAs(): Part<Result<JoinEnd>> {
  const devAddr = yield* valueOf('devAddr');
  return ok<JoinEnd>({ joined: true, ...present('devAddr', devAddr.ok ? devAddr.value : undefined) });
}

const sentMs = 30_000;
/** Eight transmissions, each with its windows, and the duty cycle between them. */
const confirmedMs = 120_000;

/** Sends and waits for the end that the board tells, and for what came down with it. */
export function* send({ fPort, hex, confirmed }: Parameters<Verbs['send']>[0]): Part<Result<SendEnd>> {
  const set = yield* must(commands.set('confirm', confirmed));
  if (!set.ok) return set;
  const started = yield* must(commands.set('send', fPort, hex));
  if (!started.ok) return started;
  const { event, before } = yield* awaitEvent(confirmed ? confirmedMs : sentMs, ({ kind }) =>
    confirmed ? kind === 'acknowledged' || kind === 'not-acknowledged' : kind === 'sent',
  );
  // The firmware tells the end of an uplink before what came down with it.
  const after = yield* awaitEvent(400, () => false);
  const news = [...before, ...after.before];
  const downlinks = news.filter((one) => one.kind === 'downlink');
  const acknowledged = event?.kind === 'acknowledged';
  const heard = downlinks.at(-1) ?? (acknowledged ? yield* lastHeard() : {});
  const why = event?.kind === 'not-acknowledged' ? event.why : 'no-answer';
  return ok<SendEnd>({
    end: acknowledged ? 'acknowledged' : confirmed ? 'not-acknowledged' : 'sent',
    ...(confirmed && !acknowledged && { why }),
    downlinks,
    ...present('rssiDbm', heard.rssiDbm),
    ...present('snrDb', heard.snrDb),
  });
}

/** How an acknowledgement without payload was heard: it has no event of its own. */
function* lastHeard(): Part<{ readonly rssiDbm?: number; readonly snrDb?: number }> {
  const rssi = yield* valueOf('rssi');
  const snr = yield* valueOf('snr');
  const number = (value: Result<string | undefined>): number | undefined =>
    value.ok && value.value !== undefined ? Number(value.value) : undefined;
  return { ...present('rssiDbm', number(rssi)), ...present('snrDb', number(snr)) };
}

export const verbs: Verbs = {
  *identify() {
    const there = yield* isThere();
    if (!there.ok) return there;
    const told: Partial<Record<(typeof facts)[number], string>> = {};
    for (const name of facts) {
      const value = yield* valueOf(name);
      if (!value.ok) return value;
      if (value.value !== undefined) told[name] = value.value;
    }
    const region = bands[Number(told.band?.replace(/^8-([1-4])$/, (_, n) => String(7 + Number(n))))];
    return ok<BoardIdentity>({
      ...present('model', told.model),
      ...present('firmware', told.version),
      ...present('chip', told.chip),
      ...present('serial', told.serial),
      ...present('devEui', told.devEui),
      ...present('joinEui', told.joinEui),
      ...present('region', region),
      ...present('mode', modes[Number(told.mode)]),
      ...present('joined', told.joined === undefined ? undefined : told.joined === 'true'),
      ...present('batteryV', told.battery === undefined ? undefined : Number(told.battery)),
    });
  },

  readKeys: () => readKeys(),

  *setKeys(keys) {
    const ready = yield* toLorawan();
    return ready.ok ? yield* writeKeys(keys) : ready;
  },

  join: (how) => join(how),
  send: (uplink) => send(uplink),

  *restart() {
    const done = yield* must(ok(commands.run('restart')));
    if (!done.ok) return done;
    yield* afterRestart();
    return ok(undefined);
  },

  rescue: () => rescue(),
};
