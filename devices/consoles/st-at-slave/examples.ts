import type { DialectExample } from '../../../src/console/dialect.js';

export const source = 'STMicroelectronics/STM32CubeWL @406f7a2, LoRaWAN_AT_Slave';

export const examples: readonly DialectExample[] = [
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
  { what: 'it is there', source, command: 'AT', bytes: '\r\nOK\r\n', means: [{ kind: 'ok' }] },
  {
    what: 'a join',
    source,
    command: 'AT+JOIN=1',
    bytes: '\r\nOK\r\n+EVT:JOINED\r\n',
    means: [{ kind: 'ok' }, { kind: 'event', event: { kind: 'joined' } }],
  },
  {
    what: 'a join that nobody answered',
    source,
    bytes: '+EVT:JOIN FAILED\r\n',
    means: [{ kind: 'event', event: { kind: 'join-failed', why: 'no-answer' } }],
  },
  {
    what: 'an acknowledgement, and the answer to a link check',
    source,
    bytes: '+EVT:SEND_CONFIRMED\r\n+EVT:RX_1, PORT 0, DR 0, RSSI -57, SNR 5, DMODM 20, GWN 1\r\n',
    means: [
      { kind: 'event', event: { kind: 'acknowledged' } },
      { kind: 'event', event: { kind: 'heard', window: 'rx1', rssiDbm: -57, snrDb: 5 } },
      {
        kind: 'event',
        event: { kind: 'link-check', ok: true, marginDb: 20, gateways: 1, rssiDbm: -57, snrDb: 5 },
      },
    ],
  },
  {
    what: 'classes and beacons',
    source,
    bytes:
      '+EVT:SWITCH_TO_CLASS_C\r\n+EVT:BEACON_LOST\r\n+EVT:BEACON_NOT_RECEIVED\r\n+EVT:RX_BC, DR 3, RSSI -90, SNR 7, FQ 869525000, TIME 0, DESC 0, INFO 000000,000000\r\n',
    means: [
      { kind: 'event', event: { kind: 'class-change', ok: true, deviceClass: 'C' } },
      { kind: 'event', event: { kind: 'beacon', state: 'lost' } },
      { kind: 'event', event: { kind: 'beacon', state: 'not-received' } },
      { kind: 'event', event: { kind: 'beacon', state: 'received' } },
    ],
  },
  {
    what: 'how older firmware heard a downlink',
    source: 'STMicroelectronics/STM32CubeWL @1555f88, LoRaWAN_AT_Slave',
    bytes: '+EVT:RX_B Ping-Slot, DR 3, RSSI -70, SNR 6\r\n',
    means: [{ kind: 'event', event: { kind: 'heard', window: 'rxb', rssiDbm: -70, snrDb: 6 } }],
  },
  {
    what: 'a radio test, and its answer when it is over',
    source,
    command: 'AT+TTX=1',
    bytes: '12s345:Tx LoRa Test\r\n12s345:Tx 1 of 1\r\n12s410:OnTxDone\r\n\r\nOK\r\n',
    means: [
      ...['Tx LoRa Test', 'Tx 1 of 1', 'OnTxDone'].flatMap((text) => [
        { kind: 'value' } as const,
        { kind: 'event', event: { kind: 'rf-test', text } } as const,
      ]),
      { kind: 'ok' },
    ],
  },
  {
    what: 'its greeting',
    source,
    bytes: 'ATtention command interface\r\nAT? to list all available functions\r\n',
    means: [{ kind: 'event', event: { kind: 'boot', mode: 'lorawan' } }],
  },
  {
    what: 'a command that it does not know',
    source,
    command: 'AT+BOGUS',
    bytes: '\r\nAT_ERROR\r\n',
    means: [{ kind: 'refused', why: 'unknown-command', code: 'AT_ERROR' }],
  },
  {
    what: 'an uplink before the join',
    source,
    command: 'AT+SEND=2:0:ABCD',
    bytes: '\r\nAT_NO_NETWORK_JOINED\r\n',
    means: [{ kind: 'refused', why: 'not-joined', code: 'AT_NO_NETWORK_JOINED' }],
  },
];
