// No key and no password of ours may stand in anything that the program writes, but for the one place that is made for keys.
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { openBroker } from '../../src/io/broker.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { sealData } from '../../src/lorawan/frame.js';
import { sealJoinRequest } from '../../src/lorawan/join.js';
import { jsonOf, program, stellwerk } from '../cli/stellwerk.js';
import { freePort } from '../peers/mosquitto.js';
import { secretsIn, spellingsOf } from '../tools/secret-scan.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const appKey = must(fromHex('a91c5be37f0d42468bd1e60f93c7582a'));
const nwkSKey = must(fromHex('c3e85a17f94b2d60718ea2d5bf46390c'));
const appSKey = must(fromHex('5fd2804eb7963ac1e8d47b15029f6ce3'));
const secrets: Readonly<Record<string, Uint8Array | string>> = {
  ...{ appKey, nwkSKey, appSKey },
  password: 'Gr4ben/Wasser!7391',
  wrongPassword: 'Kn0ten&Punkt?2846',
  token: 'tok_Vq8ZrT1mXw5LhYd0',
  watchToken: 'see_Hb3NsK7pQe9RfUj2',
  pseudonymSecret: 'pfeffer Mz6CyG4oWa8E',
};

describe('the scan', () => {
  test('finds every spelling wherever it stands', () => {
    const names = spellingsOf(appKey).map(([name]) => name);
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.string(), fc.string(), (name, before, after) => {
        const [, wanted] = spellingsOf(appKey).find(([one]) => one === name)!;
        const text = Buffer.concat([Buffer.from(before), wanted, Buffer.from(after)]);
        expect(secretsIn(text, { appKey })).toContain(`appKey as ${name}`);
      }),
    );
    expect(secretsIn(`token=${encodeURIComponent('a b&c')}`, { t: 'a b&c' })).toEqual(['t as URL']);
    expect(secretsIn('nothing at all', secrets)).toEqual([]);
  });
});

