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
import { hideKeys } from '../../../src/console/hide.js';
import { ask, awaitEvent, must, present, say, setBaud, type Part } from '../../../src/console/script.js';
import { syntax, table } from './table.js';

const commands = commandsOf(table, syntax);

const keyNames = ['devEui', 'joinEui', 'appKey', 'devAddr', 'nwkSKey', 'appSKey'] as const;
type Asked = (typeof keyNames)[number] | 'mode' | 'band' | 'signal';

/** Eight transmissions with their windows, the usual number, at the slowest data rate. */
const sendMs = 90_000;

/** What stands behind OK; undefined when the board has no value (ERROR-2), a problem when it does not answer. */
function* valueOf(name: Asked): Part<Result<string | undefined>> {
  const answer = yield* ask(commands.ask(name));
  if (!answer.ok && answer.why === undefined) return failed(answer.problem);
  return ok(answer.ok ? answer.info : undefined);
}

const modes: Readonly<Record<string, string>> = { '0': 'LoRaWAN', '1': 'P2P' };

function* useLorawan(): Part<Result<void>> {
  const mode = yield* valueOf('mode');
  if (!mode.ok) return mode;
  if (mode.value !== '1') return ok(undefined);
  const set = yield* must(commands.set('mode', 'lorawan'));
  return set.ok ? ok(undefined) : set;
}

/** Restarts the module. Some boards wait for their reset line instead: then only an answer shows that it is there. */
function* restartModule(): Part<Result<void>> {
  const done = yield* must(commands.set('reset', 'module'));
  if (!done.ok) return done;
  yield* awaitEvent(3_000, ({ kind }) => kind === 'boot');
  const there = yield* must(ok(commands.ask('version')));
  return there.ok ? ok(undefined) : there;
}

const otherBauds = [9_600, 57_600, 38_400, 19_200] as const;

function* talks(): Part<boolean> {
  const answer = yield* ask({ ...commands.ask('version'), withinMs: 800 });
  return answer.ok || answer.why !== undefined;
}

/** Brings the console to answer at 115200: a character wakes it, another speed is set back. */
function* findConsole(did: string[]): Part<Result<void>> {
  const first = yield* say('\r\n', { quietMs: 150, withinMs: 400 });
  if (first.lines.some((line) => line.startsWith('at+recv=8,'))) did.push('woke it up');
  if (yield* talks()) return ok(undefined);
  for (const baud of otherBauds) {
    yield* setBaud(baud);
    yield* say('\r\n', { quietMs: 150, withinMs: 400 });
    if (!(yield* talks())) continue;
    const set = yield* must(commands.set('uart', '115200', 8, 0, 1, false));
    if (!set.ok) return set;
    const restart = yield* must(commands.set('reset', 'module'));
    if (!restart.ok) return restart;
    yield* setBaud(115_200);
    yield* awaitEvent(3_000, ({ kind }) => kind === 'boot');
    did.push(`set the port from ${baud} to 115200 baud`);
    return ok(undefined);
  }
  yield* setBaud(115_200);
  const last = yield* must(ok(commands.ask('version')));
  return last.ok ? ok(undefined) : last;
}

