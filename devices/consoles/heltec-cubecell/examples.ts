import type { DialectExample } from '../../../src/console/dialect.js';

export const source =
  'HelTecAutomation/CubeCell-Arduino @d9402fe (strings of CubeCellLib.a); HelTecAutomation/HeltecDocs @6b39fc2 config_parameter.md';

const value = { kind: 'value' } as const;
const good = { kind: 'ok' } as const;

/** Exchanges of the firmware and its manual. */
export const examples: readonly DialectExample[] = [
  {
    what: 'a key is set, and told back',
    source,
    command: 'AT+DevEui=2232330000888802',
    bytes: '+OK\r\n+DevEui=2232330000888802(For OTAA Mode)\r\n',
    means: [good, value],
  },
  {
    what: 'a question that is answered without +OK',
    source,
    command: 'AT+ChipID=?',
    bytes: '+ChipID:3A4B00112233\r\n',
    means: [value, good],
  },
  {
    what: 'a join: the first word has no line end',
    source,
    command: 'AT+Join=1',
    bytes: '+OK\r\njoining...joined\r\n',
    means: [good, { kind: 'event', event: { kind: 'joined' } }],
  },
  {
    what: 'a downlink in three lines',
    source,
    bytes:
      'received unconfirmed downlink: rssi = -71, snr = 8, datarate = 5\r\n+REV DATA:RXWIN1,RXSIZE 2,PORT 10\r\n+REV DATA:0A0B\r\n',
    means: [
      { kind: 'event', event: { kind: 'heard', rssiDbm: -71, snrDb: 8 } },
      {
        kind: 'event',
        event: { kind: 'downlink', fPort: 10, hex: '0a0b', window: 'rx1', rssiDbm: -71, snrDb: 8, dataRate: 5 },
      },
    ],
  },
  {
    what: 'a downlink of an early firmware',
    source: 'HelTecAutomation/CubeCell-Arduino @004297e libraries/LoRa/src/LoRaWan_APP.cpp',
    bytes: 'receive data: rssi = -60, snr = 7, datarate = 0\r\n+REV DATA:RXWIN2,RXSIZE 1,PORT 2\r\n+REV DATA:FF\r\n',
    means: [
      { kind: 'event', event: { kind: 'heard', rssiDbm: -60, snrDb: 7 } },
      {
        kind: 'event',
        event: { kind: 'downlink', fPort: 2, hex: 'ff', window: 'rx2', rssiDbm: -60, snrDb: 7, dataRate: 0 },
      },
    ],
  },
  {
    what: 'a value that is too large',
    source,
    command: 'AT+AppPort=300',
    bytes: '+ERROR: AppPort max value is 255\r\n',
    means: [{ kind: 'refused', why: 'bad-value', code: 'AppPort max value is 255' }],
  },
  {
    what: 'it was asleep, and is asked again',
    source,
    command: 'AT+ADR=?',
    bytes: 'ASR is Waked,LowPower Mode Stopped\r\n+OK\r\n+ADR=1\r\n',
    means: [{ kind: 'event', event: { kind: 'awake' } }, good, value],
  },
  {
    what: 'it was asleep in the middle of a join',
    source: 'Heltec community forum, "Cubecell - sketch upload errors"',
    bytes: 'joining...ASR is Waked,LowPower Mode Stopped\r\n',
    means: [{ kind: 'event', event: { kind: 'awake' } }],
  },
  {
    what: 'a LoRa packet from another board',
    source: 'HelTecAutomation/CubeCell-Arduino @42bb95f libraries/LoRa/src/LoRa_APP.cpp',
    bytes: 'Received Hex:AABB\r\nRSSI:-50, Size:2\r\n',
    means: [{ kind: 'event', event: { kind: 'p2p-received', hex: 'aabb', rssiDbm: -50 } }],
  },
];