const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + 20_000; !(await holds());) {
    if (Date.now() > end) throw new Error(`this never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};

/** A folder with a configuration that knows every kind of secret, and the far ends that it names. */
const stand = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stellwerk-secrets-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const broker = await openBroker({ port: 0, fallback: false });
  if ('problem' in broker) throw new Error(broker.problem.code);
  closers.push(() => broker.close());
  const posted: string[] = [];
  const web = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => posted.push(text));
    // Refused at first, so that the program has something to complain about.
    request.on('end', () => response.writeHead(posted.length < 2 ? 401 : 204).end());
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  closers.push(
    () => new Promise((resolve) => web.close(resolve)),
    () => web.closeAllConnections(),
  );
  const file = (name: string, text: string): void => {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o600);
  };
  mkdirSync(join(folder, 'private'), { mode: 0o700 });
  for (const name of ['password', 'wrongPassword', 'watchToken', 'pseudonymSecret'])
    file(`private/${name}`, `${secrets[name] as string}\n`);
  file(
    'devices.yaml',
    `- { devEui: fcd6bd00001936b0, bay: og-01, lot: graben, model: bosch-tps110, otaa: { appKey: ${toHex(appKey)} } }\n` +
      `- { devEui: fcd6bd00001936b1, bay: og-02, lot: graben, model: bosch-tps110,\n` +
      `    abp: { devAddr: "01020304", nwkSKey: ${toHex(nwkSKey)}, appSKey: ${toHex(appSKey)} } }\n`,
  );
  const closed = await freePort();
  file(
    'stellwerk.yaml',
    [
      'name: yard\nstate: state\ndevices: devices.yaml\nlog: { level: debug }\ncontrol: c.sock',
      `sources: [{ type: semtech-udp, port: 0 }]`,
      'sinks:',
      `  - { type: mqtt, url: ${broker.url}, username: yard, password: file:private/password, commands: true }`,
      `  - { type: mqtt, url: "mqtt://127.0.0.1:${closed}", username: yard, password: file:private/wrongPassword }`,
      `  - { type: http, url: "http://127.0.0.1:${(web.address() as AddressInfo).port}/in", token: env:WEB_TOKEN }`,
      '  - { type: jsonl, path: events.jsonl }',
      '  - { type: cbor, path: events.cbor }',
      'privacy: { devEui: hmac, secret: file:private/pseudonymSecret }',
      `watch: { port: 0, token: file:private/watchToken }`,
    ].join('\n'),
  );
  return { folder, posted, env: { WEB_TOKEN: secrets['token'] as string }, file };
};

const datagram = (phy: Uint8Array): Buffer =>
  Buffer.concat([
    Buffer.from([2, 1, 2, 0, 2, 0x53, 0x54, 0x4b, 0x47, 0x57, 0, 1]),
    Buffer.from(
      JSON.stringify({
        rxpk: [
          {
            ...{ tmst: 1, freq: 868.1, chan: 0, rfch: 0, stat: 1, modu: 'LORA', datr: 'SF7BW125', codr: '4/5' },
            ...{ rssi: -90, lsnr: 7, size: phy.length, data: Buffer.from(phy).toString('base64') },
          },
        ],
      }),
    ),
  ]);

const everyFile = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test(
  'a gateway with every kind of secret, its far ends away and refusing, asked everything',
  { timeout: 60_000 },
  async () => {
    const { folder, posted, env } = await stand();
    const said: Buffer[] = [];
    const child = spawn(process.execPath, [program, 'gateway', '-c', join(folder, 'stellwerk.yaml'), '--json'], {
      env: { PATH: process.env['PATH'], ...env },
    });
    closers.push(() => child.kill('SIGKILL'));
    child.stdout.on('data', (bytes: Buffer) => said.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => said.push(bytes));
    const log = (): string => Buffer.concat(said).toString();
    await until('the start', () => log().includes('gateway_started'));
    const { udp, watch } = /udp:\/\/127\.0\.0\.1:(?<udp>\d+).*http:\/\/127\.0\.0\.1:(?<watch>\d+)/.exec(
      log()
        .split('\n')
        .find((line) => line.includes('gateway_started'))!,
    )!.groups!;

    const air = createSocket('udp4');
    closers.push(() => air.close());
    const send = (phy: Uint8Array): void => air.send(datagram(phy), Number(udp), '127.0.0.1');
    const key = aesKey(appKey);
    send(sealJoinRequest({ joinEui: '0000000000000000', devEui: 'fcd6bd00001936b0', devNonce: 7, appKey: key }));
    send(
      sealJoinRequest({
        joinEui: '0000000000000000',
        devEui: 'fcd6bd00001936b0',
        devNonce: 8,
        appKey: aesKey(appSKey),
      }),
    );
    const uplink = (fCnt: number, payload: Uint8Array): Uint8Array =>
      sealData({
        ...{ uplink: true, confirmed: true, adr: true, devAddr: 0x01020304, fCnt, fPort: 1, payload },
        ...{ nwkSKey: aesKey(nwkSKey), appSKey: aesKey(appSKey) },
      });
    send(uplink(1, Uint8Array.of(1)));
    send(uplink(2, Uint8Array.of(1, 2, 3, 4)));
    send(Uint8Array.from(uplink(3, Uint8Array.of(0)), (byte, i) => (i === 6 ? byte ^ 1 : byte)));
    air.send(Buffer.from([2, 1, 2, 0, ...appKey]), Number(udp), '127.0.0.1');
    await until('the frames', () =>
      ['device_joined', 'uplink_accepted', 'mic-mismatch'].every((one) => log().includes(one)),
    );
    await until('the web service', () => posted.length > 1);

    const outputs: string[] = [];
    for (const args of [
      ['status'],
      ['status', '--json'],
      ['gateway', '--check'],
      ['gateway', '--check', '--json'],
      ['config', 'check', join(folder, 'stellwerk.yaml')],
      ['why', 'og-01'],
      ['why', 'og-02', '--json'],
      ['devices', 'list', '--devices', join(folder, 'devices.yaml')],
      ['downlink', 'og-02', '--fport', '1', '--hex', '01'],
    ]) {
      const config = args[0] === 'config' || args[0] === 'devices' ? [] : ['-c', join(folder, 'stellwerk.yaml')];
      const ran = await stellwerk([...args, ...config], { env });
      outputs.push(`${args.join(' ')}\n${ran.stdout}${ran.stderr}`);
    }
    for (const path of ['/metrics', '/health', '/ready', '/status']) {
      const url = `http://127.0.0.1:${watch}${path}`;
      const known = await fetch(url, { headers: { authorization: `Bearer ${secrets['watchToken'] as string}` } });
      outputs.push(`${path} ${known.status} ${await known.text()}`, await (await fetch(url)).text());
    }
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('close', resolve));

    // The test would prove nothing if the program had not been there and spoken.
    expect(outputs.find((text) => text.startsWith('/metrics 200'))).toContain('stellwerk_');
    expect(outputs.find((text) => text.startsWith('why og-02'))).toContain('bad-payload');
    for (const text of [log(), ...outputs, ...posted]) expect(secretsIn(text, secrets), text.slice(0, 60)).toEqual([]);

    // One place holds keys of sessions, and it is for nobody else to read; from it the key of the join is known as well.
    const isStore = (file: string): boolean => file.startsWith(join(folder, 'state', 'log'));
    const given = new Set(['stellwerk.yaml', 'devices.yaml'].map((name) => join(folder, name)));
    const stored = everyFile(folder)
      .filter(isStore)
      .map((file) => readFileSync(file, 'utf8'))
      .join('');
    const joined = [...stored.matchAll(/"(?:nwkSKey|appSKey)":"([0-9a-f]{32})"/g)].map(([, hex]) =>
      must(fromHex(hex!)),
    );
    expect(new Set(joined.map(toHex)).size).toBe(4);
    const all = { ...secrets, ...Object.fromEntries(joined.map((one, i) => [`session key ${i}`, one])) };
    for (const text of [log(), ...outputs, ...posted]) expect(secretsIn(text, all)).toEqual([]);
    const { nwkSKey: _nwk, appSKey: _app, ...others } = secrets;
    let scanned = 0;
    for (const file of everyFile(folder)) {
      if (given.has(file) || file.startsWith(join(folder, 'private'))) continue;
      scanned++;
      expect(secretsIn(readFileSync(file), isStore(file) ? others : all), file).toEqual([]);
      if (isStore(file)) expect((statSync(file).mode & 0o077).toString(8), file).toBe('0');
    }
    expect(scanned).toBeGreaterThan(3);
  },
);

