import type { DialectExample, Meaning } from '../../../src/console/dialect.js';

const manual = 'RAKWireless/rakwireless-docs, RAK4270 AT Command Manual';
const manual811 = 'RAK811 AT Command Manual V1.0, in AmedeeBulle/pyrak811 @f08c1d8 DOCS';
const tests = 'AmedeeBulle/pyrak811, tests/test_rak811_v3.py';

const value: Meaning = { kind: 'value' };

/** Exchanges from the manuals, and what firmware 3.0.0.14 says that differs from them. */
export const examples: readonly DialectExample[] = [
  {
    what: 'a value behind OK',
    source: manual,
    command: 'at+version',
    bytes: 'OK V3.3.0.14\r\n',
    means: [{ kind: 'ok', info: 'V3.3.0.14' }],
  },
  {
    what: 'an answer of several lines without an end',
    source: manual,
    command: 'at+get_config=device:status',
    bytes: 'OK Board Core:RAK4270\r\nMCU:STM32L071KB\r\nLoRa chip:SX1262\r\n',
    means: [{ kind: 'ok', info: 'Board Core:RAK4270' }, value, value],
  },
  {
    what: 'a restart',
    source: manual,
    command: 'at+set_config=device:restart',
    bytes:
      'UART1 work mode: RUI_UART_NORMAL\r\nCurrent work_mode:LoRaWAN, join_mode:ABP, Class: A\r\nInitialization OK\r\n',
    means: [{ kind: 'event', event: { kind: 'boot', mode: 'lorawan' } }],
  },
  {
    what: 'a restart of firmware 3.0.0.14, with a space at the end',
    source: tests,
    bytes:
      'RAK811 Version:3.0.0.14.H\r\nLoRa work mode:LoRaWAN, join_mode:OTAA, MulticastEnable: false, Class: A\r\nInitialization OK \r\n',
    means: [{ kind: 'event', event: { kind: 'boot', mode: 'lorawan' } }],
  },
  {
    what: 'the bootloader',
    source: manual811,
    command: 'at+set_config=device:boot',
    bytes: 'OK\r\n<BOOT MODE>\r\n',
    means: [{ kind: 'ok' }, { kind: 'event', event: { kind: 'boot', mode: 'bootloader' } }],
  },
  {
    what: 'a join that blocked until it was decided',
    source: manual,
    command: 'at+join',
    bytes: 'OK Join Success\r\n',
    means: [
      { kind: 'event', event: { kind: 'joined' } },
      { kind: 'ok', info: 'Join Success' },
    ],
  },
  {
    what: 'a join that came to nothing',
    source: manual,
    command: 'at+join',
    bytes: 'ERROR: 99\r\n',
    means: [
      { kind: 'event', event: { kind: 'join-failed', why: 'no-answer', code: 'ERROR: 99' } },
      { kind: 'refused', why: 'join-failed', code: 'ERROR: 99' },
    ],
  },
  {
    what: 'a confirmed uplink: port 0 and no payload is the acknowledgement',
    source: manual,
    command: 'at+send=lora:1:5A00',
    bytes: 'OK\r\nat+recv=0,-105,-12,0\r\n',
    means: [
      { kind: 'ok' },
      { kind: 'event', event: { kind: 'acknowledged' } },
      { kind: 'event', event: { kind: 'heard', rssiDbm: -105, snrDb: -12 } },
    ],
  },
  {
    what: 'a downlink, after an OK with a space',
    source: tests,
    command: 'at+send=lora:1:48656C6C6F',
    bytes: 'OK \r\nat+recv=1,-67,8,3:313233\r\n',
    means: [
      { kind: 'ok' },
      { kind: 'event', event: { kind: 'downlink', fPort: 1, hex: '313233', rssiDbm: -67, snrDb: 8 } },
    ],
  },
  {
    what: 'a frame from point to point',
    source: tests,
    bytes: 'at+recv=-67,8,3:313233\r\n',
    means: [{ kind: 'event', event: { kind: 'p2p-received', hex: '313233', rssiDbm: -67, snrDb: 8 } }],
  },
  {
    what: 'an unknown command',
    source: manual,
    command: 'at+bogus',
    bytes: 'ERROR: 1\r\n',
    means: [{ kind: 'refused', why: 'unknown-command', code: 'ERROR: 1' }],
  },
];
