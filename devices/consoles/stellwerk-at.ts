import { ok } from '../../src/base/result.js';
import { defineConsole, type CommandTable, type DialectExample, type Verbs } from '../../src/console/dialect.js';
import { hexBytes, int } from '../../src/console/params.js';
import { must } from '../../src/console/script.js';
import { reader } from './rak-rui3/reader.js';
import { afterRestart } from './rak-rui3/rescue.js';
import { commands, syntax, table as rui3 } from './rak-rui3/table.js';
import { verbs as rui3Verbs } from './rak-rui3/verbs.js';

/** Changes when a line changes its meaning; what is added changes nothing. */
export const version = 1;

/** What a firmware must know; words and values as in RUI3, less of them. */
export const table = {
  at: rui3.at,
  restart: rui3.restart,
  factory: rui3.factory,
  version: rui3.version,
  model: rui3.model,
  chip: rui3.chip,
  serial: rui3.serial,
  battery: rui3.battery,
  mode: { word: '+NWM', what: '1: LoRaWAN, and nothing else', read: [int(1, 1)] },
  band: rui3.band,
  devEui: { ...rui3.devEui, what: 'DevEUI' },
  joinEui: rui3.joinEui,
  appKey: rui3.appKey,
  devAddr: { word: '+DEVADDR', what: 'address of the session', read: rui3.devAddr.read },
  joinMode: { word: '+NJM', what: '1: OTAA, and nothing else', read: [int(1, 1)], write: [int(1, 1)] },
  join: rui3.join,
  joined: rui3.joined,
  confirm: rui3.confirm,
  confirmed: rui3.confirmed,
  send: { word: '+SEND', what: 'send: port, payload', write: [int(1, 223), hexBytes(1, 242)] },
  received: rui3.received,
  rssi: rui3.rssi,
  snr: rui3.snr,
} as const satisfies CommandTable;

const verbs: Verbs = {
  ...rui3Verbs,
  *rescue() {
    const reset = yield* must(ok(commands.run('factory')));
    if (!reset.ok) return reset;
    yield* afterRestart();
    const there = yield* must(ok(commands.run('at')));
    return there.ok ? ok(['factory settings restored with ATR']) : there;
  },
};

const page = 'docs/stellwerk-at.md';
const done = { kind: 'ok' } as const;

const examples: readonly DialectExample[] = [
  {
    what: 'who it is',
    source: page,
    command: 'AT+VER=?',
    bytes: 'AT+VER=stellwerk-at 1 example 1.0\r\nOK\r\n',
    means: [{ kind: 'value' }, done],
  },
  {
    what: 'a start',
    source: page,
    bytes: '\r\nstellwerk-at 1 example 1.0\r\nCurrent Work Mode: LoRaWAN.\r\n',
    means: [{ kind: 'event', event: { kind: 'boot', mode: 'lorawan' } }],
  },
  {
    what: 'a join that nobody answers',
    source: page,
    command: 'AT+JOIN=1:0:8:0',
    bytes: 'OK\r\n+EVT:JOIN_FAILED_RX_TIMEOUT\r\n',
    means: [done, { kind: 'event', event: { kind: 'join-failed', why: 'no-answer', code: 'RX_TIMEOUT' } }],
  },
];

/** Our own small console for boards whose maker has none: a part of RUI3, word for word. */
export default defineConsole({
  id: 'stellwerk-at',
  name: 'Stellwerk AT',
  source: page,
  ours: true,
  bauds: [115_200],
  terminator: '\r\n',
  commands: table,
  syntax,
  hellos: [{ baud: 115_200, bytes: 'AT\r\n' }],
  recognise({ lines }) {
    const name = `stellwerk-at ${version} `;
    if (lines.some((line) => line.startsWith(`AT+VER=${name}`) || line.startsWith(name))) return 'yes';
    return lines.includes('OK') ? 'maybe' : undefined;
  },
  confirm: 'AT+VER=?\r\n',
  reader,
  verbs,
  examples,
});
