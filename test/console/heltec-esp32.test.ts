import { describe, expect, test } from 'vitest';
import type { LineSignals } from '../../src/base/machine.js';
import type { Command, Dialect, Meaning } from '../../src/console/dialect.js';
import { must, setSignals, type Script } from '../../src/console/script.js';
import { ok } from '../../src/base/result.js';
import console, { commands } from '../../devices/consoles/heltec-esp32/index.js';
import { identityOf } from '../../devices/consoles/heltec-esp32/verbs.js';
import { licenceOf } from '../../simulators/consoles/heltec/licence.js';
import twin from '../../simulators/consoles/heltec-esp32/index.js';
import { bench, type Bench } from './bench.js';
import { exchangesOf } from './heltec-transcript.js';
import { consoleLaws } from './laws.js';
import { downlink, scriptedModem, type ScriptedModem } from './scripted-modem.js';

consoleLaws(console, twin);

const serial = '91810c8f3a4b5c6d';
const licensed = { licensed: true };
const asks =
  'Please provide a correct license! For more information:\r\nhttp://www.heltec.cn/search/\r\nESP32ChipID=0C8F3A4B5C6D\r\n';

const board = (setup: Partial<Parameters<typeof bench>[0]> = {}): Bench =>
  bench({ dialect: console, twin, modem: scriptedModem(), serial, ...setup });
const wait = (b: Bench, ms: number): string => {
  b.wire.advance(b.wire.nowUs + ms * 1000);
  return b.take();
};
/** Moves modem lines, 60 ms between groups and nothing within one, and gives what the board prints until 300 ms later. */
const signals = (b: Bench, ...groups: readonly (readonly LineSignals[])[]): string => {
  b.take();
  for (const moves of groups) {
    b.run(
      (function* (): Script<void> {
        for (const move of moves) yield* setSignals(move);
        return ok(undefined);
      })(),
    );
    b.wire.advance(b.wire.nowUs + 60_000);
  }
  return wait(b, 300);
};

describe('the transcript of the licence', () => {
  const exchanges = exchangesOf('heltec-esp32-license.txt');
  const [byItself, right, wrong] = exchanges;

  test('byte by byte, from the board', () => {
    expect(exchanges).toHaveLength(3);
    const b = board();
    // The board repeats three lines: the transcript shows the last of one turn and the first of the next.
    const twice = wait(b, 5_000);
    expect(twice).toContain(byItself!.bytes);
    expect(twice).toMatch(new RegExp(`entry 0x403c98d8\r\n(?:${asks.replace(/[.?]/g, '\\$&')}){2}$`));
    expect(b.type(right!.sent)).toContain(wrong!.bytes);
    const key = right!.sent.replace(/=.*/, `=${licenceOf(serial)}`);
    expect(b.type(key).startsWith(right!.bytes)).toBe(true);
  });

  test('means what it says', () => {
    const reader = console.reader();
    const means = (open: Command | undefined, bytes: string): readonly Meaning[] =>
      bytes.split('\r\n').flatMap((line) => reader.line(line, open));
    const licence = (state: 'needed' | 'valid' | 'wrong', chipId?: string): Meaning => ({
      kind: 'event',
      event: { kind: 'licence', state, ...(chipId !== undefined && { chipId }) },
    });
    const news = (...all: Parameters<typeof means>): readonly Meaning[] =>
      means(...all).filter(({ kind }) => kind !== 'log');
    expect(news(undefined, byItself!.bytes)).toEqual([licence('needed', '0c8f3a4b5c6d')]);
    const open = commands.typed(right!.sent);
    expect(news(open, right!.bytes)).toEqual([{ kind: 'ok' }, licence('valid')]);
    expect(news(open, wrong!.bytes)).toEqual([
      { kind: 'refused', why: 'bad-value', code: 'Error license!' },
      licence('wrong'),
    ]);
    expect(news(undefined, wrong!.bytes)).toEqual([licence('wrong')]);
    // A sketch that only shows the number wants nothing.
    expect(console.reader().line('ESP32ChipID=0C8F3A4B5C6D', undefined)).toEqual([{ kind: 'log' }]);
    expect(console.reader().line('The board is active', undefined)).toEqual([licence('valid')]);
  });
});

