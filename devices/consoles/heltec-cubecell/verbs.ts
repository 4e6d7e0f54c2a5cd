import { fail } from '../../../src/base/problem.js';
import { failed, ok, type Result } from '../../../src/base/result.js';
import {
  commandsOf,
  type BoardIdentity,
  type BoardKeys,
  type JoinEnd,
  type SendEnd,
  type Verbs,
} from '../../../src/console/dialect.js';
import type { BoardEvent } from '../../../src/console/events.js';
import { ask, awaitEvent, must, pause, present, say, type Part } from '../../../src/console/script.js';
import { syntax, table } from './table.js';

export const commands = commandsOf(table, syntax);
type Asked = Parameters<typeof commands.ask>[0];
type Value<N extends Asked> = (typeof table)[N]['read'][0] extends { read(text: string): Result<infer T> } ? T : never;

const keyNames = ['devEui', 'joinEui', 'appKey', 'devAddr', 'nwkSKey', 'appSKey'] as const;

/**
 * Wakes the board and clears the way: it sleeps by default and does not read what wakes it, and what stands in the line
 * before an answer would be a part of it.
 */
function* wake(): Part<void> {
  yield* say(syntax.ask('ChipID'), { quietMs: 120, withinMs: 400 });
}

/** The value of a question; undefined when the board refuses it, a problem when it is silent. */
function* valueOf<N extends Asked>(name: N): Part<Result<Value<N> | undefined>> {
  const answer = yield* ask(commands.ask(name));
  if (!answer.ok) return answer.why === undefined ? failed(answer.problem) : ok(undefined);
  const values = commands.values(name, answer.lines);
  return ok(values.ok ? ((values.value as readonly unknown[])[0] as Value<N>) : undefined);
}

function* readKeys(): Part<Result<BoardKeys>> {
  const keys: Record<string, string> = {};
  for (const name of keyNames) {
    const value = yield* valueOf(name);
    if (!value.ok) return value;
    if (value.value !== undefined) keys[name] = value.value;
  }
  return ok(keys);
}

const never = (): boolean => false;
const waitS = 90;

/** Waits until the MAC is at rest: no line tells that an uplink is over. Gives what was heard meanwhile. */
function* untilRest(): Part<Result<readonly BoardEvent[]>> {
  const heard: BoardEvent[] = [];
  for (let halves = 0; halves < 2 * waitS; halves++) {
    heard.push(...(yield* awaitEvent(500, never)).before);
    const busy = yield* valueOf('busy');
    if (!busy.ok) return busy;
    if (busy.value === true) continue;
    // A firmware that does not know the question: both windows of any data rate are past after this.
    heard.push(...(yield* awaitEvent(busy.value === undefined ? 8_000 : 200, never)).before);
    return ok(heard);
  }
  return fail('uplink-waits', { seconds: waitS });
}

