import type { DialectExample } from '../../../src/console/dialect.js';
import type { BoardEvent } from '../../../src/console/events.js';

const firmware = 'RAKWireless/RAK-STM32-RUI @e5a28be cores/STM32WLE/component/service';
const manual = 'RAKWireless/rakwireless-docs @639989a, RUI3 AT Command Manual';

const ok = { kind: 'ok' } as const;
const value = { kind: 'value' } as const;
const event = (what: BoardEvent): { readonly kind: 'event'; readonly event: BoardEvent } => ({
  kind: 'event',
  event: what,
});

export const examples: readonly DialectExample[] = [
  {
    what: 'the name is repeated as it was typed',
    source: firmware,
    command: 'at+deveui=?',
    bytes: 'at+deveui=AC1F09FFFE000001\r\nOK\r\n',
    means: [value, ok],
  },
  {
    what: 'with echo, the line end comes back as LF CR',
    source: firmware,
    command: 'AT',
    bytes: 'AT\n\rOK\r\n',
    means: [ok],
  },
  {
    what: 'the duty cycle is told by a line before the status',
    source: firmware,
    command: 'AT+SEND=2:AABB',
    bytes: 'Restricted_Wait_12345_ms\r\nAT_BUSY_ERROR\r\n',
    means: [{ kind: 'refused', why: 'duty-cycle', code: 'AT_BUSY_ERROR, Restricted_Wait_12345_ms', waitMs: 12_345 }],
  },
  {
    what: 'a downlink',
    source: firmware,
    bytes: '+EVT:RX_1:-70:8:UNICAST:10:0a0b\r\n',
    means: [
      event({
        kind: 'downlink',
        fPort: 10,
        hex: '0a0b',
        window: 'rx1',
        rssiDbm: -70,
        snrDb: 8,
        multicast: false,
      }),
    ],
  },
  {
    what: 'a downlink of firmware 3',
    source: manual,
    bytes: '+EVT:RX1, RSSI -110, SNR 5\r\n+EVT:UNICAST\r\n+EVT:4:0A0B\r\n',
    means: [
      event({ kind: 'heard', window: 'rx1', rssiDbm: -110, snrDb: 5 }),
      event({ kind: 'downlink', fPort: 4, hex: '0a0b', window: 'rx1', rssiDbm: -110, snrDb: 5, multicast: false }),
    ],
  },
  {
    what: 'a change of mode says OK without a line end, and restarts',
    source: firmware,
    command: 'AT+NWM=0',
    bytes: 'OK\r\nCurrent Work Mode: LoRa P2P.\r\n',
    means: [ok, event({ kind: 'boot', mode: 'p2p' })],
  },
  {
    what: 'a locked port',
    source: firmware,
    command: 'AT+VER=?',
    bytes: 'AT+VER=?\r\nCOMMAND_LOCKED\r\n\0',
    means: [event({ kind: 'locked' }), { kind: 'refused', why: 'locked', code: 'COMMAND_LOCKED' }],
  },
  {
    what: 'a value without its name',
    source: manual,
    command: 'AT+SN=?',
    bytes: '9181004E20900057\r\n\r\nOK\r\n',
    means: [value, ok],
  },
  {
    what: 'link check of firmware 3',
    source: manual,
    bytes: '+EVT:LINKCHECK:0,21,1,-60,11\r\n',
    means: [event({ kind: 'link-check', ok: true, marginDb: 21, gateways: 1, rssiDbm: -60, snrDb: 11 })],
  },
  {
    what: 'a confirmed uplink of firmware 3, with a space',
    source: manual,
    bytes: '+EVT: SEND CONFIRMED FAILED\r\n',
    means: [event({ kind: 'not-acknowledged', why: 'no-answer' })],
  },
  {
    what: 'a point-to-point frame of firmware 3',
    source: manual,
    bytes: '+EVT:RXP2P, RSSI -110, SNR 5\r\n+EVT:0A0B\r\n',
    means: [event({ kind: 'p2p-received', hex: '0a0b', rssiDbm: -110, snrDb: 5 })],
  },
];
