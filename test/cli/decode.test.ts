import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { toBase64 } from '../../src/base/base64.js';
import { hex, toHex } from '../../src/base/hex.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { sealData } from '../../src/lorawan/frame.js';
import { jsonOf, stellwerk } from './stellwerk.js';

const folder = mkdtempSync(join(tmpdir(), 'stellwerk-decode-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

// anthonykirby/lora-packet, __tests__/mic_test.ts and decrypt_test.ts (values only).
const nwkSKey = '44024241ed4ce9a68c6a8bc055233fd3';
const appSKey = 'ec925802ae430ca77fd3dd73cb2cc588';
const data = '40f17dbe4900020001954378762b11ff0d';
const joinRequest = '0039363463336913aa05693574323831330489c65b1304';
const joinAppKey = '98929b92c49edba9676d646d3b612456';
const keys = file('keys.json', JSON.stringify({ nwkSKey, appSKey }));

/** A Bosch status `occupied` under the keys above. */
const bosch = (fCnt: number, payload = '01'): string =>
  toHex(
    sealData({
      ...{ uplink: true, confirmed: true, devAddr: 0x49be7df1, fCnt, fPort: 1, payload: hex(payload) },
      ...{ nwkSKey: aesKey(hex(nwkSKey)), appSKey: aesKey(hex(appSKey)) },
    }),
  );

describe('a payload', () => {
  const args = ['decode', '--model', 'bosch-tps110', '--fport', '1', '--hex', '01'];

  test('is explained down to the bay', async () => {
    const ran = await stellwerk(args);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/01 +byte 0 bit 0 +occupied +true/);
    expect(ran.stdout).toContain('the bay is occupied');
  });

  test('has exactly model, fPort, message and reading as JSON', async () =>
    expect(jsonOf(await stellwerk([...args, '--json']))).toEqual({
      ...{ model: 'bosch-tps110', fPort: 1 },
      ...{ message: { type: 'status', occupied: true }, reading: { occupied: true } },
    }));

  test.each([
    [['--hex', '0g'], '"g" at character 2'],
    [['--hex', '01 0'], '3 hexadecimal digits'],
    [['--hex', '0102'], '2 bytes are there, 1 are expected'],
    [['--fport', '99'], 'sends nothing on port 99'],
    [['--model', 'bosch-tps111'], 'Nearest: bosch-tps110'],
  ])('%j is said in a sentence', async (change, why) => {
    const ran = await stellwerk([...args, ...change]);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain(why);
  });
});

describe('a frame', () => {
  test('without keys shows its header, and says which keys are missing', async () => {
    const ran = await stellwerk(['decode', data]);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/DevAddr +49be7df1/);
    expect(ran.stdout).toMatch(/MIC +2b11ff0d unchecked/);
    expect(ran.stderr).toContain('without nwkSKey and appSKey');
    expect(jsonOf(await stellwerk(['decode', data, '--json']))).toMatchObject({
      error: { code: 'keys-missing' },
      lorawan: { devAddr: '49be7df1', fCnt: 2, mic: { verdict: 'unchecked' } },
    });
  });

  test.each([
    ['hexadecimal', data],
    ['spaced hexadecimal', data.replace(/../g, '$& ')],
    ['base64', toBase64(hex(data))],
  ])('in %s is opened with keys from a file', async (_, frame) => {
    const ran = await stellwerk(['decode', frame, '--keys-file', keys, '--json']);
    expect(ran.code).toBe(0);
    expect(jsonOf(ran)).toEqual({
      lorawan: {
        ...{ id: '9d121119a3c50a79', type: 'unconfirmed-up', devAddr: '49be7df1', fCnt: 2, flags: [], fOpts: '' },
        ...{ fPort: 1, encrypted: '95437876', payload: '74657374', referee: 'agrees' },
        mic: { value: '2b11ff0d', verdict: 'ok' },
      },
    });
  });

  test('is opened with keys from the environment, and with keys from a pipe', async () => {
    const env = { STELLWERK_NWK_S_KEY: nwkSKey, STELLWERK_APP_S_KEY: appSKey };
    const ran = await stellwerk(['decode', '-', '--json'], { env, input: `${data}\n` });
    expect(jsonOf(ran)).toMatchObject({ lorawan: { payload: '74657374' } });
    const piped = await stellwerk(['decode', data, '--keys-file', '-', '--json'], {
      input: `nwkSKey: ${nwkSKey}\nappSKey: ${appSKey}\n`,
    });
    expect(jsonOf(piped)).toEqual(jsonOf(ran));
  });

  test('takes keys and model from its entry in a list of devices, down to the bay', async () => {
    const devices = file(
      'devices.yaml',
      `- devEui: 0000000000000001\n  model: pni-placepod\n  otaa: { appKey: ${joinAppKey} }\n` +
        `- devEui: 0000000000000002\n  model: bosch-tps110\n` +
        `  abp: { devAddr: 49BE7DF1, nwkSKey: ${nwkSKey}, appSKey: ${appSKey} }\n`,
    );
    const ran = await stellwerk(['decode', bosch(7), '--keys-file', devices]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/FCnt +7\n/);
    expect(ran.stdout).toContain('the bay is occupied');
    const json = jsonOf(await stellwerk(['decode', bosch(7), '--keys-file', devices, '--json']));
    expect(json).toMatchObject({ model: 'bosch-tps110', reading: { occupied: true }, lorawan: { fCnt: 7 } });
  });

  test('whose counter has gone beyond 16 bits opens with --fcnt-high, which is suggested', async () => {
    const frame = bosch(0x2_0005);
    const ran = await stellwerk(['decode', frame, '--keys-file', keys]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('add --fcnt-high 2');
    const again = await stellwerk(['decode', frame, '--keys-file', keys, '--fcnt-high', '2', '--json']);
    expect(jsonOf(again)).toMatchObject({ lorawan: { fCnt: 0x2_0005, payload: '01', mic: { verdict: 'ok' } } });
  });

  test('with a wrong MIC is explained, but not opened', async () => {
    const ran = await stellwerk(['decode', `${data.slice(0, -1)}e`, '--keys-file', keys, '--model', 'bosch-tps110']);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/MIC +2b11ff0e wrong/);
    expect(ran.stdout).not.toContain('74657374');
    expect(ran.stderr).toContain('integrity code');
  });

  test('whose payload the model refuses keeps its explanation', async () => {
    const ran = await stellwerk(['decode', bosch(1, '0101'), '--keys-file', keys, '--model', 'bosch-tps110']);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/payload +0101 \(decrypted\)/);
    expect(ran.stderr).toContain('2 bytes are there, 1 are expected');
  });

  test.each([
    [data.replace('95', '9g'), '"g" at character 20'],
    [data.slice(0, -1), '33 hexadecimal digits'],
    [data.slice(0, 20), 'at least 12 bytes, 10 are there'],
    ['QPF9vkkAAgABlUN4?isR/w0=', 'character 17 is "?"'],
    ['', 'nothing came in on standard input'],
  ])('that is none is said in a sentence: %s', async (frame, why) => {
    const ran = await stellwerk(['decode', frame]);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain(why);
  });
});

