import { describe, expect, test } from 'vitest';
import console from '../../devices/consoles/rak-legacy-v3/index.js';
import { hex, toHex } from '../../src/base/hex.js';
import type { Command, Meaning } from '../../src/console/dialect.js';
import type { ModemEvent } from '../../src/sim/modem-types.js';
import type { Flash } from '../../src/sim/twin.js';
import twin from '../../simulators/consoles/rak-legacy-v3/index.js';
import { bench, type Bench } from './bench.js';
import { consoleLaws } from './laws.js';
import { scriptedModem, type ScriptedModem } from './scripted-modem.js';
import { exchangesOf } from './transcript.js';

consoleLaws(console, twin);

const board = (id: string, flash: Flash = {}): { readonly b: Bench; readonly modem: ScriptedModem } => {
  const modem = scriptedModem();
  const b = bench({ dialect: console, twin, modem, board: id, flash });
  b.wire.advance(1_000_000);
  b.take();
  return { b, modem };
};

const exchanges = exchangesOf('rak-legacy-v3');

/** Where the manuals turn to another board, and what it had been told before. */
interface Scene {
  readonly from: number;
  readonly board: string;
  readonly flash?: Flash;
  prepare?(modem: ScriptedModem): void;
}
const scenes: readonly Scene[] = [
  { from: 0, board: 'rak-rak4270' },
  { from: 1, board: 'rak-rak811' },
  { from: 2, board: 'rak-rak4270', flash: { activation: '1' } },
  { from: 3, board: 'rak-rak811', flash: { activation: '1' } },
  { from: 7, board: 'rak-rak4270' },
  { from: 8, board: 'rak-rak811' },
  { from: 9, board: 'rak-rak4270' },
  { from: 16, board: 'rak-rak4270', prepare: (modem) => void (modem.joined = true) },
  {
    from: 24,
    board: 'rak-rak4270',
    flash: {
      ...{ deviceClass: '2', multicast: '1', multicastAddr: '260111fd', dataRate: '4' },
      multicastAppSKey: 'f13ddfa2619b10411f02f042e1c0f356',
      multicastNwkSKey: '1d1991f5377c675879c39b6908d437a6',
    },
    prepare(modem) {
      const appKey = hex('00000000000008880000000000000888');
      modem.identity = { ...modem.identity, devEui: '0000000000000888', joinEui: '0000000000000888', appKey };
    },
  },
];

const news: Readonly<Record<string, readonly ModemEvent[]>> = {
  'at+join': [{ kind: 'joined', devAddr: 0x26011234, netId: 0x13 }],
  'at+send=lora:1:5A00': [{ kind: 'delivered', acknowledged: true }],
};

describe('the transcript of the manuals', () => {
  test('is what the make-believe board says, to the byte', () => {
    let b!: Bench;
    let modem!: ScriptedModem;
    for (const [i, { command, answers }] of exchanges.entries()) {
      const scene = scenes.find(({ from }) => from === i);
      if (scene) {
        ({ b, modem } = board(scene.board, scene.flash));
        scene.prepare?.(modem);
      }
      let said = b.type(command === '+++' ? command : `${command}\r\n`, 1_500);
      // An uplink of the manual without an acknowledgement is an unconfirmed one.
      const plain = command === 'at+send=lora:1:5A00' && answers.length === 1;
      for (const event of plain ? [{ kind: 'sent' } as const] : (news[command!] ?? [])) {
        if (event.kind === 'joined') modem.joined = true;
        Object.assign(modem, { lastHeard: { rssiDbm: -105, snrDb: -12 } });
        b.tell(event);
        said += b.take();
      }
      expect(said, `${i}: ${command}`).toBe(answers.map((line) => `${line}\r\n`).join(''));
    }
    expect(exchanges).toHaveLength(30);
  });

  test('means what its notes say', () => {
    const reader = console.reader();
    const means = (command: string | undefined, answers: readonly string[]): readonly Meaning[] => {
      const open: Command = { name: '', text: command!, ends: 'idle', withinMs: 1_000 };
      return answers.flatMap((line) => reader.line(line, open)).filter(({ kind }) => kind !== 'log');
    };
    const all = exchanges.map(({ command, answers }) => means(command, answers));
    const events = all.flat().flatMap((one) => (one.kind === 'event' ? [one.event] : []));
    expect(events).toEqual([
      { kind: 'boot', mode: 'lorawan' },
      { kind: 'boot', mode: 'bootloader' },
      { kind: 'boot', mode: 'lorawan' },
      { kind: 'asleep' },
      { kind: 'joined' },
      { kind: 'acknowledged' },
      { kind: 'heard', rssiDbm: -105, snrDb: -12 },
      { kind: 'boot', mode: 'p2p' },
      { kind: 'p2p-sent' },
    ]);
    // Every command has an end: a status, or the boot text.
    for (const [i, one] of all.entries()) {
      const status = one.filter(({ kind }) => kind === 'ok' || kind === 'refused').length;
      const boots = one.filter((each) => each.kind === 'event' && each.event.kind === 'boot').length;
      expect(status + boots, exchanges[i]!.command).toBeGreaterThanOrEqual(1);
    }
    expect(all.at(-1)).toEqual([{ kind: 'refused', why: 'unknown-command', code: 'ERROR: 1' }]);
    expect(
      all.find((_, i) => exchanges[i]!.command === 'at+get_config=lora:status')!.filter(({ kind }) => kind === 'value'),
    ).toHaveLength(27);
  });
});

