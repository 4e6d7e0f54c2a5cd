import { describe, expect, test } from 'vitest';
import console from '../../devices/consoles/rak-811-v2/index.js';
import { hex, toHex } from '../../src/base/hex.js';
import type { Command } from '../../src/console/dialect.js';
import type { ModemEvent } from '../../src/sim/modem-types.js';
import type { Flash } from '../../src/sim/twin.js';
import twin from '../../simulators/consoles/rak-811-v2/index.js';
import { bench, type Bench } from './bench.js';
import { consoleLaws } from './laws.js';
import { scriptedModem, type ScriptedModem } from './scripted-modem.js';
import { exchangesOf } from './transcript.js';

consoleLaws(console, twin);

const board = (flash: Flash = {}): { readonly b: Bench; readonly modem: ScriptedModem } => {
  const modem = scriptedModem();
  const b = bench({ dialect: console, twin, modem, flash });
  b.wire.advance(1_000_000);
  return { b, modem };
};

const exchanges = exchangesOf('rak811-v2');
const down = (bytes: string, fPort = 2): ModemEvent => ({
  ...{ kind: 'downlink', fPort, bytes: hex(bytes), window: 'rx1', rssiDbm: -34.4, snrDb: 26.7 },
  ...{ dataRate: 5, pending: false },
});

/** What the network does after a command; of two alike the second one's comes with the first line that asks for it. */
const news: Readonly<Record<string, readonly ModemEvent[]>> = {
  'at+join=otaa': [{ kind: 'joined', devAddr: 0x26011234, netId: 0x13 }],
  'at+send=0,2,010203040506': [{ kind: 'sent' }],
  'at+send=1,2,010203040506': [down('30313233343536373839'), { kind: 'delivered', acknowledged: true }],
};

describe('the transcript of the manual', () => {
  test('is what the make-believe board says, to the byte', () => {
    const { b, modem } = board();
    modem.identity = { ...modem.identity, devEui: '3037343644357402' };
    for (const { command, answers } of exchanges) {
      // One hundred frames a second apart are over after their airtime and ninety-nine pauses.
      let said =
        command === undefined ? b.take() : b.type(`${command}\r\n`, command.startsWith('at+txc') ? 160_000 : 100);
      for (const event of news[command!] ?? []) {
        if (event.kind === 'joined') modem.joined = true;
        b.tell(event);
        said += b.take();
      }
      expect(said, command).toBe(answers.map((line) => `${line}\r\n`).join(''));
    }
    expect(exchanges).toHaveLength(19);
  });

  test('means what its notes say', () => {
    const reader = console.reader();
    const all = exchanges.map(({ command, answers }) => {
      const open: Command | undefined =
        command === undefined ? undefined : { name: '', text: command, ends: 'status', withinMs: 1_000 };
      return answers.flatMap((line) => reader.line(line, open));
    });
    expect(all.flat().filter(({ kind }) => kind === 'log')).toEqual([]);
    expect(all.flat().flatMap((one) => (one.kind === 'event' ? [one.event] : []))).toEqual([
      { kind: 'boot' },
      { kind: 'joined' },
      { kind: 'joined' },
      { kind: 'sent' },
      { kind: 'acknowledged' },
      { kind: 'downlink', fPort: 2, hex: '30313233343536373839' },
      { kind: 'p2p-sent' },
    ]);
    expect(all.flat().filter(({ kind }) => kind === 'ok')).toHaveLength(exchanges.length - 1);
  });
});

