import { failed, ok, type Result } from '../../src/base/result.js';
import {
  commandsOf,
  defineConsole,
  type BoardIdentity,
  type BoardKeys,
  type CommandTable,
  type JoinEnd,
  type Meaning,
  type SendEnd,
  type Syntax,
  type Verbs,
} from '../../src/console/dialect.js';
import type { Refusal } from '../../src/console/events.js';
import { flag, hexBytes, int, key, text, word } from '../../src/console/params.js';
import { ask, awaitEvent, must, pause, present, type Part } from '../../src/console/script.js';

const eui = hexBytes(8, 8, { separator: ':' });
const aesKey = key(16, { separator: ':' });
const address = hexBytes(4, 4, { separator: ':' });

/** Regions by their number in `AT+BAND`. */
export const bands = 'AS923 AU915 CN470 CN779 EU433 EU868 KR920 IN865 US915 RU864'.split(' ');

const named = { form: '0 to 9', read: text(1, 12).read, write: (value: string) => value, sample: () => '5:EU868' };

export const table = {
  at: { word: '', what: 'whether it is there', run: true },
  restart: { word: 'Z', what: 'restart', run: true, ends: 'boot', withinMs: 3_000 },
  factory: { word: '+RFS', what: 'restore factory settings', run: true },
  store: { word: '+CS', what: 'store the context', run: true },
  version: { word: '+VER', what: 'versions of the firmware and its parts', read: [text(1, 64)] },
  verbose: { word: '+VL', what: 'how much it tells', read: [int(0, 3)], write: [int(0, 3)] },
  localTime: { word: '+LTIME', what: 'local time', read: [text(1, 64)] },
  joinEui: { word: '+APPEUI', what: 'JoinEUI', read: [eui], write: [eui] },
  devEui: { word: '+DEUI', what: 'DevEUI', read: [eui], write: [eui] },
  nwkKey: { word: '+NWKKEY', what: 'network root key', read: [aesKey], write: [aesKey] },
  appKey: { word: '+APPKEY', what: 'AppKey', read: [aesKey], write: [aesKey] },
  nwkSKey: { word: '+NWKSKEY', what: 'network session key', read: [aesKey], write: [aesKey] },
  appSKey: { word: '+APPSKEY', what: 'application session key', read: [aesKey], write: [aesKey] },
  devAddr: { word: '+DADDR', what: 'device address', read: [address], write: [address] },
  networkId: { word: '+NWKID', what: 'network id', read: [int(0, 127)], write: [int(0, 127)] },
  join: { word: '+JOIN', what: 'join: 0 is ABP, 1 is OTAA', write: [int(0, 1)] },
  linkCheck: { word: '+LINKC', what: 'a link check with the next uplink', run: true },
  send: { word: '+SEND', what: 'port, acknowledged or not, payload', write: [int(1, 199), flag, hexBytes(0, 242)] },
  adr: { word: '+ADR', what: 'adaptive data rate', read: [flag], write: [flag] },
  dataRate: { word: '+DR', what: 'data rate', read: [int(0, 7)], write: [int(0, 7)] },
  band: { word: '+BAND', what: 'region', read: [named], write: [int(0, 9)] },
  deviceClass: { word: '+CLASS', what: 'class', read: [text(1, 8)], write: [word(['A', 'B', 'C'])] },
  dutyCycle: { word: '+DCS', what: 'keep the duty cycle', read: [flag], write: [flag] },
  joinDelay1: {
    word: '+JN1DL',
    what: 'first join window',
    read: [int(0, 60_000, 'ms')],
    write: [int(1, 60_000, 'ms')],
  },
  joinDelay2: {
    word: '+JN2DL',
    what: 'second join window',
    read: [int(0, 60_000, 'ms')],
    write: [int(1, 60_000, 'ms')],
  },
  rxDelay1: { word: '+RX1DL', what: 'first window', read: [int(0, 60_000, 'ms')], write: [int(1, 60_000, 'ms')] },
  rxDelay2: { word: '+RX2DL', what: 'second window', read: [int(0, 60_000, 'ms')], write: [int(1, 60_000, 'ms')] },
  rx2DataRate: { word: '+RX2DR', what: 'data rate of the second window', read: [int(0, 7)], write: [int(0, 7)] },
  rx2Hz: {
    word: '+RX2FQ',
    what: 'frequency of the second window',
    read: [int(0, 1e9, 'Hz')],
    write: [int(1, 1e9, 'Hz')],
  },
  txPower: { word: '+TXP', what: 'power index, 0 is full', read: [int(0, 15)], write: [int(0, 15)] },
  pingSlot: { word: '+PGSLOT', what: 'class B ping slot', read: [int(0, 7)], write: [int(0, 7)] },
  testTone: { word: '+TTONE', what: 'RF test: a tone', run: true },
  testRssi: { word: '+TRSSI', what: 'RF test: level', run: true },
  testConfig: { word: '+TCONF', what: 'RF test: settings', read: [text(1, 128)], write: [text(1, 128)] },
  testTx: { word: '+TTX', what: 'RF test: send packets', write: [int(1, 65_535)] },
  testRx: { word: '+TRX', what: 'RF test: receive packets', write: [int(1, 65_535)] },
  testHop: { word: '+TTH', what: 'RF test: hop', write: [text(1, 64)] },
  testOff: { word: '+TOFF', what: 'RF test: end', run: true },
  writeRegister: { word: '+REGW', what: 'radio register', write: [text(1, 16)] },
  readRegister: { word: '+REGR', what: 'radio register', write: [text(1, 16)] },
  certification: { word: '+CERTIF', what: 'certification mode', run: true },
  battery: { word: '+BAT', what: 'battery in mV', read: [int(0, 65_535, 'mV')] },
} as const satisfies CommandTable;

