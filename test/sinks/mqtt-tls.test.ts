import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import { openMqtt } from '../../src/io/mqtt.js';
import { openTlsFiles } from '../../src/io/tls-files.js';
import { havePeer } from '../peers/peer.js';
import { eventOf } from './served.js';
import { closers, listener, mosquitto, sinkOn, until } from './stand.js';

let folder: string;
const file = (name: string): string => join(folder, name);
const openssl = (...args: string[]): void => {
  const done = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
};
/** A certificate for `name`, signed by the authority, good for so many days from now (or that many days ago). */
const certificate = (file: string, name: string, days: number): void => {
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${file}.key`,
    '-out',
    `${file}.csr`,
    '-subj',
    `/CN=${name}`,
  );
  writeFileSync(join(folder, `${file}.ext`), `subjectAltName=DNS:${name},IP:127.0.0.1\n`);
  const until = days > 0 ? ['-days', String(days)] : ['-days', '1'];
  openssl(
    'x509',
    '-req',
    '-in',
    `${file}.csr`,
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-out',
    `${file}.pem`,
    ...until,
    ...(name === 'elsewhere' ? [] : ['-extfile', `${file}.ext`]),
  );
};
const there = havePeer('mosquitto') && havePeer('openssl');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stellwerk-tls-'));
  if (!there) return;
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=our own',
    '-days',
    '2',
  );
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'other.key',
    '-out',
    'other.pem',
    '-subj',
    '/CN=somebody',
    '-days',
    '2',
  );
  certificate('broker', 'localhost', 2);
  certificate('elsewhere', 'elsewhere', 2);
  certificate('gateway', 'kerb-1', 2);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const broker = async (name = 'broker', more: readonly string[] = []) => {
  const made = await mosquitto({
    config: [
      'allow_anonymous true',
      `cafile ${file('ca.pem')}`,
      `certfile ${file(`${name}.pem`)}`,
      `keyfile ${file(`${name}.key`)}`,
      'user root',
      ...more,
    ],
  });
  return { ...made, url: `mqtts://127.0.0.1:${made.port}` };
};

describe.skipIf(!there)('a broker with TLS', () => {
  test('is believed when our own authority has signed it', async () => {
    const { url } = await broker();
    const { sink } = await sinkOn(url, { ca: file('ca.pem') });
    sink.write(eventOf(1));
    await sink.flush(5_000);
    expect(sink.state).toMatchObject({ connected: true, delivered: 1 });
  });

  test.each([
    ['another authority', 'broker', 'other.pem', /nobody this machine trusts|certificate/],
    ['another name', 'elsewhere', 'ca.pem', /for another name/],
  ])('%s: said once, in words, and nothing is sent', async (_what, name, ca, words) => {
    const { url } = await broker(name);
    const { sink, said } = await sinkOn(url, { ca: file(ca) });
    sink.write(eventOf(1));
    await until(() => said.length > 0);
    expect(String(said[0]!.fields['why'])).toMatch(words);
    expect(sink.state).toMatchObject({ connected: false, delivered: 0, waiting: 1 });
    expect(said).toHaveLength(1);
  });

  test('without our authority the system decides, and it does not know this one', async () => {
    const { url } = await broker();
    const { said } = await sinkOn(url);
    await until(() => said.length > 0);
    expect(said[0]).toMatchObject({ event: 'broker_lost' });
  });

  test('that asks who we are gets our certificate (mTLS)', async () => {
    const { url } = await broker('broker', ['require_certificate true']);
    const nobody = await sinkOn(url, { ca: file('ca.pem') });
    await until(() => nobody.said.length > 0);
    expect(nobody.sink.state.connected).toBe(false);
    const { sink } = await sinkOn(url, { ca: 'ca.pem', cert: 'gateway.pem', key: 'gateway.key', folder });
    sink.write(eventOf(1));
    await sink.flush(5_000);
    expect(sink.state).toMatchObject({ connected: true, delivered: 1 });
  });
});

