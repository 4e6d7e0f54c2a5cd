import { defineConsole } from '../../../src/console/dialect.js';
import { reader } from './reader.js';
import { syntax, table } from './table.js';
import { verbs } from './verbs.js';

const manual = 'RAK811 LoRa AT Command V1.5 (2018-10-17), in AmedeeBulle/pyrak811 @f08c1d8 DOCS';

/** The firmware 2 of RAK's RAK811. */
export default defineConsole({
  id: 'rak-811-v2',
  name: 'RAK811 version 2',
  source: manual,
  bauds: [115_200, 9_600],
  terminator: '\r\n',
  commands: table,
  syntax,
  hellos: [{ baud: 115_200, bytes: 'at+version\r\n' }],
  recognise({ lines }) {
    const told = lines.map((line) => line.trimEnd());
    if (told.some((line) => /^OK\d+\.\d+\.\d+/.test(line) || line.startsWith('Welcome to RAK811'))) return 'yes';
    if (told.includes('at+recv=8,0,0')) return 'yes';
    return told.some((line) => /^ERROR-\d{1,2}$/.test(line)) ? 'maybe' : undefined;
  },
  confirm: 'at+version\r\n',
  reader,
  verbs,
  examples: [
    {
      what: 'a value glued to OK',
      source: manual,
      command: 'at+band',
      bytes: 'OKEU868\r\n',
      means: [{ kind: 'ok', info: 'EU868' }],
    },
    {
      what: 'a join: OK at once, its end as an event',
      source: manual,
      command: 'at+join=otaa',
      bytes: 'OK\r\nat+recv=3,0,0\r\n',
      means: [{ kind: 'ok' }, { kind: 'event', event: { kind: 'joined' } }],
    },
    {
      what: 'ABP has joined with its OK',
      source: manual,
      command: 'at+join=abp',
      bytes: 'OK\r\n',
      means: [{ kind: 'event', event: { kind: 'joined' } }, { kind: 'ok' }],
    },
    {
      what: 'a confirmed uplink',
      source: manual,
      command: 'at+send=1,2,010203040506',
      bytes: 'OK\r\nat+recv=1,0,0\r\n',
      means: [{ kind: 'ok' }, { kind: 'event', event: { kind: 'acknowledged' } }],
    },
    {
      what: 'a downlink',
      source: manual,
      bytes: 'at+recv=0,2,10,30313233343536373839\r\n',
      means: [{ kind: 'event', event: { kind: 'downlink', fPort: 2, hex: '30313233343536373839' } }],
    },
    {
      what: 'a downlink with its level, as at+recv_ex=1 wants it',
      source: `${manual}: the form; the values are ours`,
      bytes: 'at+recv=0,11,-34,27,4,65666768\r\n',
      means: [{ kind: 'event', event: { kind: 'downlink', fPort: 11, hex: '65666768', rssiDbm: -34, snrDb: 27 } }],
    },
    {
      what: 'a confirmed uplink without an answer',
      source: `${manual}: status 6`,
      command: 'at+send=1,2,01',
      bytes: 'OK\r\nat+recv=6,0,0\r\n',
      means: [
        { kind: 'ok' },
        { kind: 'event', event: { kind: 'not-acknowledged', why: 'no-answer', code: 'at+recv=6' } },
      ],
    },
    {
      what: 'awake, and what woke it was not read',
      source: `${manual}: status 8`,
      bytes: 'at+recv=8,0,0\r\n',
      means: [{ kind: 'event', event: { kind: 'awake' } }],
    },
    {
      what: 'an error',
      source: manual,
      command: 'at+send=0,2,01',
      bytes: 'ERROR-5\r\n',
      means: [{ kind: 'refused', why: 'not-joined', code: 'ERROR-5' }],
    },
  ],
});