export const syntax: Syntax = {
  ask: (name) => `AT${name}=?`,
  set: (name, values) => `AT${name}=${values.join(':')}`,
  run: (name) => `AT${name}`,
  // Values stand alone, without the command's name.
  value: (line) => line,
  // A key's own colons are no separators: no answer has more than one value.
  separator: '\u0000',
};

const refusals: Readonly<Record<string, Refusal>> = {
  AT_ERROR: 'unknown-command',
  AT_PARAM_ERROR: 'bad-value',
  AT_BUSY_ERROR: 'busy',
  AT_TEST_PARAM_OVERFLOW: 'bad-value',
  AT_NO_NETWORK_JOINED: 'not-joined',
  AT_RX_ERROR: 'failed',
  AT_NO_CLASS_B_ENABLE: 'wrong-mode',
  AT_DUTYCYCLE_RESTRICTED: 'duty-cycle',
  AT_CRYPTO_ERROR: 'failed',
  'error unknown': 'failed',
};

const windows = { RX_1: 'rx1', RX_2: 'rx2', RX_C: 'rxc', RX_BC: 'rxb' } as const;

const eventOf = (line: string): Meaning => {
  const data = /^\+EVT:(\d{1,3}):([0-9A-Fa-f]{2}):((?:[0-9A-Fa-f]{2})*)$/.exec(line);
  if (data) return { kind: 'event', event: { kind: 'downlink', fPort: Number(data[1]), hex: data[3]!.toLowerCase() } };
  const heard = /^\+EVT:(RX_1|RX_2|RX_C|RX_BC),.*RSSI (-?\d+), SNR (-?\d+)/.exec(line);
  if (heard)
    return {
      kind: 'event',
      event: {
        kind: 'heard',
        window: windows[heard[1] as keyof typeof windows],
        rssiDbm: Number(heard[2]),
        snrDb: Number(heard[3]),
      },
    };
  switch (line) {
    case '+EVT:JOINED':
      return { kind: 'event', event: { kind: 'joined' } };
    case '+EVT:JOIN FAILED':
      return { kind: 'event', event: { kind: 'join-failed', why: 'no-answer' } };
    case '+EVT:SEND_CONFIRMED':
      return { kind: 'event', event: { kind: 'acknowledged' } };
    case '+EVT:SWITCH_TO_CLASS_C':
      return { kind: 'event', event: { kind: 'class-change', ok: true, deviceClass: 'C' } };
    case '+EVT:BEACON_LOST':
      return { kind: 'event', event: { kind: 'beacon', state: 'lost' } };
    case '+EVT:BEACON_NOT_RECEIVED':
      return { kind: 'event', event: { kind: 'beacon', state: 'not-received' } };
    default:
      return { kind: 'log' };
  }
};

const commands = commandsOf(table, syntax);
type Asked = Parameters<typeof commands.ask>[0];

/** The first value of an answer; undefined when the board refuses the question, a problem when it is silent. */
function* valueOf(name: Asked): Part<Result<string | undefined>> {
  const answer = yield* ask(commands.ask(name));
  if (!answer.ok && answer.why === undefined) return failed(answer.problem);
  return ok(answer.ok ? answer.lines[0] : undefined);
}

const bare = (hex: string | undefined): string | undefined => hex?.replaceAll(':', '').toLowerCase();