describe('the board', () => {
  test('starts as its chip does', () => {
    expect(wait(board({ board: 'heltec-wifi-lora-32-v2' }), 0)).toMatch(
      /^ets Jun {2}8 2016 00:22:57\r\n\r\nrst:0x1 \(POWERON_RESET\),boot:0x17 \(SPI_FAST_FLASH_BOOT\)\r\nconfigsip/,
    );
    for (const id of twin.boards.filter((one) => one !== 'heltec-wifi-lora-32-v2'))
      expect(wait(board({ board: id }), 0), id).toMatch(
        /^ESP-ROM:esp32s3-20210327\r\nBuild:Mar 27 2021\r\nrst:0x1 \(POWERON\),boot:0x8 \(SPI_FAST_FLASH_BOOT\)\r\n/,
      );
  });

  test('keeps its licence, and runs its sketch without being told', () => {
    const modem = scriptedModem();
    const b = board({ modem });
    wait(b, 1_000);
    expect(modem.asked).toEqual([]);
    expect(b.type(`AT+CDKEY=${licenceOf(serial).toLowerCase()}\r\n`, 200)).toMatch(
      /^The board is actived\r\n\r\nLoRaWAN EU868 Class A start!\r\n\r\n\+OTAA=1\r\n.*\+DevEui=AC1F09FFFE000001\(For OTAA Mode\)\r\n.*\r\n\r\n\r\njoining\.\.\.\r\n$/s,
    );
    expect(modem.asked).toEqual([{ join: {} }]);
    expect(b.told.findLast(({ kind }) => kind === 'flash')).toEqual({ kind: 'flash', flash: licensed });
    expect(b.type('AT+CDKEY=00\r\n')).toBe('');
    expect(wait(board({ flash: licensed }), 1_000)).toMatch(/joining\.\.\.\r\n$/);
  });

  const joined = (modem: ScriptedModem): Bench => {
    const b = board({ modem, flash: licensed });
    wait(b, 1_000);
    modem.joined = true;
    b.tell({ kind: 'joined', devAddr: 1, netId: 0 });
    return b;
  };

  test('joins again, sends every 15 s, and tells what comes', () => {
    const modem = scriptedModem();
    const b = board({ modem, flash: licensed });
    wait(b, 1_000);
    b.tell({ kind: 'join-failed', why: 'rx-timeout' });
    expect(b.take()).toBe('join failed, join again at 30s later\r\n');
    modem.refusals.push({ kind: 'wait', ms: 2_000 });
    wait(b, 33_000);
    expect(modem.asked).toHaveLength(2);
    modem.joined = true;
    b.tell({ kind: 'joined', devAddr: 1, netId: 0 });
    expect(b.take()).toBe('joined\r\nconfirmed uplink sending ...\r\n');
    b.tell(downlink(9, [1, 2]));
    b.tell({ kind: 'delivered', acknowledged: true });
    expect(wait(b, 10)).toBe(
      'received unconfirmed downlink: rssi = -70, snr = 8, datarate = 5\r\n+REV DATA:RXWIN1,RXSIZE 2,PORT 9\r\n+REV DATA:0102\r\n',
    );
    expect(wait(b, 16_500)).toBe('confirmed uplink sending ...\r\n');
    b.tell({ kind: 'delivered', acknowledged: true });
    expect(wait(b, 10)).toMatch(/^received unconfirmed downlink: rssi = /);
    const heard = b.events.map(({ kind }) => kind);
    expect(heard).toEqual(['join-failed', 'joined', 'sending', 'heard', 'downlink', 'sending', 'heard']);
  });

  test('a pulse on RTS restarts it; its lines go through two transistors', () => {
    const b = joined(scriptedModem());
    expect(signals(b, [{ dtr: true, rts: true }])).toBe('');
    expect(signals(b, [{ dtr: false }], [{ rts: false }])).toMatch(
      /^ESP-ROM.*rst:0x1 \(POWERON\),boot:0x8 .*entry \w+\r\n$/s,
    );
    // While it is held it does nothing.
    expect(signals(b, [{ rts: true }])).toBe('');
    expect(wait(b, 60_000)).toBe('');
    expect(signals(b, [{ rts: false }, { dtr: true }])).toMatch(
      /boot:0x0 \(DOWNLOAD\(USB\/UART0\)\)\r\nwaiting for download\r\n$/,
    );
    expect(signals(b, [{ dtr: false }])).toBe('');
    expect(wait(b, 60_000)).toBe('');
    expect(b.events.at(-1)).toEqual({ kind: 'boot', mode: 'bootloader' });
    expect(signals(b, [{ rts: true }], [{ rts: false }])).toContain('SPI_FAST_FLASH_BOOT');
  });

  test('on boards with USB of their own the lines mean something else', () => {
    const b = board({ board: 'heltec-wifi-lora-32-v4', flash: licensed });
    wait(b, 1_000);
    // The classic sequence only restarts it.
    expect(signals(b, [{ dtr: false, rts: true }], [{ dtr: true }, { rts: false }], [{ dtr: false }])).toMatch(
      /^ESP-ROM.*rst:0x15 \(USB_UART_CHIP_RESET\),boot:0x8 /s,
    );
    expect(signals(b, [{ dtr: true }], [{ rts: true }], [{ dtr: false }], [{ rts: false }])).toMatch(
      /rst:0x15 \(USB_UART_CHIP_RESET\),boot:0x0 \(DOWNLOAD\(USB\/UART0\)\)\r\n.*waiting for download\r\n$/s,
    );
  });
});