describe('the events in every form', () => {
  const means = (line: string, before?: string) => {
    const reader = console.reader();
    if (before !== undefined) reader.line('OK', { name: '', text: before, ends: 'status', withinMs: 1 });
    return reader.line(line, undefined);
  };
  const event = (event: unknown) => [{ kind: 'event', event }];
  test('with and without levels and data', () => {
    expect(means('at+recv=0,2,-70,8,0')).toEqual(
      event({ kind: 'downlink', fPort: 2, hex: '', rssiDbm: -70, snrDb: 8 }),
    );
    expect(means('at+recv=0,2,2,3132')).toEqual(event({ kind: 'downlink', fPort: 2, hex: '3132' }));
    expect(means('at+recv=0,0,-70,8,2,3132')).toEqual(
      event({ kind: 'p2p-received', hex: '3132', rssiDbm: -70, snrDb: 8 }),
    );
    for (const line of [
      'at+recv=',
      'at+recv=0',
      'at+recv=0,2,3,3132',
      'at+recv=0,999,0',
      'at+recv=42,0,0',
      'at+recv=0,2,x',
    ])
      expect(means(line), line).toEqual([{ kind: 'log' }]);
  });
  test('that end what is on the air', () => {
    const join = 'at+join=otaa';
    const send = 'at+send=1,2,01';
    expect(means('at+recv=4,0,0', join)).toEqual(event({ kind: 'join-failed', why: 'no-answer', code: 'at+recv=4' }));
    expect(means('at+recv=6,0,0', join)).toEqual(event({ kind: 'join-failed', why: 'no-answer', code: 'at+recv=6' }));
    expect(means('at+recv=100,0,0', join)).toEqual(event({ kind: 'join-failed', why: 'unknown', code: 'at+recv=100' }));
    expect(means('at+recv=5,0,0', send)).toEqual(
      event({ kind: 'not-acknowledged', why: 'tx-timeout', code: 'at+recv=5' }),
    );
    expect(means('at+recv=7,0,0', send)).toEqual(
      event({ kind: 'not-acknowledged', why: 'bad-answer', code: 'at+recv=7' }),
    );
    expect(means('at+recv=5,0,0', 'at+txc=1,10,01')).toEqual(event({ kind: 'p2p-failed', why: 'timeout' }));
    expect(means('at+recv=7,0,0')).toEqual([{ kind: 'log' }]);
    expect(means('at+recv=8,0,0')).toEqual(event({ kind: 'awake' }));
  });
});