export const verbs: Verbs = {
  *identify() {
    yield* wake();
    const lines = yield* must(ok(commands.ask('chipId')));
    if (!lines.ok) return lines;
    const chip = commands.values('chipId', lines.value);
    const devEui = yield* valueOf('devEui');
    if (!devEui.ok) return devEui;
    const joinEui = yield* valueOf('joinEui');
    const lorawan = yield* valueOf('lorawan');
    const otaa = yield* valueOf('otaa');
    const deviceClass = yield* valueOf('deviceClass');
    const more = {
      ...(otaa.ok && otaa.value !== undefined && { OTAA: otaa.value ? '1' : '0' }),
      ...(deviceClass.ok && deviceClass.value !== undefined && { Class: deviceClass.value }),
    };
    return ok<BoardIdentity>({
      model: 'CubeCell',
      ...(chip.ok && { serial: chip.value[0] }),
      ...present('devEui', devEui.value),
      ...present('joinEui', joinEui.ok ? joinEui.value : undefined),
      ...(lorawan.ok && lorawan.value !== undefined && { mode: lorawan.value ? 'lorawan' : 'p2p' }),
      ...(Object.keys(more).length > 0 && { more }),
    });
  },

  *readKeys() {
    yield* wake();
    return yield* readKeys();
  },

  *setKeys(keys) {
    yield* wake();
    // Keys are refused in LoRa mode.
    const mode = yield* must(commands.set('lorawan', true));
    if (!mode.ok) return mode;
    const told: Record<string, string> = {};
    for (const name of keyNames) {
      const wanted = keys[name];
      if (wanted === undefined) continue;
      const set = yield* must(commands.set(name, wanted));
      if (!set.ok) return set;
      const value = commands.values(name, set.value);
      if (!value.ok) continue;
      if (value.value[0] !== wanted.toLowerCase()) return fail('board-kept-another', { name: table[name].word });
      told[name] = value.value[0];
    }
    const joins = keys.appKey !== undefined;
    if (joins || keys.nwkSKey !== undefined) {
      const activation = yield* must(commands.set('otaa', joins));
      if (!activation.ok) return activation;
    }
    const kept = yield* readKeys();
    // Which questions a firmware answers is not documented: what it told when it was set counts as well.
    return kept.ok ? ok({ ...told, ...kept.value }) : kept;
  },

  *join({ attempts, withinMs }) {
    yield* wake();
    const otaa = yield* valueOf('otaa');
    if (!otaa.ok) return otaa;
    let why = 'no-answer';
    for (let i = 0; i < attempts; i++) {
      const started = yield* must(ok(commands.run('join')));
      if (!started.ok) return started;
      if (otaa.value === false) {
        const devAddr = yield* valueOf('devAddr');
        return ok<JoinEnd>({ joined: true, ...present('devAddr', devAddr.ok ? devAddr.value : undefined) });
      }
      const { event } = yield* awaitEvent(withinMs, ({ kind }) => kind === 'joined' || kind === 'join-failed');
      if (event?.kind === 'joined') return ok<JoinEnd>({ joined: true });
      if (event?.kind === 'join-failed') why = event.why;
    }
    return ok<JoinEnd>({ joined: false, why });
  },

  *send({ fPort, hex, confirmed }) {
    yield* wake();
    const port = yield* must(commands.set('port', fPort));
    if (!port.ok) return port;
    const kind = yield* must(commands.set('confirmed', confirmed));
    if (!kind.ok) return kind;
    const started = yield* must(commands.set('sendHex', hex));
    if (!started.ok) return started;
    const rest = yield* untilRest();
    if (!rest.ok) return rest;
    const downlinks = rest.value.filter((one) => one.kind === 'downlink');
    const heard = rest.value.findLast((one) => one.kind === 'heard');
    const level = heard && { rssiDbm: heard.rssiDbm, snrDb: heard.snrDb };
    const lost = rest.value.find((one) => one.kind === 'not-acknowledged');
    if (lost) return ok<SendEnd>({ end: 'not-acknowledged', why: lost.why, downlinks, ...level });
    if (!confirmed) return ok<SendEnd>({ end: 'sent', downlinks, ...level });
    // No word for an acknowledgement either, but for sketches that have one of their own: a confirmed uplink is repeated
    // until something is heard in its windows, and what is heard there acknowledges it.
    const acknowledged = heard !== undefined || rest.value.some((one) => one.kind === 'acknowledged');
    return ok<SendEnd>(
      acknowledged
        ? { end: 'acknowledged', downlinks, ...level }
        : { end: 'not-acknowledged', why: 'no-answer', downlinks },
    );
  },

  *restart() {
    yield* wake();
    const done = yield* must(ok(commands.run('restart')));
    return done.ok ? ok(undefined) : done;
  },

  *rescue() {
    yield* wake();
    const reset = yield* must(ok(commands.run('factory')));
    if (!reset.ok) return reset;
    yield* pause(500);
    yield* wake();
    const there = yield* must(ok(commands.ask('chipId')));
    if (!there.ok) return there;
    return ok([
      'factory settings restored with AT+DefaultSet=1: it joins with the keys of its sketch, in LoRaWAN mode',
    ]);
  },
};