export const verbs: Verbs = {
  *identify() {
    const version = yield* must(ok(commands.ask('version')));
    if (!version.ok) return version;
    const facts: Partial<Record<Asked, string>> = {};
    for (const name of ['mode', 'band', 'devEui', 'joinEui'] as const) {
      const value = yield* valueOf(name);
      if (!value.ok) return value;
      if (value.value !== undefined) facts[name] = value.value;
    }
    return ok<BoardIdentity>({
      model: 'RAK811',
      ...present('firmware', version.value[0]),
      ...present('devEui', facts.devEui?.toLowerCase()),
      ...present('joinEui', facts.joinEui?.toLowerCase()),
      ...present('region', facts.band),
      ...present('mode', modes[facts.mode ?? '']),
    });
  },

  *readKeys() {
    const keys: Record<string, string> = {};
    for (const name of keyNames) {
      const value = yield* valueOf(name);
      if (!value.ok) return value;
      if (value.value !== undefined) keys[name] = value.value.toLowerCase();
    }
    return ok<BoardKeys>(keys);
  },

  *setKeys(keys) {
    const ready = yield* useLorawan();
    if (!ready.ok) return ready;
    for (const name of keyNames) {
      const value = keys[name];
      if (value === undefined) continue;
      const set = yield* must(commands.set(name, value));
      if (!set.ok) return set;
    }
    return yield* verbs.readKeys();
  },

  *join({ attempts, withinMs }) {
    const ready = yield* useLorawan();
    if (!ready.ok) return ready;
    // How to join is not stored but said; a board without a root key can only go by ABP.
    const root = yield* valueOf('appKey');
    if (!root.ok) return root;
    const how = root.value === undefined ? 'abp' : 'otaa';
    let why = 'no-answer';
    for (let i = 0; i < attempts; i++) {
      const begun = yield* must(commands.set('join', how));
      if (!begun.ok) return begun;
      if (how === 'abp') return ok<JoinEnd>({ joined: true });
      const { event } = yield* awaitEvent(withinMs, ({ kind }) => kind === 'joined' || kind === 'join-failed');
      if (event?.kind === 'joined') return ok<JoinEnd>({ joined: true });
      // It goes on by itself as often as join_cnt says; asked again meanwhile it would only say that it is busy.
      if (event?.kind !== 'join-failed') break;
      why = event.why;
    }
    return ok<JoinEnd>({ joined: false, why });
  },

  *send({ fPort, hex, confirmed }) {
    const order = commands.set('send', confirmed, fPort, hex);
    if (!order.ok) return order;
    const begun = yield* must(order);
    if (!begun.ok) return begun;
    const command = hideKeys(order.value.text);
    const { event, before } = yield* awaitEvent(
      sendMs,
      ({ kind }) => kind === 'sent' || kind === 'acknowledged' || kind === 'not-acknowledged',
    );
    if (!event) return fail('board-silent', { command, ms: sendMs });
    const missed = event.kind === 'not-acknowledged' ? event : undefined;
    if (!confirmed && missed) return fail('board-refused', { command, code: missed.code ?? '', why: missed.why });
    // What was received is told after the end of the uplink.
    const after = yield* awaitEvent(300, () => false);
    const downlinks = [...before, ...after.before].filter((one) => one.kind === 'downlink');
    const last = downlinks.at(-1);
    let level = { ...present('rssiDbm', last?.rssiDbm), ...present('snrDb', last?.snrDb) };
    if (last?.rssiDbm === undefined && (last || event.kind === 'acknowledged')) {
      const signal = yield* valueOf('signal');
      if (!signal.ok) return signal;
      // The manual shows no comma; the firmware prints one.
      const [, rssi, snr] = /^(-?\d{1,4}),(-?\d{1,3})$/.exec(signal.value ?? '') ?? [];
      if (rssi !== undefined) level = { rssiDbm: Number(rssi), snrDb: Number(snr) };
    }
    return ok<SendEnd>({
      end: !confirmed ? 'sent' : missed ? 'not-acknowledged' : 'acknowledged',
      ...present('why', missed?.why),
      downlinks,
      ...level,
    });
  },

  *restart() {
    return yield* restartModule();
  },

  *rescue() {
    const did: string[] = [];
    const found = yield* findConsole(did);
    if (!found.ok) return found;
    for (const name of ['p2pSendStop', 'p2pReceiveStop'] as const) {
      // Whatever it says to that: there may be nothing to stop.
      const stopped = yield* ask(commands.run(name));
      if (!stopped.ok && stopped.why === undefined) return failed(stopped.problem);
    }
    const region = yield* valueOf('band');
    if (!region.ok) return region;
    const reloaded = yield* must(ok(commands.run('reload')));
    if (!reloaded.ok) return reloaded;
    did.push('factory settings restored with at+reload, which leaves no key but the DevEUI');
    // The radio of a board is made for some regions, and only its owner knows where it is.
    const band = table.band.read[0].read(region.value ?? '');
    if (band.ok) {
      const kept = yield* must(commands.set('band', band.value));
      if (!kept.ok) return kept;
    }
    const mode = yield* must(commands.set('mode', 'lorawan'));
    if (!mode.ok) return mode;
    const again = yield* restartModule();
    if (!again.ok) return again;
    did.push('restarted');
    return ok<readonly string[]>(did);
  },
};
