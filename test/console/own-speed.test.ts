import { describe, expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import { detect, type Detected } from '../../src/console/detect.js';
import { bench } from './bench.js';
import { scriptedModem } from './scripted-modem.js';

const catalogue = openCatalogue();
const dialects = (await catalogue.all('consoles')).map(({ entry }) => must(entry));
const twins = (await catalogue.all('twins')).map(({ entry }) => must(entry));

// ESP32 boards are left out: most have USB of their own, where any speed will do.
const withSpeed = twins.map(({ id }) => id).filter((id) => id !== 'heltec-esp32' && id !== 'stellwerk-at');

// Boards whose host is seen to set its speed, as over RFC 2217: nothing between the two ends looks after it.

const sets: Readonly<Record<string, { readonly set: string; readonly restart: string }>> = {
  'rak-rui3': { set: 'AT+BAUD=9600\r\n', restart: 'ATZ\r\n' },
  'rak-legacy-v3': { set: 'at+set_config=device:uart:1:9600\r\n', restart: 'at+set_config=device:restart\r\n' },
  'rak-811-v2': { set: 'at+uart=9600,8,0,1,0\r\n', restart: 'at+reset=0\r\n' },
};

describe.each(Object.entries(sets))('%s at another speed', (id, { set, restart }) => {
  const twin = twins.find((one) => one.id === id)!;
  const dialect = dialects.find((one) => one.id === id)!;
  const start = () => {
    const b = bench({ twin, dialect, modem: scriptedModem() }, { paced: true });
    b.wire.advance(2_000_000);
    const at = (baud: number, text: string): string => {
      b.wire.tell({ kind: 'baud', baud });
      b.wire.advance(b.wire.nowUs);
      return b.type(text, 1_500);
    };
    return { b, at };
  };

  test('holds, and the other end hears noise', () => {
    const { at } = start();
    expect(at(115_200, set)).toBe('OK\r\n');
    if (id !== 'rak-legacy-v3') {
      // From the restart on.
      expect(at(9_600, set)).toBe('');
      expect(at(115_200, restart)).not.toMatch(/Welcome|Current/i);
    }
    expect(at(115_200, set)).toBe('');
    expect(at(9_600, set)).toBe('OK\r\n');
  });

  test('is found', () => {
    const { b, at } = start();
    at(115_200, set);
    at(115_200, restart);
    const found = b.run<Detected>(detect({ dialects, likely: [id] }));
    expect(found).toMatchObject({ ok: true, value: { dialect: { id }, baud: 9_600 } });
    expect(b.tookMs).toBeLessThanOrEqual(15_000);
  });

  test('is rescued to its usual one, where its console can', () => {
    const { b, at } = start();
    at(115_200, set);
    at(115_200, restart);
    // RUI3's factory reset is asked at the speed at which it was found.
    b.wire.tell({ kind: 'baud', baud: id === 'rak-rui3' ? 9_600 : 115_200 });
    const did = b.run(dialect.verbs.rescue());
    if (id !== 'rak-rui3') expect(did).toMatchObject({ ok: true });
    expect(at(115_200, 'at+version\r\n')).toMatch(/^(OK|AT_COMMAND_NOT_FOUND)/);
  });
});

test.each(withSpeed)('%s does not answer at 38400', (id) => {
  const twin = twins.find((one) => one.id === id)!;
  const b = bench({ twin, modem: scriptedModem() });
  b.wire.advance(4_000_000);
  b.wire.tell({ kind: 'baud', baud: 38_400 });
  for (const text of ['AT\r\n', 'at+version\r\n', 'AT+ChipID=?', 'sys get ver\r\n'])
    expect(b.type(text)).not.toMatch(/[A-Za-z]{2}/);
});