test.skipIf(!there)('certificates are read anew when they change; bad ones are not taken', async () => {
  const { log, events } = keptLog();
  copyFileSync(file('gateway.pem'), file('now.pem'));
  copyFileSync(file('gateway.key'), file('now.key'));
  const fresh: unknown[] = [];
  const opened = await openTlsFiles(
    { cert: file('now.pem'), key: file('now.key') },
    { log, everyMs: 5, changed: (material) => void fresh.push(material.cert) },
  );
  if (!opened.ok) throw new Error(opened.problem.code);
  closers.push(() => opened.value.close());
  writeFileSync(file('now.pem'), 'no certificate');
  await until(() => events.some(({ event }) => event === 'tls_not_reloaded'));
  expect(fresh).toEqual([]);
  copyFileSync(file('broker.key'), file('now.key'));
  copyFileSync(file('broker.pem'), file('now.pem'));
  await until(() => fresh.length > 0);
  expect(opened.value.material.cert).toBe(fresh[0]);
  expect(JSON.stringify(events)).not.toContain('BEGIN');
});

test.skipIf(!there).each([
  [{ cert: 'gateway.pem', key: 'broker.key' }, 'tls-pair'],
  [{ ca: 'gateway.csr' }, 'tls-file'],
  [{ ca: 'missing.pem' }, 'file-missing'],
])('%j is a problem at the start', async (paths, code) => {
  const placed = Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, file(path)]));
  const opened = await openTlsFiles(placed, { changed: () => undefined });
  expect(opened).toMatchObject({ ok: false, problem: { code } });
});

test.skipIf(!there)('MQTT 5: events and states expire, and a text is said to be one', async () => {
  const { url } = await mosquitto();
  const { heard } = await listener(url, 'stellwerk/events');
  const { sink } = await sinkOn(url, { protocol: '5', expiryS: 60, stateExpiryS: 120 });
  sink.write(eventOf(1));
  await sink.flush(5_000);
  await until(() => heard.length === 1);
  expect(sink.state).toMatchObject({ delivered: 1, states: { delivered: 1 } });
});

describe.skipIf(!there)('the rights of the example', () => {
  test('nobody can send what is longer than anything of ours', async () => {
    const example = readFileSync(new URL('../../packaging/mosquitto/mosquitto.conf', import.meta.url), 'utf8');
    const limits = example.split('\n').filter((line) => /^[a-z_]*(size|packet)[a-z_]* /.test(line));
    expect(limits).toHaveLength(1);
    const { url } = await mosquitto({ config: ['allow_anonymous true', ...limits] });
    const { heard } = await listener(url);
    const { link } = await listener(url, 'nothing');
    for (const length of [1 << 20, 65_537, 65_536, 1])
      link.publish({ topic: 'stellwerk/x', payload: 'x'.repeat(length), qos: 1, retain: false });
    await until(() => heard.some(([, text]) => text.length === 1));
    expect(heard.map(([, text]) => text.length)).toEqual([65_536, 1]);
  });

  test('readers read and never command; who may command, may', async () => {
    const acl = fileURLToPath(new URL('../../packaging/mosquitto/stellwerk.acl', import.meta.url));
    const made = await mosquitto({ config: ['allow_anonymous true', `acl_file ${acl}`, 'user root'] });
    const as = (username: string, onMessage = (_topic: string, _text: string): void => undefined) => {
      const link = openMqtt({ url: made.url, username, onMessage });
      closers.push(() => link.close());
      return link;
    };
    const heard: string[] = [];
    const gateway = as('stellwerk', (topic, text) => heard.push(`${topic} ${text}`));
    await gateway.subscribe('stellwerk/device/+/command/down');
    const read: string[] = [];
    const reader = as('reader', (topic) => read.push(topic));
    await reader.subscribe('stellwerk/#');
    reader.publish({ topic: 'stellwerk/device/a/command/down', payload: 'no', qos: 1, retain: false });
    reader.publish({ topic: 'stellwerk/lot/l/bay/b', payload: 'no', qos: 1, retain: false });
    as('commander').publish({ topic: 'stellwerk/device/a/command/down', payload: 'yes', qos: 1, retain: false });
    gateway.publish({ topic: 'stellwerk/lot/l/bay/b', payload: 'state', qos: 1, retain: false });
    await until(() => heard.length > 0 && read.length > 0);
    await reader.flush(5_000);
    expect(heard).toEqual(['stellwerk/device/a/command/down yes']);
    expect(read).toEqual(['stellwerk/lot/l/bay/b']);
  });
});
