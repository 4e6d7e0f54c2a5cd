import type { DialectExample, Meaning } from '../../../src/console/dialect.js';

const wiki = 'Seeed wiki, LoRa-E5 Development Kit';
const clients = 'tests of public clients of the module, which quote its answers';
const value: Meaning = { kind: 'value' };
const done: Meaning = { kind: 'ok' };

export const examples: readonly DialectExample[] = [
  { what: 'it is there', source: wiki, command: 'AT', bytes: '+AT: OK\r\n', means: [done] },
  {
    what: 'three names',
    source: wiki,
    command: 'AT+ID',
    bytes:
      '+ID: DevAddr, 24:90:16:1D\r\n+ID: DevEui, 2C:F7:F1:20:24:90:16:1D\r\n+ID: AppEui, 70:B3:D5:7E:D0:03:F0:6A\r\n',
    means: [value, value, value, done],
  },
  {
    what: 'one name',
    source: wiki,
    command: 'AT+ID=DevEui',
    bytes: '+ID: DevEui, 2C:F7:F1:20:24:90:16:1D\r\n',
    means: [value, done],
  },
  {
    what: 'a join',
    source: wiki,
    command: 'AT+JOIN',
    bytes:
      '+JOIN: Start\r\n+JOIN: NORMAL\r\n+JOIN: Network joined\r\n+JOIN: NetID 000013 DevAddr 26:01:5F:66\r\n+JOIN: Done\r\n',
    means: [
      value,
      value,
      value,
      value,
      { kind: 'event', event: { kind: 'joined', devAddr: '26015f66', netId: '000013' } },
      value,
      done,
    ],
  },
  {
    what: 'an uplink whose answer promises more',
    source: wiki,
    command: 'AT+MSG=HELLO',
    bytes: '+MSG: Start\r\n+MSG: FPENDING\r\n+MSG: RXWIN2, RSSI -112, SNR -1.0\r\n+MSG: Done\r\n',
    means: [
      value,
      value,
      value,
      { kind: 'event', event: { kind: 'heard', window: 'rx2', rssiDbm: -112, snrDb: -1 } },
      done,
      { kind: 'event', event: { kind: 'sent' } },
    ],
  },
  {
    what: 'news of a join that nobody here ordered',
    source: wiki,
    bytes: '+JOIN: NetID 000013 DevAddr 26:01:5F:66\r\n',
    means: [{ kind: 'event', event: { kind: 'joined', devAddr: '26015f66', netId: '000013' } }],
  },
  {
    what: 'a frame of a radio test',
    source: clients,
    bytes: '+TEST: LEN:250, RSSI:-106, SNR:10\r\n+TEST: RX "00AA11BB22CC"\r\n',
    means: [{ kind: 'event', event: { kind: 'p2p-received', hex: '00aa11bb22cc', rssiDbm: -106, snrDb: 10 } }],
  },
  {
    what: 'sleep',
    source: clients,
    command: 'AT+LOWPOWER',
    bytes: '+LOWPOWER: SLEEP\r\n',
    means: [done, { kind: 'event', event: { kind: 'asleep' } }],
  },
  {
    what: 'woken up, and deaf for what woke it',
    source: clients,
    command: 'AT',
    bytes: '+LOWPOWER: WAKEUP\r\n',
    means: [{ kind: 'event', event: { kind: 'awake' } }],
  },
  {
    what: 'a mode that it does not have',
    source: clients,
    command: 'AT+MODE=DEFENSA',
    bytes: '+MODE: ERROR(-1)\r\n',
    means: [{ kind: 'refused', why: 'bad-value', code: 'ERROR(-1)' }],
  },
  {
    what: 'a command that it does not know',
    source: clients,
    command: 'AT+BOGUS',
    bytes: '+AT: ERROR(-10)\r\n',
    means: [{ kind: 'refused', why: 'unknown-command', code: 'ERROR(-10)' }],
  },
];
