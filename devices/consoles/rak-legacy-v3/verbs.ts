import { failed, ok, type Result } from '../../../src/base/result.js';
import {
  commandsOf,
  type BoardIdentity,
  type BoardKeys,
  type Command,
  type JoinEnd,
  type SendEnd,
  type Verbs,
} from '../../../src/console/dialect.js';
import { ask, awaitEvent, must, present, say, setBaud, type Part } from '../../../src/console/script.js';
import { syntax, table } from './table.js';

const commands = commandsOf(table, syntax);

/** The facts of an answer of many lines: `DevEui: ..`, `Joined Network:false`, two in a line with a comma between. */
export const factsOf = (lines: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    lines
      .flatMap((line) => line.split(', '))
      .flatMap((part) => {
        const [, name, value] = /^([^:]+): ?(.*?)\.?$/.exec(part.trim()) ?? [];
        return name === undefined || value === undefined ? [] : [[name, value]];
      }),
  );

type Facts = Readonly<Record<string, string>>;

const hexOf = (facts: Facts, name: string, digits: number): string | undefined => {
  const value = facts[name]?.toLowerCase() ?? '';
  return new RegExp(`^[0-9a-f]{${digits}}$`).test(value) ? value : undefined;
};

function* statusOf(): Part<Result<Facts>> {
  const lines = yield* must(ok(commands.ask('status')));
  return lines.ok ? ok(factsOf(lines.value)) : lines;
}

/** `lora:status` shows the keys of the activation that is set, and no others. */
const keysIn = (facts: Facts): BoardKeys => ({
  ...present('devEui', hexOf(facts, 'DevEui', 16)),
  ...present('joinEui', hexOf(facts, 'AppEui', 16)),
  ...present('appKey', hexOf(facts, 'AppKey', 32)),
  ...present('devAddr', hexOf(facts, 'DevAddr', 8)),
  ...present('nwkSKey', hexOf(facts, 'NwksKey', 32)),
  ...present('appSKey', hexOf(facts, 'AppsKey', 32)),
});

const isKey = (name: string): boolean => /key$/i.test(name);

function* all(list: readonly Result<Command>[]): Part<Result<void>> {
  for (const command of list) {
    const done = yield* must(command);
    if (!done.ok) return done;
  }
  return ok(undefined);
}

/** Switches to LoRaWAN where it is in another mode: that restarts it. */
function* useLorawan(): Part<Result<boolean>> {
  const facts = yield* statusOf();
  if (!facts.ok) return facts;
  if (facts.value['Work Mode'] === undefined || facts.value['Work Mode'] === 'LoRaWAN') return ok(false);
  const done = yield* must(commands.set('workMode', 'lorawan'));
  return done.ok ? ok(true) : done;
}

/** Sets keys under the activation that shows them, and reads them back. */
function* keysUnder(activation: 'otaa' | 'abp', sets: readonly Result<Command>[]): Part<Result<BoardKeys>> {
  const done = yield* all([commands.set('activation', activation), ...sets]);
  if (!done.ok) return done;
  const facts = yield* statusOf();
  return facts.ok ? ok(keysIn(facts.value)) : facts;
}

/** The speeds at which it may have been left. */
const otherBauds = [9_600, 57_600, 38_400, 19_200, 4_800, 2_400, 1_200] as const;

function* talks(): Part<boolean> {
  const answer = yield* ask({ ...commands.ask('version'), withinMs: 800 });
  return answer.ok || answer.why !== undefined;
}