describe('what the make-believe board does besides', () => {
  test('a restart in every spelling of its port', () => {
    const { b } = board('rak-rak811', { workMode: '1' });
    expect(b.type('at+set_config=device:restart\r\n')).toBe(
      'UART1 work mode: RUI_UART_NORAMAL\r\nCurrent work_mode:P2P\r\nInitialization OK\r\n',
    );
  });

  test('commands in lower case and known ones only', () => {
    const { b } = board('rak-rak4270');
    for (const line of ['AT', 'AT+VERSION', 'at+versions', 'at+run', 'at+bootstatus', 'at+update', 'at'])
      expect(b.type(`${line}\r\n`), line).toBe('ERROR: 1\r\n');
    expect(b.type('\r\n')).toBe('');
  });

  test('the errors that have numbers of their own', () => {
    const { b, modem } = board('rak-rak4270');
    const says = (line: string, answer: string): void => expect(b.type(`${line}\r\n`), line).toBe(`${answer}\r\n`);
    says('at+set_config=lora:region:XX999', 'ERROR: 89');
    says('at+set_config=lora:dr:9', 'ERROR: 84');
    says('at+set_config=lora:tx_power:8', 'ERROR: 82');
    says('at+set_config=lora:class:1', 'ERROR: 2');
    says('at+set_config=lora:app_eui:0000000000000000', 'ERROR: 2');
    says('at+send=lora:1:5A00', 'ERROR: 86');
    says('at+send=lora:0:5A00', 'ERROR: 2');
    says('at+send=lora:1:5A0', 'ERROR: 2');
    says('at+send=lorap2p:1234', 'ERROR: 81');
    modem.joined = true;
    modem.refusals.push({ kind: 'too-long', most: 51 }, { kind: 'wait', ms: 5 }, { kind: 'busy' });
    says('at+send=lora:1:5A00', 'ERROR: 101');
    says('at+send=lora:1:5A00', 'ERROR: 90');
    says('at+send=lora:1:5A00', 'ERROR: 80');
    expect(board('rak-rak811').b.type('at+set_config=lora:app_eui:0000000000000000\r\n')).toBe('OK\r\n');
  });

  test('join blocks: what wants the radio meanwhile is refused, and the network decides', () => {
    const { b } = board('rak-rak4270');
    expect(b.type('at+join\r\n', 5_000)).toBe('');
    expect(b.type('at+join\r\n')).toBe('ERROR: 80\r\n');
    expect(b.type('at+version\r\n')).toBe('OK V3.3.0.14\r\n');
    b.tell({ kind: 'join-failed', why: 'rx-timeout' });
    expect(b.take()).toBe('ERROR: 99\r\n');
  });

  test('ABP needs no network', () => {
    const { b, modem } = board('rak-rak4270', { activation: '1' });
    expect(b.type('at+join\r\n')).toBe('OK Join Success\r\n');
    expect(modem.settings.activation).toBe('abp');
    expect(b.type('at+get_config=lora:status\r\n')).toContain(
      'Join_mode: ABP\r\nDevAddr: 26011234\r\nAppsKey: 4142434445464748494A4B4C4D4E4F50\r\nNwksKey: 2122',
    );
  });

  test('what was received comes right behind the OK, and without an uplink at once', () => {
    const { b, modem } = board('rak-rak4270');
    modem.joined = true;
    b.type('at+send=lora:2:01\r\n');
    const one: ModemEvent = {
      ...{ kind: 'downlink', fPort: 10, bytes: hex('0aff'), window: 'rx1', rssiDbm: -70.4, snrDb: 7.6 },
      ...{ dataRate: 5, pending: false },
    };
    b.tell(one);
    expect(b.take()).toBe('');
    b.tell({ kind: 'sent' });
    expect(b.take()).toBe('OK\r\nat+recv=10,-70,8,2:0aff\r\n');
    b.tell(one);
    expect(b.take()).toBe('at+recv=10,-70,8,2:0aff\r\n');
  });

  test('data mode sends what is typed, line ends too, and survives a restart; +++ leaves it', () => {
    const { b, modem } = board('rak-rak4270');
    modem.joined = true;
    expect(b.type('at+set_config=device:uart_mode:1:1\r\n')).toBe('OK\r\n');
    expect(b.type('AZ\r\n')).toBe('');
    const flash = b.told.findLast((one) => one.kind === 'flash');
    expect(modem.asked).toEqual([{ send: expect.objectContaining({ fPort: 8, bytes: hex('415a0d0a') }) as unknown }]);
    const again = board('rak-rak4270', flash?.kind === 'flash' ? flash.flash : {});
    expect(again.b.type('at+version\r\n')).toBe('');
    expect(again.b.type('+++')).toBe('OK\r\n');
    expect(again.b.type('at+version\r\n')).toBe('OK V3.3.0.14\r\n');
  });

  test('asleep it reads nothing; any edge wakes it; in class C it does not sleep', () => {
    const { b } = board('rak-rak4270');
    b.type('at+set_config=device:sleep:1\r\n');
    expect(b.type('at+version\r\n')).toBe('OK Wake Up\r\n');
    expect(b.type('at+version\r\n')).toBe('OK V3.3.0.14\r\n');
    b.type('at+set_config=lora:class:2\r\n');
    b.type('at+set_config=device:sleep:1\r\n');
    expect(b.type('at+version\r\n')).toBe('OK V3.3.0.14\r\n');
  });

  test('the bootloader in its own words', () => {
    const { b } = board('rak-rak4270');
    b.type('at+set_config=device:boot\r\n');
    const says = (line: string, answer: string): void => expect(b.type(`${line}\r\n`), line).toBe(answer);
    says('at+version', 'OK RAK4270 v3.3.0.17\r\n');
    says('at+bootstatus', 'Boot Mode\r\n');
    says('at+join', 'AT not support.\r\n');
    says('AT', 'AT not support.\r\n');
    expect(b.type('at+reset\r\n')).toContain('Initialization OK\r\n');
  });

  test('a frame from point to point is over after its airtime', () => {
    const { b } = board('rak-rak4270', { workMode: '1' });
    expect(b.type('at+join\r\n')).toBe('ERROR: 81\r\n');
    // SF12, 2 bytes: 0.83 s.
    expect(b.type('at+send=lorap2p:1234\r\n', 800)).toBe('');
    expect(b.type('at+send=lorap2p:1234\r\n', 10)).toBe('ERROR: 80\r\n');
    b.wire.advance(b.wire.nowUs + 50_000);
    expect(b.take()).toBe('OK\r\n');
  });

  test('settings stay over a restart, keys of the factory come back with default_parameters', () => {
    const { b, modem } = board('rak-rak4270');
    const factory = toHex(modem.identity.appKey);
    b.type('at+set_config=lora:dr:3\r\n');
    b.type('at+set_config=lora:app_key:841986913ACD00BBC2BE2479D70F3228\r\n');
    modem.settings.dataRate = 0;
    b.type('at+set_config=device:restart\r\n');
    expect(modem.settings.dataRate).toBe(3);
    expect(modem.restarts).toBe(1);
    expect(toHex(modem.identity.appKey)).toBe('841986913acd00bbc2be2479d70f3228');
    b.type('at+set_config=lora:default_parameters\r\n');
    expect(toHex(modem.identity.appKey)).toBe(factory);
  });

  test('channels go off and on', () => {
    const { b } = board('rak-rak4270');
    b.type('at+set_config=lora:ch_mask:1:0\r\n');
    expect(b.type('at+get_config=lora:channel\r\n')).toContain('OK * 0,on,868100000,0,5;  1,off,868300000,0,5; * 2,on');
    b.type('at+set_config=lora:ch_mask:1:1\r\n');
    expect(b.type('at+get_config=lora:channel\r\n')).toContain('; * 1,on,868300000,0,5; ');
  });
});
