import { failed, ok, type Result } from '../../../src/base/result.js';
import type { BoardIdentity, BoardKeys, JoinEnd, SendEnd, Verbs } from '../../../src/console/dialect.js';
import type { BoardEvent } from '../../../src/console/events.js';
import { ask, awaitEvent, must, present, say, type Part } from '../../../src/console/script.js';
import { commands } from './table.js';

type Asked = Parameters<typeof commands.ask>[0];

/** An uplink and a downlink at the slowest rate. */
const airMs = 6_000;
/** Of a confirmed uplink. */
const mostTries = 8;

/**
 * The value of an answer; undefined when the board refuses the question or answers something else, a problem when it is
 * silent. Values stand alone, and traces of the firmware (`AT+VL`) may stand before them.
 */
function* valueOf(name: Asked): Part<Result<string | undefined>> {
  const answer = yield* ask(commands.ask(name));
  if (!answer.ok) return answer.why === undefined ? failed(answer.problem) : ok(undefined);
  const values = commands.values(name, answer.lines);
  return ok(values.ok ? String(values.value[0]) : undefined);
}

export const verbs: Verbs = {
  *identify() {
    const there = yield* must(ok(commands.run('at')));
    if (!there.ok) return there;
    const version = yield* ask(commands.ask('version'));
    const lines = version.ok ? version.lines.filter((line) => /^\w+_VERSION: /.test(line)) : [];
    const facts = Object.fromEntries(lines.map((line) => line.split(/:\s*/, 2) as [string, string]));
    const devEui = yield* valueOf('devEui');
    if (!devEui.ok) return devEui;
    const joinEui = yield* valueOf('joinEui');
    const region = yield* valueOf('band');
    const battery = yield* valueOf('battery');
    return ok<BoardIdentity>({
      ...present('firmware', facts['APPLICATION_VERSION'] ?? facts['APP_VERSION']),
      ...present('devEui', devEui.value),
      ...present('joinEui', joinEui.ok ? joinEui.value : undefined),
      ...present('region', region.ok ? region.value?.split(':')[1] : undefined),
      ...(battery.ok && battery.value !== undefined && { batteryV: Number(battery.value) / 1000 }),
      ...(lines.length > 0 && { more: facts }),
    });
  },

  *readKeys() {
    const keys: Record<string, string> = {};
    for (const name of ['devEui', 'joinEui', 'appKey', 'devAddr', 'nwkSKey', 'appSKey'] as const) {
      const value = yield* valueOf(name);
      if (!value.ok) return value;
      if (value.value !== undefined) keys[name] = value.value;
    }
    return ok<BoardKeys>(keys);
  },

  *setKeys(keys) {
    for (const name of ['devEui', 'joinEui', 'appKey', 'devAddr', 'nwkSKey', 'appSKey'] as const) {
      const value = keys[name];
      if (value === undefined) continue;
      const set = yield* must(commands.set(name, value));
      if (!set.ok) return set;
    }
    // LoRaWAN 1.0.x has one root key; a firmware made for 1.1 joins with the other name of it.
    if (keys.appKey !== undefined) yield* must(commands.set('nwkKey', keys.appKey));
    // Until it is stored a restart loses it. Older firmware has no flash for it and does not know the word.
    const stored = yield* ask(commands.run('store'));
    if (!stored.ok && stored.why === undefined) return failed(stored.problem);
    return yield* verbs.readKeys();
  },

  *join({ attempts, withinMs }) {
    let why = 'no-answer';
    for (let i = 0; i < attempts; i++) {
      const started = yield* must(commands.set('join', 1));
      if (!started.ok) return started;
      const { event } = yield* awaitEvent(withinMs, ({ kind }) => kind === 'joined' || kind === 'join-failed');
      if (event?.kind === 'joined') return ok<JoinEnd>({ joined: true });
      if (event?.kind === 'join-failed') why = event.why;
    }
    return ok<JoinEnd>({ joined: false, why });
  },

  *send({ fPort, hex, confirmed }) {
    // How long the second window may come after the uplink.
    const windows = yield* valueOf('rxDelay2');
    if (!windows.ok) return windows;
    const windowsMs = Number(windows.value ?? 2_000) + airMs;
    const started = yield* must(commands.set('send', fPort, confirmed, hex));
    if (!started.ok) return started;
    // This firmware tells the acknowledgement, and what came down; that an uplink is over it does not tell.
    const over = (one: BoardEvent): boolean =>
      confirmed
        ? one.kind === 'acknowledged' || one.kind === 'not-acknowledged'
        : one.kind === 'heard' && (one.window === 'rx1' || one.window === 'rx2');
    const { event, before } = yield* awaitEvent(confirmed ? mostTries * windowsMs : windowsMs, over);
    const acknowledged = event?.kind === 'acknowledged';
    // What came down with the acknowledgement is told after it.
    const more = acknowledged
      ? yield* awaitEvent(500, ({ kind }) => kind === 'heard')
      : { before: [], event: undefined };
    const told = [...before, event, ...more.before, more.event].filter((one) => one !== undefined);
    const heard = told.findLast((one) => one.kind === 'heard');
    return ok<SendEnd>({
      end: acknowledged ? 'acknowledged' : confirmed ? 'not-acknowledged' : 'sent',
      ...(confirmed && !acknowledged && { why: 'no-answer' }),
      downlinks: told.filter((one) => one.kind === 'downlink'),
      ...(heard && { rssiDbm: heard.rssiDbm, snrDb: heard.snrDb }),
    });
  },

  *restart() {
    const done = yield* must(ok(commands.run('restart')));
    return done.ok ? ok(undefined) : done;
  },

  *rescue() {
    const did: string[] = [];
    // A tone or a test goes on until it is stopped, and half a command may stand in the buffer.
    yield* say('\r\n', { quietMs: 100, withinMs: 400 });
    const stopped = yield* ask(commands.run('testOff'));
    if (!stopped.ok && stopped.why === undefined) return failed(stopped.problem);
    if (stopped.ok) did.push('radio tests stopped with AT+TOFF');
    const reset = yield* ask(commands.run('factory'));
    if (reset.ok) did.push('factory settings restored with AT+RFS');
    else {
      // Older firmware keeps nothing: a restart is all that it needs.
      const restarted = yield* verbs.restart();
      if (!restarted.ok) return restarted;
      did.push('restarted with ATZ, which is all that this firmware knows');
    }
    const there = yield* must(ok(commands.run('at')));
    return there.ok ? ok(did) : there;
  },
};
