import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/hex.js';
import { describe as told, hintOf, type Problem } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import { controlConfig } from '../../src/config/control.js';
import { hideKeys } from '../../src/config/hide.js';
import { loadConfig, type Loaded, type ReadyConfig } from '../../src/config/load.js';
import { simulatedKey } from '../../src/lorawan/keys.js';

const catalogue = openCatalogue();
const folder = mkdtempSync(join(tmpdir(), 'stellwerk-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'curb.yaml');

const load = (text: string, env: Record<string, string> = {}): Promise<Loaded<ReadyConfig>> => {
  writeFileSync(file, text);
  return loadConfig({ file, env, catalogue });
};
const good = async (text: string, env: Record<string, string> = {}): Promise<ReadyConfig> => {
  const loaded = await load(text, env);
  if (loaded.ok) return loaded.value;
  throw new Error(loaded.problems.map(told).join('\n'));
};
const codes = async (text: string, env: Record<string, string> = {}): Promise<readonly string[]> => {
  const loaded = await load(text, env);
  return loaded.ok ? [] : loaded.problems.map(({ code }) => code);
};

const key = '2b7e151628aed2a6abf7158809cf4f3c';
const ends = 'sources: [{ type: semtech-udp }]\nsinks: [{ type: mqtt, url: mqtt://127.0.0.1 }]\n';
const deviceWith = (keys: string): string =>
  `${ends}devices:\n  - { devEui: 0200000000000001, model: cicicom-s-lg-i3, ${keys} }\n`;
const abp = deviceWith(`abp: { devAddr: 2601E123, nwkSKey: ${key}, appSKey: ${key}, fCntUp: 70000 }`);
const otaa = deviceWith(`otaa: { appKey: ${key} }`);

describe('a configuration', () => {
  test('what is not said has a default', async () => {
    const { config, devices, gateways, state } = await good(otaa);
    expect(config).toMatchObject({ name: 'stellwerk', simulation: false, region: 'EU868', netId: '000000' });
    expect(config.sources).toMatchObject([{ host: '127.0.0.1', port: 1700 }]);
    expect(config.sinks).toMatchObject([{ qos: 1, inFlight: 1_000, eventTopic: '{prefix}/events' }]);
    const usual = { deviceClass: 'A', counters: 'strict', adr: true };
    expect(devices).toMatchObject([{ bay: '0200000000000001', lot: 'default', lorawan: '1.0.3', ...usual }]);
    expect([gateways, state]).toEqual(['any', undefined]);
  });

  test('a DevAddr that looks like a number stays what it is', async () => {
    const { devices } = await good(abp);
    expect(devices[0]?.activation).toMatchObject({ kind: 'abp', devAddr: 0x2601e123, fCntUp: 70_000 });
  });

  test.each(['12E45678', '00000010', '26011234', '2601E999'])('unquoted %s', async (devAddr) => {
    const { devices } = await good(abp.replace('2601E123', devAddr));
    expect(devices[0]?.activation).toMatchObject({ devAddr: Number.parseInt(devAddr, 16) });
  });

  test('an EUI of digits alone keeps its zeros, in the list of gateways too', async () => {
    const { gateways } = await good(`gateways: [0016000100000001, "00:16:00:01:00:00:00:02"]\n${otaa}`);
    expect(gateways).toEqual(new Set(['0016000100000001', '0016000100000002']));
  });

  test('JSON is YAML, with tabs and nulls', async () => {
    const text = {
      name: null,
      sources: [{ type: 'semtech-udp', port: 1701 }],
      sinks: [{ type: 'mqtt', url: 'mqtt://h', qos: 0 }],
      devices: [{ devEui: '0200000000000001', model: 'cicicom-s-lg-i3', otaa: { appKey: key } }],
    };
    for (const space of [undefined, 2, '\t']) {
      const { config } = await good(JSON.stringify(text, null, space));
      expect(config).toMatchObject({ name: 'stellwerk', sources: [{ port: 1701 }], sinks: [{ qos: 0 }] });
    }
  });

  test('the environment goes over the file', async () => {
    const { config } = await good(otaa, {
      STELLWERK_NAME: 'yard',
      STELLWERK_SIMULATION: 'true',
      STELLWERK_NET_ID: '000013',
      STELLWERK_SOURCES_0_PORT: '0',
      STELLWERK_SINKS_0_IN_FLIGHT: '500',
      STELLWERK_SINKS_0_PASSWORD: 'env:BROKER_PASSWORD',
      BROKER_PASSWORD: 'p',
      STELLWERK_APP_KEY: 'is for decode',
    });
    expect(config).toMatchObject({ name: 'yard', simulation: true, netId: '000013', sources: [{ port: 0 }] });
    expect(config.sinks).toMatchObject([{ inFlight: 500 }]);
  });

  test('keys and passwords come from variables and files', async () => {
    mkdirSync(join(folder, 'secrets'), { recursive: true });
    writeFileSync(join(folder, 'secrets', 'key'), `${key}\n`);
    writeFileSync(join(folder, 'secrets', 'empty'), '\n');
    const text = otaa.replace('mqtt://127.0.0.1', 'mqtt://h, username: env:WHO, password: file:secrets/key');
    const { sinks } = await good(text.replace(`appKey: ${key}`, 'appKey: file:secrets/key'), { WHO: 'me' });
    expect(sinks[0]?.config).toMatchObject({ username: 'me', password: key });
    for (const reference of ['file:secrets/none', 'file:secrets/empty', 'file:secrets', 'env:NONE', 'env:EMPTY'])
      expect(await codes(otaa.replace(key, reference), { EMPTY: '' })).toEqual(['config-reference']);
  });

  test('devices may stand in a file of their own; its problems name that file', async () => {
    const list = `- { devEui: 0200000000000001, bay: a, model: cicicom-s-lg-i3, otaa: { appKey: ${key} } }\n`;
    writeFileSync(join(folder, 'devices.yaml'), list);
    expect((await good(`${ends}devices: devices.yaml\n`)).devices).toMatchObject([{ bay: 'a', name: 'a' }]);
    writeFileSync(join(folder, 'devices.yaml'), list + list.replace('0200', '02'));
    const loaded = await load(`${ends}devices: devices.yaml\n`);
    expect(!loaded.ok && loaded.problems.map(({ at }) => at)).toEqual([
      { file: join(folder, 'devices.yaml'), line: 2, column: 13, path: '1.devEui' },
    ]);
  });

  test('a simulated key is only taken by a simulation', async () => {
    const text = otaa.replace(key, toHex(simulatedKey('1', 'a')));
    expect(await codes(text)).toEqual(['config-simulated-key']);
    expect((await good(`simulation: true\n${text}`)).devices).toHaveLength(1);
  });

  test('the folder for state starts at the file', async () =>
    expect((await good(`state: kept\n${otaa}`)).state).toBe(join(folder, 'kept')));

  test.each([
    ['', undefined],
    ['control: off\n', 'off'],
    ['control: run/c.sock\n', join(folder, 'run/c.sock')],
    ['control: /run/c.sock\n', '/run/c.sock'],
  ])('%j: whoever asks the gateway finds its socket without the rest of the file', async (line, control) => {
    expect((await good(`${line}${otaa}`)).control).toBe(control);
    writeFileSync(file, `${line}name: curb\nstate: kept\ndevices: absent.yaml\nsinks: nonsense\n`);
    const value = { name: 'yard', state: join(folder, 'kept'), control };
    expect(await controlConfig(file, { STELLWERK_NAME: 'yard' })).toEqual({ ok: true, value });
  });

  test('what finds a gateway is checked as the rest is', async () => {
    writeFileSync(file, 'state: [a]\n');
    const read = await controlConfig(file, {});
    expect(read).toMatchObject({ problems: [{ code: 'option-wrong', at: { file, line: 1, path: 'state' } }] });
    expect(await controlConfig(join(folder, 'absent.yaml'), {})).toMatchObject({
      problems: [{ code: 'file-missing' }],
    });
  });

  test('commands from a broker: only when asked for, and never from a topic that we publish to', async () => {
    const sink = (more: string): string => otaa.replace('mqtt://127.0.0.1', `mqtt://127.0.0.1${more}`);
    expect((await good(otaa)).sinks[0]!.config).toMatchObject({ commands: false });
    expect((await good(sink(', commands: true'))).sinks[0]!.config).toMatchObject({ commands: true });
    const loop = await load(sink(', commands: true, downlinkEventTopic: "{prefix}/device/{device}/command/down"'));
    expect(loop).toMatchObject({
      problems: [{ code: 'topic-loop', at: { line: 2, path: 'sinks.0.downlinkEventTopic' } }],
    });
  });
});

describe('no key is ever shown', () => {
  const all = (problems: readonly Problem[]): string =>
    problems.map((one) => `${told(one)} ${hintOf(one) ?? ''} ${inspect(one, { depth: 9 })}`).join('\n');
  const secret = fc.uint8Array({ minLength: 14, maxLength: 20 }).map(toHex);

  test('wherever somebody writes it', async () => {
    const spots = [
      'stellwerk',
      'semtech-udp',
      'mqtt://127.0.0.1',
      '0200000000000001',
      'cicicom-s-lg-i3',
      'appKey',
      'devEui',
      key,
    ];
    const text = `name: stellwerk\n${otaa}`;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...spots),
        secret,
        fc.constantFrom('', ': x', ' [', '*', '"'),
        async (spot, hex, more) => {
          const loaded = await load(text.replace(spot, hex + more));
          const shown = loaded.ok ? '' : all(loaded.problems);
          expect(shown.toLowerCase()).not.toContain(hex.slice(0, 24));
        },
      ),
      { numRuns: 150 },
    );
  });

  test('nor what a variable holds', async () => {
    const loaded = await load(otaa.replace(key, 'env:KEY'), { KEY: key.slice(1) });
    expect(!loaded.ok && all(loaded.problems)).toContain('31 digits');
    expect(!loaded.ok && all(loaded.problems)).not.toContain(key.slice(1, 12));
  });

  test('an EUI stays', () => {
    expect(hideKeys('0200000000000001 and 02-00-00-00-00-00-00-01')).toBe(
      '0200000000000001 and 02-00-00-00-00-00-00-01',
    );
    expect(hideKeys(`x ${key} y`)).toBe('x [hidden] y');
    expect(hideKeys(key.replace(/../g, '$& ').trim())).toBe('[hidden]');
  });
});