describe('a join', () => {
  test('request is checked with the AppKey of the DevEUI', async () => {
    const devices = file('otaa.yaml', `- devEui: 3331383274356905\n  otaa: { appKey: ${joinAppKey} }\n`);
    const ran = await stellwerk(['decode', joinRequest, '--keys-file', devices, '--json']);
    expect(jsonOf(ran)).toMatchObject({
      lorawan: { devEui: '3331383274356905', devNonce: 35076, mic: { value: 'c65b1304', verdict: 'ok' } },
    });
  });

  // TheThingsNetwork/lorawan-stack, pkg/crypto/join_messages_test.go (values only).
  test('accept is opened with the AppKey', async () => {
    const env = { STELLWERK_APP_KEY: '01'.repeat(16) };
    const ran = await stellwerk(['decode', '20c9fbb259e11649096a568a9e3b7117c3', '--json'], { env });
    expect(jsonOf(ran)).toMatchObject({
      lorawan: { type: 'join-accept', devAddr: '01020304', netId: '010203', joinNonce: 0x010203, rxDelayS: 1 },
    });
  });
});

describe('a keys file', () => {
  test.each([
    ['no: keys\n', 'names no keys'],
    [`nwkSKey: ${nwkSKey.slice(1)}\n`, 'not an AES-128 key'],
    ['- {a: 1}\n- {a: 2}\n', 'none of them is 49be7df1'],
    ['a: [\n', 'not YAML'],
  ])('that is wrong is said, without its keys: %j', async (text, why) => {
    const ran = await stellwerk(['decode', data, '--keys-file', file('bad.yaml', text)]);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain(why);
    expect(ran.stderr).not.toContain(nwkSKey.slice(1));
  });
});