describe('the verbs', () => {
  test('identify listens', () => {
    const b = board();
    expect(b.run(console.verbs.identify())).toEqual({
      ok: true,
      value: {
        model: 'Heltec ESP32',
        serial: '0c8f3a4b5c6d',
        more: { licence: 'needed' },
      },
    });
    expect(board({ flash: licensed, board: 'heltec-wifi-lora-32-v2' }).run(console.verbs.identify())).toMatchObject({
      value: { region: 'EU868', devEui: 'ac1f09fffe000001', joinEui: 'ac1f09fff8680811' },
    });
    const quiet = board({ flash: licensed });
    wait(quiet, 2_000);
    const from = quiet.wire.nowUs;
    expect(quiet.run(console.verbs.identify())).toEqual({ ok: true, value: {} });
    expect(quiet.wire.nowUs - from).toBeLessThan(3_100_000);
    expect(
      identityOf([
        'ESP-ROM:esp32s3-20210327',
        'rst:0x1 (POWERON),boot:0x0 (DOWNLOAD(USB/UART0))',
        'joining...',
        'joined',
      ]),
    ).toEqual({
      model: 'Heltec ESP32',
      chip: 'ESP32-S3',
      mode: 'bootloader',
      joined: true,
    });
  });

  test('what cannot be done says why, and what to do instead', () => {
    const b = board();
    const { verbs, cannot }: Dialect = console;
    const keys = { appKey: '11'.repeat(16) };
    for (const [verb, script] of Object.entries({
      readKeys: verbs.readKeys(),
      setKeys: verbs.setKeys(keys),
      join: verbs.join({ attempts: 1, withinMs: 1 }),
      send: verbs.send({ fPort: 1, hex: '00', confirmed: false }),
    })) {
      const why = cannot?.[verb as 'join'];
      expect(why).toContain('docs/stellwerk-at.md');
      expect(b.run<unknown>(script as Script<unknown>)).toMatchObject({
        problem: { code: 'board-cannot', facts: { why } },
      });
    }
    expect(wait(b, 0)).not.toContain('Error');
  });

  test('restart and rescue pulse RTS', () => {
    for (const id of twin.boards) {
      const modem = scriptedModem();
      const b = board({ modem, board: id });
      wait(b, 1_000);
      expect(b.run(console.verbs.restart()), id).toEqual({ ok: true, value: undefined });
      expect(modem.restarts).toBe(1);
      signals(b, [{ dtr: true, rts: false }]);
      expect(b.run(console.verbs.rescue()), id).toMatchObject({ value: [expect.stringContaining('the sketch')] });
    }
    const b = board();
    b.wire.unplug();
    b.wire.open();
    wait(b, 10);
    expect(b.run(console.verbs.restart())).toMatchObject({ ok: true });
  });

  test('the licence as a command', () => {
    const b = board();
    wait(b, 1_000);
    expect(b.run(must(commands.set('licence', '00'.repeat(16))))).toMatchObject({
      problem: { code: 'board-refused', facts: { command: 'AT+CDKEY=[redacted]' } },
    });
    expect(commands.set('licence', '00')).toMatchObject({ problem: { facts: { text: '(hidden)' } } });
    expect(b.run(must(commands.set('licence', licenceOf(serial).toLowerCase())))).toEqual({ ok: true, value: [] });
    expect(b.run(must(ok(commands.ask('chipId'))))).toMatchObject({ problem: { code: 'board-silent' } });
    expect(commands.values('chipId', ['ESP32ChipID=0C8F3A4B5C6D'])).toEqual({ ok: true, value: ['0c8f3a4b5c6d'] });
  });

  test('recognises itself', () => {
    const { recognise }: Dialect = console;
    const heard = (...lines: string[]) => recognise({ lines, raw: lines.join('\r\n') }, undefined);
    expect(heard('ESP32ChipID=0C8F3A4B5C6D')).toBe('yes');
    expect(heard('ESP-ROM:esp32s3-20210327')).toBe('maybe');
    expect(heard('ets Jun  8 2016 00:22:57')).toBe('maybe');
    expect(heard('ets Jan  8 2013,rst cause:2, boot mode:(3,6)')).toBe(undefined);
    expect(heard('rst:0x1 (POWERON),boot:0x0 (DOWNLOAD(USB/UART0))', 'waiting for download')).toBe('bootloader');
    expect(heard('unconfirmed uplink sending ...')).toBe('maybe');
    expect(heard('OK', 'joined')).toBe(undefined);
  });
});