describe('a distance sensor', () => {
  const device = (mounting: string): string =>
    `${ends}devices:\n  - { devEui: 0200000000000001, model: cicicom-s-lg-i3, otaa: { appKey: ${key} }, mounting: ${mounting} }\n`;

  test('hangs as its mounting says, with what is usual where it is silent', async () => {
    const { devices } = await good(device('{ heightMm: 2600 }'));
    expect(devices[0]?.mounting).toEqual({ heightMm: 2600, thresholdMm: 500, hysteresisMm: 200 });
  });

  test('has a mounting for each head where it is a list', async () => {
    const { devices } = await good(device('[{ heightMm: 2600 }, { heightMm: 2400, thresholdMm: 700 }]'));
    expect(devices[0]?.mounting).toMatchObject([{ heightMm: 2600 }, { heightMm: 2400, thresholdMm: 700 }]);
  });

  test.each(['{ heightMm: 400 }', '{ heightMm: 2500, thresholdMm: 100, hysteresisMm: 200 }'])(
    'cannot hang like %s',
    async (mounting) => expect(await codes(device(mounting))).toContain('config-mounting'),
  );
});

describe('privacy', () => {
  const secret = '0123456789abcdef';

  test('personal data is left out unless somebody says otherwise', async () => {
    expect((await good(otaa)).pseudonym).toBeUndefined();
    expect((await good(`privacy: { tags: off, secret: ${secret} }\n${otaa}`)).pseudonym).toBeUndefined();
  });

  test('pseudonyms follow from the secret alone, and do not show what they stand for', async () => {
    const named = async (text: string, env = {}): Promise<string> =>
      (await good(`privacy: { tags: hmac, secret: "${text}" }\n${otaa}`, env)).pseudonym!('305419896');
    const one = await named('env:TAGS', { TAGS: secret });
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect(await named(secret)).toBe(one);
    expect(await named('fedcba9876543210')).not.toBe(one);
    // HMAC-SHA256 of that text under that key, by OpenSSL.
    expect(one).toBe('c33e728c25136611');
  });

  test.each([
    ['privacy: { tags: hmac }', 'config-privacy-secret'],
    ['privacy: { tags: hmac, secret: tooshort }', 'config-privacy-short'],
    ['privacy: { tags: hmac, secret: env:ABSENT }', 'config-reference'],
    ['privacy: { tags: plain }', 'option-wrong'],
  ])('%s: %s', async (line, code) => {
    const loaded = await load(`${line}\n${otaa}`);
    expect(loaded.ok ? [] : loaded.problems.map((one) => one.code)).toEqual([code]);
    expect(loaded.ok ? '' : loaded.problems.map((one) => told(one) + (hintOf(one) ?? '')).join()).not.toContain(
      'tooshort',
    );
  });
});