describe('what the make-believe board does besides', () => {
  const says = (b: Bench, line: string, answer: string): void =>
    expect(b.type(`${line}\r\n`), line).toBe(`${answer}\r\n`);

  test('errors by number', () => {
    const { b, modem } = board();
    says(b, '', 'ERROR-1');
    says(b, 'AT', 'ERROR-1');
    says(b, 'at+bogus', 'ERROR-1');
    says(b, 'at+VERSION', 'ERROR-1');
    says(b, 'at+band=XX999', 'ERROR-1');
    says(b, 'at+get_config=bogus', 'ERROR-2');
    says(b, 'at+set_config=bogus:1', 'ERROR-1');
    says(b, 'at+join=', 'ERROR-1');
    says(b, 'at+send=0,2,01', 'ERROR-5');
    says(b, 'at+send=0,224,01', 'ERROR-1');
    says(b, `at+send=0,2,${'00'.repeat(65)}`, 'ERROR-1');
    modem.joined = true;
    modem.refusals.push({ kind: 'busy' }, { kind: 'too-long', most: 51 }, { kind: 'wait', ms: 9 });
    says(b, 'at+send=0,2,01', 'ERROR-6');
    says(b, 'at+send=0,2,01', 'ERROR-13');
    says(b, 'at+send=0,2,01', 'ERROR-7');
    modem.refusals.push({ kind: 'wait', ms: 9 }, { kind: 'busy' });
    says(b, 'at+join=otaa', 'ERROR-4');
    says(b, 'at+join=otaa', 'ERROR-6');
  });

  test('several keys at once, all or none', () => {
    const { b, modem } = board();
    says(b, 'at+set_config=adr:off&dr:9', 'ERROR-1');
    says(b, 'at+get_config=adr', 'OKon');
    says(b, 'at+set_config=adr:off&dr:4&class:2', 'OK');
    expect(modem.settings).toMatchObject({ adr: false, dataRate: 4, deviceClass: 'C' });
  });

  test('keys in capitals, the session in small letters and without leading zeros', () => {
    const { b, modem } = board();
    says(b, 'at+get_config=app_key', 'OK0102030405060708090A0B0C0D0E0F10');
    Object.assign(modem, { devAddr: 0x00011234, netId: 0x13 });
    const keys = '2122232425262728292a2b2c2d2e2f30,4142434445464748494a4b4c4d4e4f50';
    says(b, 'at+abp_info', `OK13,11234,${keys}`);
  });

  test('a join is asked as often as join_cnt says', () => {
    const { b, modem } = board({ joinTries: '3' });
    says(b, 'at+join=otaa', 'OK');
    const fail = (): string => {
      b.tell({ kind: 'join-failed', why: 'rx-timeout' });
      return b.take();
    };
    expect(fail()).toBe('');
    // The back-off of joins: it waits and asks again.
    modem.refusals.push({ kind: 'wait', ms: 60_000 });
    expect(fail()).toBe('');
    expect(modem.asked).toHaveLength(2);
    b.wire.advance(b.wire.nowUs + 60_000_000);
    expect(modem.asked).toHaveLength(3);
    expect(fail()).toBe('at+recv=4,0,0\r\n');
  });

  test('what was received comes after the end of the uplink, with its level only when wanted', () => {
    const { b, modem } = board();
    modem.joined = true;
    b.type('at+send=0,2,01\r\n');
    b.tell(down('0aff', 10));
    b.tell({ kind: 'sent' });
    expect(b.take()).toBe('at+recv=2,0,0\r\nat+recv=0,10,2,0aff\r\n');
    says(b, 'at+recv_ex=1', 'OK');
    b.tell(down('0aff', 10));
    expect(b.take()).toBe('at+recv=0,10,-34,27,2,0aff\r\n');
  });

  test('asleep it reads nothing; a character wakes it; recv_ex is forgotten', () => {
    const { b } = board();
    b.type('at+recv_ex=1\r\n');
    says(b, 'at+sleep', 'OK');
    expect(b.type('*')).toBe('at+recv=8,0,0\r\n');
    says(b, 'at+recv_ex', 'OK0');
  });

  test('a restart keeps settings; a reload does not, nor keys; a new band resets the radio and keeps keys', () => {
    const { b, modem } = board();
    b.type('at+set_config=retrans:3&dr:2\r\n');
    expect(b.type('at+reset=0\r\n')).toBe('OK\r\nWelcome to RAK811\r\n');
    says(b, 'at+get_config=retrans', 'OK3');
    expect(modem.restarts).toBe(1);
    says(b, 'at+band=US915', 'OK');
    says(b, 'at+get_config=retrans', 'OK8');
    says(b, 'at+get_config=max_chs', 'OK72');
    expect(toHex(modem.identity.appKey)).toBe('0102030405060708090a0b0c0d0e0f10');
    says(b, 'at+reload', 'OK');
    says(b, 'at+band', 'OKEU868');
    says(b, 'at+get_config=app_key', 'ERROR-2');
    says(b, 'at+get_config=dev_eui', 'OKAC1F09FFFE000001');
    says(b, 'at+join=otaa', 'ERROR-1');
  });

  test('channels by list and by mask', () => {
    const { b } = board();
    says(b, 'at+get_config=ch_mask', 'OK0,0007');
    says(b, 'at+set_config=ch_list:3,on,867100000,0,5', 'OK');
    says(b, 'at+get_config=ch_mask', 'OK0,000f');
    says(b, 'at+set_config=ch_list:1,off', 'OK');
    says(b, 'at+set_config=ch_list:16,off', 'ERROR-1');
    says(b, 'at+set_config=ch_list:1,on', 'ERROR-1');
    expect(b.type('at+get_config=ch_list\r\n')).toContain(
      'OK0,on,868100000,0,5;1,off;2,on,868500000,0,5;3,on,867100000,0,5;4,off',
    );
    says(b, 'at+set_config=ch_mask:0,0005', 'OK');
    says(b, 'at+get_config=ch_mask', 'OK0,0005');
    says(b, 'at+set_config=ch_mask:1,0005', 'ERROR-1');
  });

  test('point to point: one event when all is sent, none when it was stopped', () => {
    const { b } = board({ mode: '1' });
    says(b, 'at+txc=2,1000,01', 'OK');
    says(b, 'at+txc=2,1000,01', 'ERROR-6');
    says(b, 'at+tx_stop', 'OK');
    b.wire.advance(b.wire.nowUs + 10_000_000);
    expect(b.take()).toBe('');
    expect(b.type('at+txc=1,10,01\r\n', 500)).toBe('OK\r\n');
    b.wire.advance(b.wire.nowUs + 10_000_000);
    expect(b.take()).toBe('at+recv=9,0,0\r\n');
    says(b, 'at+status', 'OK1,0,0,0,0,0,0');
  });
});
