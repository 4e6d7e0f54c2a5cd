import { fail } from '../../../src/base/problem.js';
import { failed, ok, type Result } from '../../../src/base/result.js';
import type { BoardIdentity, BoardKeys, JoinEnd, SendEnd, Verbs } from '../../../src/console/dialect.js';
import { ask, awaitEvent, must, pause, present, say, setBaud, type Part } from '../../../src/console/script.js';
import { commands, speeds, syntax } from './table.js';

const bare = (hex: string): string => hex.replace(/[: ]/g, '').toLowerCase();

/** DevAddr, DevEUI and JoinEUI, as one question gives them. */
function* ids(): Part<Result<Pick<BoardKeys, 'devAddr' | 'devEui' | 'joinEui'>>> {
  const lines = yield* must(ok(commands.run('ids')));
  if (!lines.ok) return lines;
  const of = (word: string): string | undefined => {
    const found = lines.value.map((line) => syntax.value(line, word)).find((value) => value !== undefined);
    return found === undefined ? undefined : bare(found);
  };
  return ok({
    ...present('devAddr', of('ID=DevAddr')),
    ...present('devEui', of('ID=DevEui')),
    ...present('joinEui', of('ID=AppEui')),
  });
}

function* valueOf(name: 'version' | 'scheme' | 'mode' | 'port'): Part<string | undefined> {
  const answer = yield* ask(commands.ask(name));
  const values = answer.ok ? commands.values(name, answer.lines) : undefined;
  return values?.ok ? String(values.value[0]) : undefined;
}

/** Whether it answers at this speed. What it was woken with is lost: it is asked twice. */
function* answersAt(baud: number): Part<boolean> {
  yield* setBaud(baud);
  for (let i = 0; i < 2; i++) {
    const { lines } = yield* say('AT\r\n', { quietMs: 100, withinMs: 400 });
    if (lines.some((line) => line.includes('+AT: '))) return true;
  }
  return false;
}

export const verbs: Verbs = {
  *identify() {
    const there = yield* must(ok(commands.run('at')));
    if (!there.ok) return there;
    const firmware = yield* valueOf('version');
    const names = yield* ids();
    if (!names.ok) return names;
    const { devAddr, ...euis } = names.value;
    const region = yield* valueOf('scheme');
    const mode = yield* valueOf('mode');
    return ok<BoardIdentity>({
      ...present('firmware', firmware),
      ...euis,
      ...present('region', region),
      ...present('mode', mode),
      ...(devAddr !== undefined && { more: { devAddr } }),
    });
  },

  *readKeys() {
    // Keys go in and never come out.
    return yield* ids();
  },

  *setKeys(keys) {
    const joins = keys.appKey !== undefined || keys.nwkSKey === undefined;
    const mode = yield* must(commands.set('mode', joins ? 'LWOTAA' : 'LWABP'));
    if (!mode.ok) return mode;
    const echoed: Partial<Record<keyof BoardKeys, string>> = {};
    for (const name of ['devEui', 'joinEui', 'devAddr', 'appKey', 'nwkSKey', 'appSKey'] as const) {
      const wanted = keys[name];
      if (wanted === undefined) continue;
      const set = yield* must(commands.set(name, wanted));
      if (!set.ok) return set;
      // The answer to an order is the value that it keeps from now on, keys included.
      const word = name.endsWith('Key') ? `KEY=${name.toUpperCase()}` : undefined;
      const kept = word && set.value.map((line) => syntax.value(line, word)).find((value) => value !== undefined);
      if (word && kept === undefined) return fail('console-no-value', { word });
      if (kept) echoed[name] = bare(kept);
    }
    const names = yield* ids();
    return names.ok ? ok<BoardKeys>({ ...names.value, ...echoed }) : names;
  },

  *join({ attempts, withinMs }) {
    let why = 'no-answer';
    for (let i = 0; i < attempts; i++) {
      const answer = yield* ask({ ...commands.run('join'), withinMs });
      if (!answer.ok && answer.why !== undefined) return failed(answer.problem);
      if (answer.lines.includes('+JOIN: Joined already')) {
        const names = yield* ids();
        return ok<JoinEnd>({ joined: true, ...present('devAddr', names.ok ? names.value.devAddr : undefined) });
      }
      const { event } = yield* awaitEvent(0, ({ kind }) => kind === 'joined' || kind === 'join-failed');
      if (event?.kind === 'joined') return ok<JoinEnd>({ joined: true, ...present('devAddr', event.devAddr) });
      if (event?.kind === 'join-failed') why = event.why;
    }
    return ok<JoinEnd>({ joined: false, why });
  },

  *send({ fPort, hex, confirmed }) {
    const port = yield* must(commands.set('port', fPort));
    if (!port.ok) return port;
    const sent = yield* must(commands.set(confirmed ? 'sendConfirmed' : 'send', hex));
    if (!sent.ok) return sent;
    // All that it tells of an uplink stands before `Done`.
    const { event, before } = yield* awaitEvent(0, ({ kind }) => kind === 'sent' || kind === 'not-acknowledged');
    const told = event ? [...before, event] : before;
    const acknowledged = told.some(({ kind }) => kind === 'acknowledged');
    const heard = told.findLast((one) => one.kind === 'heard');
    return ok<SendEnd>({
      end: acknowledged ? 'acknowledged' : confirmed ? 'not-acknowledged' : 'sent',
      ...(confirmed && !acknowledged && { why: 'no-answer' }),
      downlinks: told.filter((one) => one.kind === 'downlink'),
      ...(heard && { rssiDbm: heard.rssiDbm, snrDb: heard.snrDb }),
    });
  },

  *restart() {
    const done = yield* must(ok(commands.run('reset')));
    if (!done.ok) return done;
    // It says nothing when it is back.
    yield* pause(1_000);
    return ok(undefined);
  },

  *rescue() {
    const did: string[] = [];
    const woken = yield* say('AT\r\n', { quietMs: 100, withinMs: 400 });
    if (woken.lines.includes('+LOWPOWER: WAKEUP')) did.push('woken up');
    const again = yield* say('AT\r\n', { quietMs: 100, withinMs: 400 });
    let there = again.lines.some((line) => line.includes('+AT: '));
    for (let i = 0; i < speeds.length && !there; i++) {
      const speed = speeds[i]!;
      there = yield* answersAt(Number(speed));
      if (there) did.push(`found at ${speed} baud`);
    }
    const reset = yield* must(ok(commands.run('factory')));
    if (!reset.ok) return reset;
    did.push('factory settings restored with AT+FDEFAULT');
    // Not certain whether that includes the speed of the port.
    const speed = yield* must(commands.set('speed', '9600'));
    if (speed.ok) did.push('speed of the port set to 9600 baud');
    const restarted = yield* verbs.restart();
    if (!restarted.ok) return restarted;
    yield* setBaud(9_600);
    const alive = yield* must(ok(commands.run('at')));
    return alive.ok ? ok([...did, 'restarted']) : alive;
  },
};
