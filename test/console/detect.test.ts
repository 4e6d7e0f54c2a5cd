import { describe, expect, test } from 'vitest';
import type { Machine } from '../../src/base/machine.js';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import { detect, type Detected } from '../../src/console/detect.js';
import type { Dialect } from '../../src/console/dialect.js';
import type { ModemEvent } from '../../src/sim/modem-types.js';
import type { TwinEvent, VirtualConsole } from '../../src/sim/twin.js';
import { bench } from './bench.js';
import { scriptedModem } from './scripted-modem.js';

const catalogue = openCatalogue();
const dialects: Dialect[] = (await catalogue.all('consoles')).map(({ entry }) => must(entry));
const twins: VirtualConsole[] = (await catalogue.all('twins')).map(({ entry }) => must(entry));

const bootMs = 4_000;

describe('every console has its make-believe end, and is found', () => {
  test('by the same name', () => {
    expect(twins.map(({ id }) => id)).toEqual(dialects.map(({ id }) => id));
  });

  for (const twin of twins)
    for (const board of twin.boards) {
      const start = (): ReturnType<typeof bench> => {
        // At another speed than its own a board hears noise, and so does its host.
        const b = bench({ twin, modem: scriptedModem(), board }, { paced: true, farBaud: () => twin.baud });
        b.wire.advance(bootMs * 1_000);
        return b;
      };
      test(`${board} with ${twin.id}, guessed, within 3 s`, () => {
        const b = start();
        const found = b.run<Detected>(detect({ dialects, likely: [twin.id] }));
        expect(found).toMatchObject({ ok: true, value: { dialect: { id: twin.id }, baud: twin.baud, state: 'talks' } });
        expect(b.tookMs).toBeLessThanOrEqual(3_000);
      });
      test(`${board} with ${twin.id}, not guessed, within 15 s`, () => {
        const b = start();
        const found = b.run<Detected>(detect({ dialects }));
        expect(found).toMatchObject({ ok: true, value: { dialect: { id: twin.id }, baud: twin.baud } });
        expect(b.tookMs).toBeLessThanOrEqual(15_000);
      });
      test(`${board} with ${twin.id}, guessed wrongly`, () => {
        const wrong = dialects.find(({ id }) => id !== twin.id);
        const b = start();
        const found = b.run<Detected>(detect({ dialects, likely: wrong ? [wrong.id] : [] }));
        expect(found).toMatchObject({ ok: true, value: { dialect: { id: twin.id } } });
        expect(b.tookMs).toBeLessThanOrEqual(15_000);
      });
    }
});

describe('a bootloader of RAK is that of its firmware, whoever was guessed', () => {
  const enters = { 'rak-rui3': 'AT+BOOT\r\n', 'rak-legacy-v3': 'at+set_config=device:boot\r\n' };
  for (const [id, command] of Object.entries(enters))
    for (const likely of ['', ...dialects.map((one) => one.id)])
      test(`${id}, guessed: ${likely || 'nothing'}`, () => {
        const twin = twins.find((one) => one.id === id)!;
        const b = bench({ twin, modem: scriptedModem() }, { paced: true, farBaud: () => twin.baud });
        b.wire.advance(bootMs * 1_000);
        b.type(command, 2_000);
        const found = b.run<Detected>(detect({ dialects, likely: likely === '' ? [] : [likely] }));
        expect(found).toMatchObject({ ok: true, value: { dialect: { id }, state: 'bootloader', baud: 115_200 } });
        expect(b.tookMs).toBeLessThanOrEqual(likely === id ? 3_000 : 15_000);
      });
  test('one that does not tell its version is still one', () => {
    const b = bench({ twin: { ...twins[0]!, baud: 115_200, open: () => stubborn }, modem: scriptedModem() });
    const found = b.run<Detected>(detect({ dialects }));
    expect(found).toMatchObject({ ok: true, value: { dialect: { id: 'rak-rui3' }, state: 'bootloader' } });
    expect(b.tookMs).toBeLessThanOrEqual(15_000);
  });
});
const stubborn: Machine<TwinEvent, ModemEvent> = {
  step(input, _, out) {
    if (input.kind === 'bytes' && input.bytes.includes(10) && input.bytes.length > 2)
      out.bytes(new TextEncoder().encode('AT not support.\r\n'));
  },
};

describe('what is no board that we know', () => {
  const twinOf = (machine: Machine<TwinEvent, ModemEvent>): VirtualConsole => ({ ...twins[0]!, open: () => machine });
  const found = (machine: Machine<TwinEvent, ModemEvent>) => {
    const b = bench({ twin: twinOf(machine), modem: scriptedModem() });
    return { result: b.run<Detected>(detect({ dialects })), tookMs: b.tookMs };
  };
  const says = (answer: (nowUs: number) => Uint8Array): Machine<TwinEvent, ModemEvent> => ({
    step(input, nowUs, out) {
      if (input.kind === 'bytes') out.bytes(answer(nowUs));
    },
  });

  test('silence', () => {
    const { result, tookMs } = found({ step: () => undefined });
    expect(result).toMatchObject({ ok: false, problem: { code: 'console-silent' } });
    expect(tookMs).toBeLessThanOrEqual(15_000);
  });
  test('noise', () => {
    const { result } = found(
      says((nowUs) => Uint8Array.from({ length: 40 }, (_, i) => 0x80 | ((i * 37 + nowUs) & 0x7f))),
    );
    expect(result).toMatchObject({ ok: false, problem: { code: 'console-noise' } });
  });
  test('another language', () => {
    const { result } = found(says(() => new TextEncoder().encode('login: \r\n')));
    expect(result).toMatchObject({ ok: false, problem: { code: 'console-unknown', facts: { line: 'login: ' } } });
  });
  test('a modem of another kind that says OK to everything', () => {
    const { result } = found(says(() => new TextEncoder().encode('OK\r\n')));
    expect(result).toMatchObject({ ok: false, problem: { code: 'console-unknown', facts: { line: 'OK' } } });
  });
  test('a flood that never ends is given up', () => {
    const flood: Machine<TwinEvent, ModemEvent> = {
      step(input, nowUs, out) {
        if (input.kind === 'timeout') out.bytes(new Uint8Array(500).fill(0x55));
        out.wakeAt(nowUs + 50_000);
      },
    };
    const { result, tookMs } = found(flood);
    expect(result).toMatchObject({ ok: false });
    expect(tookMs).toBeLessThanOrEqual(15_000);
  });
});
