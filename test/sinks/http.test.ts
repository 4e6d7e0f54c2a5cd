import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryAfterMs } from '../../src/io/http-client.js';
import { steppedClock, wallClock } from '../../src/io/clock.js';
import http from '../../src/sinks/http/index.js';
import { eventOf, served } from './served.js';
import { closers } from './stand.js';

interface Got {
  readonly ids: readonly string[];
  readonly key: string;
  readonly headers: IncomingMessage['headers'];
}

/** A web service that answers as told, and keeps what it took (2xx). */
const service = async (answer: (n: number, ids: readonly string[], response: ServerResponse) => number | undefined) => {
  const got: Got[] = [];
  const asked: Got[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (piece: Buffer) => (text += piece.toString()));
    request.on('end', () => {
      const items = (
        text.startsWith('[')
          ? JSON.parse(text)
          : text
              .split('\n')
              .filter(Boolean)
              .map((line) => JSON.parse(line) as unknown)
      ) as { id: string }[];
      const one = {
        ids: items.map(({ id }) => id),
        key: String(request.headers['idempotency-key']),
        headers: request.headers,
      };
      asked.push(one);
      const status = answer(asked.length, one.ids, response);
      if (status === undefined) return;
      if (status >= 200 && status < 300) got.push(one);
      response.writeHead(status).end('thank you');
    });
    request.on('error', () => undefined);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/events`, got, asked, ids: () => got.flatMap(({ ids }) => ids) };
};
const upTo = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}-0`);

test('events arrive in batches, in order, with a key and a name', async () => {
  const there = await service(() => 204);
  const config = { url: there.url, token: 'a-token-of-ours', headers: { 'x-city': 'hbg' } };
  const { say, delivered, said } = await served(http, { config, clock: wallClock() });
  for (let n = 0; n < 250; n++) say(eventOf(n));
  await delivered(250);
  expect(there.ids()).toEqual(upTo(250));
  expect(there.got.length).toBeLessThan(10);
  expect(there.got[0]!.headers).toMatchObject({ authorization: 'Bearer a-token-of-ours', 'x-city': 'hbg' });
  expect(new Set(there.got.map(({ key }) => key)).size).toBe(there.got.length);
  expect(said).toEqual([]);
});

describe('a service with bad days', () => {
  test('a failure is repeated with the same key, later and later, and said once', async () => {
    const there = await service((n) => (n <= 3 ? 503 : 200));
    const clock = steppedClock(0);
    const { say, delivering, said } = await served(http, { config: { url: there.url }, clock });
    say(eventOf(0));
    for (let n = 1; n <= 4; n++) {
      await expect.poll(() => there.asked.length).toBe(n);
      await expect.poll(() => delivering.state.repeated + delivering.state.delivered).toBe(n);
      clock.advance(clock.nowUs() + 8_000_000);
    }
    expect(there.ids()).toEqual(['0-0']);
    expect(new Set(there.asked.map(({ key }) => key)).size).toBe(1);
    expect(said.map(({ event }) => event)).toEqual(['http_lost', 'http_back']);
  });

  test('Retry-After is waited for', async () => {
    const there = await service((n, _ids, response) => {
      if (n > 1) return 200;
      response.writeHead(429, { 'retry-after': '120' }).end();
      return undefined;
    });
    const clock = steppedClock(0);
    const { say, delivering, delivered } = await served(http, { config: { url: there.url }, clock });
    say(eventOf(0));
    await expect.poll(() => delivering.state.repeated).toBe(1);
    clock.advance(119_000_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(there.asked).toHaveLength(1);
    clock.advance(121_000_000);
    await delivered(1);
  });

  test('of a batch with one bad event the others arrive, and the bad one is counted', async () => {
    const there = await service((_n, ids) => (ids.includes('7-0') ? 422 : 200));
    const { say, delivering } = await served(http, { config: { url: there.url, batch: 16 }, clock: wallClock() });
    for (let n = 0; n < 32; n++) say(eventOf(n));
    await expect.poll(() => delivering.state.waiting).toBe(0);
    expect([...new Set(there.ids())]).toEqual(upTo(32).filter((id) => id !== '7-0'));
  });

  test.each([401, 403, 404, 500, 302])('%i is waited for: nothing is lost', async (status) => {
    const there = await service((n) => (n === 1 ? status : 200));
    const clock = steppedClock(0);
    const { say, delivering, delivered } = await served(http, { config: { url: there.url }, clock });
    say(eventOf(0));
    await expect.poll(() => delivering.state.repeated).toBe(1);
    expect(delivering.state).toMatchObject({ connected: false, waiting: 1 });
    clock.advance(2_000_000);
    await delivered(1);
  });

  test('one that cuts the line, hangs, or talks without end keeps nobody', async () => {
    const there = await service((n, _ids, response) => {
      if (n === 1) response.destroy();
      else if (n === 3) {
        response.writeHead(500);
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536))) continue;
        };
        response.on('drain', more);
        more();
      } else if (n > 3) return 200;
      return undefined;
    });
    const clock = steppedClock(0);
    const config = { url: there.url, timeoutS: 0.1 };
    const { say, delivering, delivered } = await served(http, { config, clock });
    say(eventOf(0));
    for (let n = 1; n <= 3; n++) {
      await expect.poll(() => delivering.state.repeated).toBe(n);
      clock.advance(clock.nowUs() + 60_000_000);
    }
    await delivered(1);
  });
});

test('a Retry-After is a pause or nothing, and never throws', () => {
  const nowMs = Date.UTC(2026, 5, 1, 6);
  expect(retryAfterMs('120', nowMs)).toBe(120_000);
  expect(retryAfterMs('Mon, 01 Jun 2026 06:01:00 GMT', nowMs)).toBe(60_000);
  expect(retryAfterMs('Mon, 01 Jun 2026 05:01:00 GMT', nowMs)).toBe(0);
  fc.assert(
    fc.property(fc.string(), (text) => {
      const ms = retryAfterMs(text, nowMs);
      expect(ms === undefined || (Number.isFinite(ms) && ms >= 0)).toBe(true);
    }),
  );
});

test.each([
  [{ url: 'mqtt://host' }, ['http-url']],
  [{ url: 'https://user:pass@host/' }, ['http-credentials-in-url']],
  [{ url: 'https://host/', cert: 'a' }, ['tls-half']],
  [{ url: 'http://host/', ca: 'a' }, ['tls-without']],
])('%j is refused', (config, codes) => {
  const read = http.config.safeParse({ type: 'http', ...config });
  expect(read.error?.issues.map(({ message }) => message)).toEqual(codes);
});
