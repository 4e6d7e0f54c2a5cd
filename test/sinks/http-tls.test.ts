import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { steppedClock } from '../../src/io/clock.js';
import { openHttpClient } from '../../src/io/http-client.js';
import httpSink from '../../src/sinks/http/index.js';
import { havePeer } from '../peers/peer.js';
import { httpServer } from './http-server.js';
import { eventOf, serve, until } from './served.js';

let folder: string;
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
const openssl = (...words: string[]): void => {
  const done = spawnSync('openssl', words.join(' ').split(' '), { cwd: folder, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
};
const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
/** A certificate and its key, signed by an authority of the tests. */
const certificate = (name: string, by: string, names: string): void => {
  openssl(`req ${newKey} -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`);
  writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${names}\n`);
  openssl(
    `x509 -req -in ${name}.csr -CA ${by}.pem -CAkey ${by}.key -CAcreateserial -days 2`,
    `-extfile ${name}.ext -out ${name}.pem`,
  );
};
const there = havePeer('openssl');
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stellwerk-https-'));
  if (!there) return;
  for (const authority of ['ca', 'other'])
    openssl(`req -x509 ${newKey} -keyout ${authority}.key -out ${authority}.pem -subj /CN=${authority} -days 2`);
  certificate('server', 'ca', 'IP:127.0.0.1,DNS:web.example');
  certificate('named', 'ca', 'DNS:web.example');
  certificate('ours', 'ca', 'DNS:yard');
  certificate('strange', 'other', 'DNS:yard');
});
afterAll(() => rmSync(folder, { recursive: true }));

const stand = async (server: { readonly name: string; readonly asks?: true }, options: Record<string, unknown>) => {
  const { name, asks = false } = server;
  const tls = { cert: text(`${name}.pem`), key: text(`${name}.key`), ca: text('ca.pem') };
  const far = await httpServer(undefined, { ...tls, requestCert: asks, rejectUnauthorized: asks });
  const clock = steppedClock(0);
  const one = await serve(httpSink, { url: `${far.url}/events`, maxWaitMs: 0, ...options }, { clock, folder });
  one.write(eventOf(0));
  return { ...one, far, until: (what: () => boolean) => until(what, { sink: one.sink, clock }) };
};

describe.skipIf(!there)('over TLS', () => {
  test.each([
    ['an authority of our own', { name: 'server' }, { ca: 'ca.pem' }],
    ['a name that is not in the address', { name: 'named' }, { ca: 'ca.pem', servername: 'web.example' }],
    [
      'a server that asks who we are',
      { name: 'server', asks: true },
      { ca: 'ca.pem', cert: 'ours.pem', key: 'ours.key' },
    ],
  ] as const)('%s', async (_, server, options) => {
    const one = await stand(server, options);
    await one.until(() => one.delivering.state.delivered === 1);
    expect(one.far.kept).toHaveLength(1);
  });

  test.each([
    ['nobody trusts it', { name: 'server' }, {}, /nobody this machine trusts/],
    ['another authority', { name: 'server' }, { ca: 'other.pem' }, /nobody this machine trusts/],
    ['another name', { name: 'named' }, { ca: 'ca.pem' }, /its certificate is for another name/],
    ['it asks who we are', { name: 'server', asks: true }, { ca: 'ca.pem' }, /./],
    [
      'it does not know who we are',
      { name: 'server', asks: true },
      { ca: 'ca.pem', cert: 'strange.pem', key: 'strange.key' },
      /./,
    ],
  ] as const)('%s: nothing is posted, and why is said', async (_, server, options, why) => {
    const one = await stand(server, options);
    await one.until(() => one.words().includes('sink_waits'));
    expect(one.delivering.state).toMatchObject({
      connected: false,
      delivered: 0,
      why: expect.stringMatching(why) as string,
    });
    expect(one.far.posts).toEqual([]);
  });

  test('new certificates are taken with the next post', async () => {
    const tls = { cert: text('server.pem'), key: text('server.key'), ca: text('ca.pem') };
    const far = await httpServer(undefined, { ...tls, requestCert: true, rejectUnauthorized: true });
    const client = openHttpClient({
      url: far.url,
      headers: {},
      timeoutMs: 5_000,
      clock: steppedClock(0),
      tls: { ca: text('ca.pem') },
    });
    expect(await client.post(new Uint8Array(0), {})).toHaveProperty('lost');
    client.renewTls({ ca: text('ca.pem'), cert: text('ours.pem'), key: text('ours.key') });
    expect(await client.post(new Uint8Array(0), {})).toMatchObject({ answer: { status: 204 } });
    client.renewTls({ ca: text('other.pem') });
    expect(await client.post(new Uint8Array(0), {})).toHaveProperty('lost');
    client.close();
    expect(await client.post(new Uint8Array(0), {})).toEqual({ lost: 'we ended the connection' });
  });
});