export const verbs: Verbs = {
  *identify() {
    const version = yield* must(ok(commands.ask('version')));
    if (!version.ok) return version;
    const parts = yield* ask(commands.ask('device'));
    if (!parts.ok && parts.why === undefined) return failed(parts.problem);
    const board = factsOf(parts.ok ? [parts.info ?? '', ...parts.lines] : []);
    const status = yield* ask(commands.ask('status'));
    if (!status.ok && status.why === undefined) return failed(status.problem);
    const facts = factsOf(status.ok ? [status.info ?? '', ...status.lines] : []);
    const open = Object.entries(facts).filter(([name]) => !isKey(name));
    return ok<BoardIdentity>({
      ...present('model', board['Board Core']),
      ...present('firmware', version.value[0]),
      ...present('chip', board['MCU']),
      ...present('devEui', hexOf(facts, 'DevEui', 16)),
      ...present('joinEui', hexOf(facts, 'AppEui', 16)),
      ...present('region', facts['Region']),
      ...present('mode', facts['Work Mode']),
      ...(facts['Joined Network'] !== undefined && { joined: facts['Joined Network'] === 'true' }),
      ...((open.length > 0 || board['LoRa chip'] !== undefined) && {
        more: { ...present('LoRa chip', board['LoRa chip']), ...Object.fromEntries(open) },
      }),
    });
  },

  *readKeys() {
    const facts = yield* statusOf();
    return facts.ok ? ok(keysIn(facts.value)) : facts;
  },

  *setKeys(keys) {
    const ready = yield* useLorawan();
    if (!ready.ok) return ready;
    let read: BoardKeys = {};
    const set = (name: keyof BoardKeys): readonly Result<Command>[] => {
      const value = keys[name];
      // All of them take hexadecimal digits.
      return value === undefined ? [] : [commands.set(name as 'devEui', value)];
    };
    const session = [...set('devAddr'), ...set('nwkSKey'), ...set('appSKey')];
    const root = [...set('devEui'), ...set('joinEui'), ...set('appKey')];
    // The activation of the keys that were given last stays: OTAA when both were.
    for (const [activation, sets] of [
      ['abp', session],
      ['otaa', root],
    ] as const) {
      if (sets.length === 0) continue;
      const there = yield* keysUnder(activation, sets);
      if (!there.ok) return there;
      read = { ...read, ...there.value };
    }
    return session.length + root.length === 0 ? yield* verbs.readKeys() : ok(read);
  },

  *join({ attempts, withinMs }) {
    const ready = yield* useLorawan();
    if (!ready.ok) return ready;
    let why = 'no-answer';
    for (let i = 0; i < attempts; i++) {
      const answer = yield* ask({ ...commands.run('join'), withinMs });
      if (answer.ok) return ok<JoinEnd>({ joined: true });
      if (answer.why === undefined) {
        // It has not decided yet, or it is gone: its status knows.
        const status = yield* ask(commands.ask('status'));
        if (!status.ok && status.why === undefined) return failed(status.problem);
        return ok<JoinEnd>(
          factsOf(status.lines)['Joined Network'] === 'true' ? { joined: true } : { joined: false, why },
        );
      }
      const { event } = yield* awaitEvent(0, ({ kind }) => kind === 'join-failed');
      if (event?.kind !== 'join-failed') return failed(answer.problem);
      why = event.why;
    }
    return ok<JoinEnd>({ joined: false, why });
  },

  *send({ fPort, hex, confirmed }) {
    const ready = yield* all([commands.set('confirmed', confirmed)]);
    if (!ready.ok) return ready;
    const order = commands.set('send', fPort, hex);
    if (!order.ok) return order;
    const answer = yield* ask(order.value);
    if (!answer.ok && answer.why === undefined) return failed(answer.problem);
    // The board tells what it received right after its OK (pyrak811, rak811_v3.py: within 100 ms).
    const { before } = yield* awaitEvent(300, () => false);
    const missed = before.find((event) => event.kind === 'not-acknowledged');
    if (!answer.ok && (!confirmed || !missed)) return failed(answer.problem);
    const downlinks = before.filter((event) => event.kind === 'downlink');
    const heard = before.findLast((event) => event.kind === 'heard') ?? downlinks.at(-1);
    // An acknowledgement with a payload is told as that payload, and nothing else comes between OK and it.
    const acknowledged = answer.ok && (downlinks.length > 0 || before.some(({ kind }) => kind === 'acknowledged'));
    return ok<SendEnd>({
      end: !confirmed ? 'sent' : acknowledged ? 'acknowledged' : 'not-acknowledged',
      ...(confirmed && !acknowledged && { why: missed?.kind === 'not-acknowledged' ? missed.why : 'no-answer' }),
      downlinks,
      ...present('rssiDbm', heard?.rssiDbm),
      ...present('snrDb', heard?.snrDb),
    });
  },

  *restart() {
    const done = yield* must(ok(commands.run('restart')));
    return done.ok ? ok(undefined) : done;
  },

  *rescue() {
    const did: string[] = [];
    const found = yield* findConsole(did);
    if (!found.ok) return found;
    const state = yield* ask({ ...commands.run('bootStatus'), withinMs: 800 });
    if (state.ok && state.lines.includes('Boot Mode')) {
      const left = yield* must(ok(commands.run('leaveBoot')));
      if (!left.ok) return left;
      did.push('left the bootloader with at+run');
    }
    const wide = yield* useLorawan();
    if (!wide.ok) return wide;
    if (wide.value) did.push('switched from point-to-point to LoRaWAN');
    // The region stays: the radio of a board is made for one, and only its owner knows where it is.
    const reset = yield* all([
      ok(commands.run('defaults')),
      commands.set('activation', 'otaa'),
      commands.set('deviceClass', 'A'),
      commands.set('confirmed', false),
      commands.set('adr', true),
      commands.set('txPower', 0),
      commands.set('dutyCycle', false),
      commands.set('repeats', 0),
      commands.set('multicast', false),
    ]);
    if (!reset.ok) return reset;
    did.push('factory keys restored with lora:default_parameters, LoRaWAN settings set to those of the manual');
    const again = yield* must(ok(commands.run('restart')));
    if (!again.ok) return again;
    did.push('restarted');
    return ok<readonly string[]>(did);
  },
};

/** Brings the console to answer at 115200: out of data mode, out of sleep, from another speed. */
function* findConsole(did: string[]): Part<Result<void>> {
  // Half a line of somebody would become the beginning of the first command; in data mode a pause ends it.
  yield* say('\r\n', { quietMs: 150, withinMs: 400 });
  const left = yield* say('+++', { quietMs: 150, withinMs: 400 });
  if (left.lines.some((line) => line.trimEnd() === 'OK')) did.push('left the data mode with +++');
  yield* say('\r\n', { quietMs: 150, withinMs: 400 });
  if (yield* talks()) return ok(undefined);
  for (const baud of otherBauds) {
    yield* setBaud(baud);
    yield* say('\r\n', { quietMs: 150, withinMs: 400 });
    if (!(yield* talks())) continue;
    const set = yield* must(commands.set('baud', 1, '115200'));
    if (!set.ok) return set;
    did.push(`set the port from ${baud} to 115200 baud`);
    yield* setBaud(115_200);
    return ok(undefined);
  }
  yield* setBaud(115_200);
  const last = yield* must(ok(commands.ask('version')));
  return last.ok ? ok(undefined) : last;
}