test('what is wrong with a configuration is said without what is in it', async () => {
  const { folder, file, env } = await stand();
  const config = join(folder, 'stellwerk.yaml');
  const whole = readFileSync(config, 'utf8');
  const devices = readFileSync(join(folder, 'devices.yaml'), 'utf8');
  const password = secrets['password'] as string;
  const tries: readonly (readonly [name: string, text: string])[] = [
    ['stellwerk.yaml', whole.replace('password: file:private/password', `password: [ "${password}" ]`)],
    ['stellwerk.yaml', whole.replace('password: file:private/password', `pasword: "${password}"`)],
    ['stellwerk.yaml', whole.replace('mqtt://127', `mqtt://yard:${encodeURIComponent(password)}@127`)],
    ['stellwerk.yaml', `${whole}\n  bad: [ "${password}`],
    ['devices.yaml', devices.replace(toHex(appKey), `${toHex(appKey)}00`)],
    ['devices.yaml', devices.replace(toHex(appKey), toHex(appKey).slice(1))],
    ['devices.yaml', devices.replace('appKey:', 'appkey:')],
    ['devices.yaml', devices.replace('otaa: {', 'otaa: { { ')],
  ];
  for (const [name, text] of tries) {
    file('stellwerk.yaml', whole);
    file('devices.yaml', devices);
    file(name, text);
    for (const more of [[], ['--json']]) {
      const ran = await stellwerk(['gateway', '--check', '-c', config, ...more], { env });
      expect(ran.code, text).not.toBe(0);
      expect(secretsIn(ran.stdout + ran.stderr, secrets), text).toEqual([]);
      const shorter = secretsIn(ran.stdout + ran.stderr, { part: toHex(appKey).slice(1, 30) });
      expect(shorter, text).toEqual([]);
    }
  }
});

test('secrets in the configuration itself, and files that others can read, are warned of and stop nothing', async () => {
  const { folder, file, env } = await stand();
  const config = join(folder, 'stellwerk.yaml');
  const checks = async (): Promise<
    readonly { readonly what: string; readonly how: string; readonly said: string }[]
  > => {
    const ran = await stellwerk(['gateway', '--check', '-c', config, '--json'], { env });
    return (jsonOf(ran) as { checks: { what: string; how: string; said: string }[] }).checks;
  };
  expect((await checks()).filter(({ what }) => what === 'secrets')).toEqual([]);
  const whole = readFileSync(config, 'utf8');
  file('stellwerk.yaml', whole.replace('file:private/password', `"${secrets['password'] as string}"`));
  chmodSync(join(folder, 'devices.yaml'), 0o640);
  chmodSync(join(folder, 'private', 'watchToken'), 0o644);
  const found = (await checks()).filter(({ what }) => what === 'secrets');
  expect(found.map(({ how }) => how)).toEqual(['warn', 'warn', 'warn']);
  expect(found[0]!.said).toContain('stellwerk.yaml:8: password in the configuration itself');
  expect(
    found
      .slice(1)
      .map(({ said }) => said)
      .join(),
  ).toMatch(/devices\.yaml.*640.*watchToken.*644|watchToken.*644.*devices\.yaml.*640/);
  expect(secretsIn(JSON.stringify(found), secrets)).toEqual([]);
});
