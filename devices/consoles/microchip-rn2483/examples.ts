import type { DialectExample, Meaning } from '../../../src/console/dialect.js';

const library = 'jpmeijers/RN2483-Arduino-Library';
const guide = 'Microchip RN parser guide, MicrochipTech/atsamr34_lorawan_rn_parser';
const done: Meaning = { kind: 'ok' };
const refused = (why: 'bad-value' | 'not-joined', code: string): Meaning => ({ kind: 'refused', why, code });

export const examples: readonly DialectExample[] = [
  {
    what: 'the greeting after a restart',
    source: library,
    bytes: 'RN2483 1.0.5 Oct 31 2018 15:06:52\r\n',
    means: [{ kind: 'event', event: { kind: 'boot' } }],
  },
  {
    what: 'the same line as an answer',
    source: library,
    command: 'sys get ver',
    bytes: 'RN2483 1.0.5 Oct 31 2018 15:06:52\r\n',
    means: [{ kind: 'value' }, done],
  },
  {
    what: 'a join: one answer at once, one later',
    source: library,
    command: 'mac join otaa',
    bytes: 'ok\r\naccepted\r\n',
    means: [done, { kind: 'event', event: { kind: 'joined' } }],
  },
  {
    what: 'a join that nobody answered',
    source: library,
    command: 'mac join otaa',
    bytes: 'ok\r\ndenied\r\n',
    means: [done, { kind: 'event', event: { kind: 'join-failed', why: 'no-answer', code: 'denied' } }],
  },
  {
    what: 'a payload with a prefix',
    source: library,
    command: 'mac tx cnf 1 0x66',
    bytes: 'invalid_param\r\n',
    means: [refused('bad-value', 'invalid_param')],
  },
  {
    what: 'a confirmed uplink',
    source: library,
    command: 'mac tx cnf 1 66',
    bytes: 'ok\r\nmac_tx_ok\r\n',
    means: [done, { kind: 'event', event: { kind: 'acknowledged' } }],
  },
  {
    what: 'an uplink and what came with its end',
    source: guide,
    command: 'mac tx uncnf 1 0102',
    bytes: 'ok\r\nmac_rx 1 AABB\r\n',
    means: [
      done,
      { kind: 'event', event: { kind: 'downlink', fPort: 1, hex: 'aabb' } },
      { kind: 'event', event: { kind: 'sent' } },
    ],
  },
  {
    what: 'a confirmed uplink that is not acknowledged, in the words of SAMR34',
    source: guide,
    command: 'mac tx cnf 1 66',
    bytes: 'ok\r\nno_ack\r\n',
    means: [done, { kind: 'event', event: { kind: 'not-acknowledged', why: 'no-answer', code: 'no_ack' } }],
  },
  {
    what: 'an uplink before the join',
    source: guide,
    command: 'mac tx uncnf 1 66',
    bytes: 'not_joined\r\n',
    means: [refused('not-joined', 'not_joined')],
  },
  {
    what: 'a bare frame, after two blanks',
    source: 'reports of users of the module',
    command: 'radio rx 0',
    bytes: 'ok\r\nradio_rx  010203\r\n',
    means: [done, { kind: 'event', event: { kind: 'p2p-received', hex: '010203' } }],
  },
];