const verbs: Verbs = {
  *identify() {
    const there = yield* must(ok(commands.run('at')));
    if (!there.ok) return there;
    const version = yield* ask(commands.ask('version'));
    const lines = version.ok ? version.lines : [];
    const facts = Object.fromEntries(lines.map((line) => line.split(/:\s*/, 2) as [string, string]));
    const devEui = yield* valueOf('devEui');
    if (!devEui.ok) return devEui;
    const joinEui = yield* valueOf('joinEui');
    const region = yield* valueOf('band');
    const battery = yield* valueOf('battery');
    return ok<BoardIdentity>({
      ...present('firmware', facts['APPLICATION_VERSION']),
      ...present('devEui', bare(devEui.value)),
      ...present('joinEui', joinEui.ok ? bare(joinEui.value) : undefined),
      ...present('region', region.ok ? region.value?.split(':')[1] : undefined),
      ...(battery.ok && /^\d+$/.test(battery.value ?? '') && { batteryV: Number(battery.value) / 1000 }),
      ...(lines.length > 0 && { more: facts }),
    });
  },

  *readKeys() {
    const keys: Record<string, string> = {};
    for (const name of ['devEui', 'joinEui', 'appKey', 'devAddr', 'nwkSKey', 'appSKey'] as const) {
      const value = yield* valueOf(name);
      if (!value.ok) return value;
      const hex = bare(value.value);
      if (hex !== undefined) keys[name] = hex;
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
    const started = yield* must(commands.set('send', fPort, confirmed, hex));
    if (!started.ok) return started;
    // This firmware tells the acknowledgement and nothing else: what comes in both windows is waited for.
    const { event, before } = yield* awaitEvent(8_000, ({ kind }) => kind === 'acknowledged');
    const downlinks = before.filter((one) => one.kind === 'downlink');
    const heard = before.findLast((one) => one.kind === 'heard');
    return ok<SendEnd>({
      end: event ? 'acknowledged' : confirmed ? 'not-acknowledged' : 'sent',
      ...(confirmed && !event && { why: 'no-answer' }),
      downlinks,
      ...(heard && { rssiDbm: heard.rssiDbm, snrDb: heard.snrDb }),
    });
  },

  *restart() {
    const done = yield* must(ok(commands.run('restart')));
    return done.ok ? ok(undefined) : done;
  },

  *rescue() {
    const reset = yield* must(ok(commands.run('factory')));
    if (!reset.ok) return reset;
    yield* pause(500);
    const there = yield* must(ok(commands.run('at')));
    return there.ok ? ok(['factory settings restored with AT+RFS']) : there;
  },
};

const source = 'STMicroelectronics/STM32CubeWL @406f7a2, LoRaWAN_AT_Slave';

/** The AT firmware of ST's reference for STM32WL, from which many modules derive. */
export default defineConsole({
  id: 'st-at-slave',
  name: 'ST AT_Slave',
  source,
  bauds: [9_600, 115_200],
  terminator: '\r\n',
  commands: table,
  syntax,
  hellos: [
    { baud: 9_600, bytes: 'AT\r\n' },
    { baud: 115_200, bytes: 'AT\r\n' },
  ],
  // A blank line before OK is all that tells it from others, and no line shows it; its list of versions is its own.
  recognise({ lines }) {
    if (lines.some((line) => line.startsWith('APPLICATION_VERSION:'))) return 'yes';
    return lines.includes('OK') ? 'maybe' : undefined;
  },
  confirm: 'AT+VER=?\r\n',
  reader: () => ({
    line(line, open) {
      if (line.startsWith('+EVT:')) return [eventOf(line)];
      if (!open) return [{ kind: 'log' }];
      if (line === 'OK') return [{ kind: 'ok' }];
      const why = refusals[line];
      return why === undefined ? [{ kind: 'value' }] : [{ kind: 'refused', why, code: line }];
    },
  }),
  verbs,
  examples: [
    {
      what: 'a question and its answer, a blank line between',
      source,
      command: 'AT+DEUI=?',
      bytes: '00:80:E1:15:00:0A:9F:2E\r\n\r\nOK\r\n',
      means: [{ kind: 'value' }, { kind: 'ok' }],
    },
    {
      what: 'a downlink, and how it was heard',
      source,
      bytes: '+EVT:2:04:01020304\r\n+EVT:RX_1, PORT 2, DR 0, RSSI -57, SNR 5\r\n',
      means: [
        { kind: 'event', event: { kind: 'downlink', fPort: 2, hex: '01020304' } },
        { kind: 'event', event: { kind: 'heard', window: 'rx1', rssiDbm: -57, snrDb: 5 } },
      ],
    },
  ],
});
