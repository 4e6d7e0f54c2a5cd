import { fail } from '../../../src/base/problem.js';
import { failed, ok, type Result } from '../../../src/base/result.js';
import type { BoardIdentity, BoardKeys, JoinEnd, SendEnd, Verbs } from '../../../src/console/dialect.js';
import {
  ask,
  awaitEvent,
  must,
  pause,
  present,
  say,
  setBaud,
  setSignals,
  type Part,
} from '../../../src/console/script.js';
import { hideKeys } from '../../../src/console/hide.js';
import { versionIn } from './reader.js';
import { commands } from './table.js';

type Asked = Parameters<typeof commands.ask>[0];

/** What it answers; undefined when it refuses the question or answers something else, a problem when it is silent. */
function* valueOf(name: Asked): Part<Result<string | number | undefined>> {
  const answer = yield* ask(commands.ask(name));
  if (!answer.ok) return answer.why === undefined ? failed(answer.problem) : ok(undefined);
  const values = commands.values(name, answer.lines);
  return ok(values.ok ? (values.value[0] as string | number) : undefined);
}

const bands: Readonly<Record<string, string>> = { 868: 'EU868', 433: 'EU433' };
const isSet = (hex: string | number | undefined): boolean => hex !== undefined && /[1-9a-f]/.test(String(hex));

/** A break that is longer than a letter, and a letter by whose bits it finds the speed: it wakes by that as well. */
function* findSpeed(): Part<readonly string[]> {
  yield* setBaud(57_600);
  yield* setSignals({ brk: true });
  yield* pause(5);
  yield* setSignals({ brk: false });
  const { lines } = yield* say('U', { quietMs: 50, withinMs: 200 });
  return lines;
}

const uplinkMs = 20_000;
/** Eight transmissions at the slowest rate, with their windows and pauses. */
const confirmedMs = 180_000;

export const verbs: Verbs = {
  *identify() {
    const version = yield* must(ok(commands.ask('version')));
    if (!version.ok) return version;
    const known = versionIn(version.value[0] ?? '');
    const serial = yield* valueOf('hardwareEui');
    if (!serial.ok) return serial;
    const keys = yield* verbs.readKeys();
    if (!keys.ok) return keys;
    const band = yield* valueOf('band');
    const supply = yield* valueOf('supply');
    const region =
      band.ok && band.value !== undefined ? bands[band.value] : known?.model === 'RN2903' ? 'US915' : undefined;
    return ok<BoardIdentity>({
      ...known,
      ...present('serial', serial.value as string | undefined),
      ...present('devEui', keys.value.devEui),
      ...present('joinEui', keys.value.joinEui),
      ...present('region', region),
      ...(supply.ok && supply.value !== undefined && { batteryV: Number(supply.value) / 1_000 }),
      ...(version.value[0] !== undefined && { more: { version: version.value[0] } }),
    });
  },

  *readKeys() {
    // Keys go in and never come out; what was never set is zero.
    const keys: Record<string, string> = {};
    for (const name of ['devEui', 'joinEui', 'devAddr'] as const) {
      const value = yield* valueOf(name);
      if (!value.ok) return value;
      if (isSet(value.value)) keys[name] = value.value as string;
    }
    return ok<BoardKeys>(keys);
  },

  *setKeys(keys) {
    // It may have been left with the radio taken away from LoRaWAN.
    const resumed = yield* must(ok(commands.run('resume')));
    if (!resumed.ok) return resumed;
    for (const name of ['devEui', 'joinEui', 'appKey', 'devAddr', 'nwkSKey', 'appSKey'] as const) {
      const value = keys[name];
      if (value === undefined) continue;
      const set = yield* must(commands.set(name, value));
      if (!set.ok) return set;
    }
    const saved = yield* must(ok(commands.run('save')));
    return saved.ok ? yield* verbs.readKeys() : saved;
  },

  *join({ attempts, withinMs }) {
    let why = 'no-answer';
    for (let i = 0; i < attempts; i++) {
      const started = yield* must(commands.set('join', 'otaa'));
      if (!started.ok) return started;
      const { event } = yield* awaitEvent(withinMs, ({ kind }) => kind === 'joined' || kind === 'join-failed');
      if (event?.kind === 'joined') {
        const devAddr = yield* valueOf('devAddr');
        return ok<JoinEnd>({
          joined: true,
          ...present('devAddr', devAddr.ok ? (devAddr.value as string | undefined) : undefined),
        });
      }
      if (event?.kind === 'join-failed') why = event.why;
    }
    return ok<JoinEnd>({ joined: false, why });
  },

  *send({ fPort, hex, confirmed }) {
    const command = commands.set('send', confirmed ? 'cnf' : 'uncnf', fPort, hex);
    const started = yield* must(command);
    if (!started.ok) return started;
    const ms = confirmed ? confirmedMs : uplinkMs;
    const ends = ['sent', 'acknowledged', 'not-acknowledged'];
    const { event, before } = yield* awaitEvent(ms, ({ kind }) => ends.includes(kind));
    if (!event) return fail('board-silent', { command: 'mac tx', ms });
    const downlinks = before.filter((one) => one.kind === 'downlink');
    const level: { snrDb?: number; rssiDbm?: number } = {};
    if (downlinks.length > 0) {
      const snr = yield* valueOf('snr');
      if (snr.ok && snr.value !== undefined) level.snrDb = Number(snr.value);
      // Older versions do not know this question.
      const rssi = yield* valueOf('rssi');
      if (rssi.ok && rssi.value !== undefined) level.rssiDbm = Number(rssi.value);
    }
    if (event.kind === 'not-acknowledged')
      return ok<SendEnd>({ end: 'not-acknowledged', why: event.code ?? event.why, downlinks, ...level });
    return ok<SendEnd>({ end: event.kind === 'acknowledged' ? 'acknowledged' : 'sent', downlinks, ...level });
  },

  *restart() {
    const done = yield* must(ok(commands.run('restart')));
    return done.ok ? ok(undefined) : done;
  },

  *rescue() {
    const did: string[] = [];
    const woken = yield* findSpeed();
    did.push('speed of the port found anew with a break');
    if (woken.includes('ok')) did.push('woken up');
    // Half a command may stand in its buffer.
    yield* say('\r\n', { quietMs: 50, withinMs: 200 });
    const reset = yield* must(ok(commands.run('factory')));
    if (!reset.ok) return reset;
    did.push('factory settings restored with sys factoryRESET');
    const there = yield* must(ok(commands.ask('version')));
    if (!there.ok) return there;
    // Somebody else answers with what is no version.
    const [line = ''] = there.value;
    return versionIn(line) ? ok(did) : fail('console-unknown', { line: hideKeys(line) });
  },
};
