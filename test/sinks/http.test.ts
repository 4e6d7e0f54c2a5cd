import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventJson } from '../../src/dialects/city/stellwerk-json.js';
import { steppedClock } from '../../src/io/clock.js';
import httpSink from '../../src/sinks/http/index.js';
import { httpServer, type Behaviour, type Post } from './http-server.js';
import { eventOf, serve, until } from './served.js';

const hourUs = 3_600_000_000;
const start = Date.UTC(2026, 10, 25, 12) * 1000;

const idsIn = ({ body }: Post): string[] => (JSON.parse(body) as { id: string }[]).map(({ id }) => id);
const idsOf = (posts: readonly Post[]): string[] => posts.flatMap(idsIn);
const range = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `e${from + i}`);
const events = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => eventOf(from + i));

const stand = async (
  behave?: (post: Post, nth: number) => Behaviour,
  { path = '/events', ...options }: Record<string, unknown> = {},
) => {
  const server = await httpServer(behave);
  const clock = steppedClock(start);
  const served = await serve(httpSink, { url: `${server.url}${path as string}`, maxWaitMs: 0, ...options }, { clock });
  return {
    ...served,
    server,
    clock,
    until: (what: () => boolean) => until(what, { sink: served.sink, clock }),
    delivered: (count: number) =>
      until(() => served.delivering.state.delivered === count, { sink: served.sink, clock }),
  };
};

describe('a post', () => {
  test('is a JSON array of events, with a key of their ids, and says who we are', async () => {
    const one = await stand(undefined, { token: 'some-secret', headers: { 'X-Tenant': 'city' } });
    one.write(eventOf(1), eventOf(2));
    await one.delivered(2);
    const [post, second] = one.server.posts;
    expect(JSON.parse(post!.body)).toEqual([eventOf(1), eventOf(2)].map(eventJson));
    expect(post!.url).toBe('/events');
    expect(post!.headers).toMatchObject({
      ...{ 'content-type': 'application/json', authorization: 'Bearer some-secret', 'x-tenant': 'city' },
      'idempotency-key': expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    });
    expect(second).toBeUndefined();
    expect(one.sink.link).toEqual({ connected: true });
    expect(one.said).toEqual([]);
  });

  test('is lines with `jsonl`, and Basic with user and password', async () => {
    const one = await stand(undefined, { format: 'jsonl', username: 'yard', password: 'p\u00e4ss' });
    one.write(eventOf(1), eventOf(2));
    await one.delivered(2);
    const { body, headers } = one.server.posts[0]!;
    expect(
      body
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([eventOf(1), eventOf(2)].map(eventJson));
    expect(headers['content-type']).toBe('application/x-ndjson');
    expect(headers.authorization).toBe(`Basic ${Buffer.from('yard:p\u00e4ss').toString('base64')}`);
  });

  test('a token may go in a header of its own', async () => {
    const one = await stand(undefined, { token: 'some-secret', tokenHeader: 'X-API-Key' });
    one.write(eventOf(1));
    await one.delivered(1);
    expect(one.server.posts[0]!.headers).toMatchObject({ 'x-api-key': 'some-secret' });
    expect(one.server.posts[0]!.headers.authorization).toBeUndefined();
  });

  test('waits for others until its time has come or the batch is full', async () => {
    const one = await stand(undefined, { maxWaitMs: 1000, batch: 5 });
    one.write(eventOf(0));
    one.write(eventOf(1));
    one.clock.advance(start + 999_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(one.server.posts).toEqual([]);
    one.clock.advance(start + 1_000_000);
    await one.delivered(2);
    expect(one.server.posts.map(idsIn)).toEqual([range(0, 2)]);
    for (const event of events(2, 9)) one.write(event);
    await one.delivered(7);
    expect(one.server.posts.map(idsIn)).toEqual([range(0, 2), range(2, 7)]);
    one.clock.advance(start + 2_000_000);
    await one.delivered(9);
    expect(idsOf(one.server.kept)).toEqual(range(0, 9));
  });

  test('states go in posts of their own', async () => {
    const one = await stand(undefined, { states: true });
    one.write(eventOf(0), eventOf(7), eventOf(1));
    const isTold = (id: string) =>
      one.server.kept.some(({ body }) => body.startsWith('{"states":') && body.includes(id));
    await one.until(() => isTold('"e7"') && isTold('"e1"') && one.delivering.state.delivered === 3);
    const states = one.server.posts.filter(({ body }) => body.startsWith('{"states":'));
    const last = new Map<string, string>();
    for (const { body } of states)
      for (const { kind, event } of (
        JSON.parse(body) as { states: { kind: string; event: { bay: string; id: string } }[] }
      ).states) {
        expect(kind).toBe('bay');
        last.set(event.bay, event.id);
      }
    expect([...last].sort()).toEqual([
      ['bay-0', 'e7'],
      ['bay-1', 'e1'],
    ]);
    expect(states.every(({ headers }) => headers['idempotency-key'])).toBe(true);
  });
});

describe('a server that misbehaves', () => {
  test.each([
    ['cuts the connection', { does: 'cut', keeps: false }, 'the connection was cut'],
    ['keeps it and cuts the connection', { does: 'cut', keeps: true }, 'the connection was cut'],
    ['breaks off its head', { does: 'cut-head', keeps: true }, 'the connection was cut'],
    ['breaks off its body', { does: 'cut-body', keeps: false }, 'it broke off its answer'],
    ['is another kind of server', { does: 'gibberish', keeps: false }, 'it answers, but not in HTTP'],
    ['fails', { status: 500 }, 'it answers 500'],
    ['is away', { status: 503 }, 'it is not available now (503)'],
    ['is behind a gateway that fails', { status: 502 }, 'it answers 502'],
    ['did not hear us in time', { status: 408 }, 'it answers 408'],
    ['wants it later', { status: 425 }, 'it answers 425'],
    ['is busy with the same key', { status: 409 }, 'it answers 409'],
    ['has nothing there yet', { status: 404 }, 'there is nothing at this address (404)'],
    [
      'sends us elsewhere',
      { status: 302, headers: { Location: 'https://elsewhere.example/a?key=secret' } },
      'it sends us to https://elsewhere.example/a: change the address (302)',
    ],
    [
      'sends us elsewhere as we are',
      { status: 307, headers: { Location: 'http://elsewhere.example/a' } },
      'it sends us to http://elsewhere.example/a: change the address (307)',
    ],
  ] as const)('one that %s: said once, made again with the same key, nothing lost', async (_, how, why) => {
    const one = await stand((_post, nth) => (nth <= 2 ? how : { status: 200 }));
    one.write(...events(0, 3));
    await one.until(() => one.server.posts.length > 0);
    one.write(...events(3, 5));
    await one.delivered(5);
    expect([...new Set(idsOf(one.server.kept))]).toEqual(range(0, 5));
    const keys = one.server.posts.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(keys[3]).not.toBe(keys[0]);
    expect(one.said).toMatchObject([
      { event: 'sink_waits', fields: { sink: `${one.server.url}/events`, why } },
      { event: 'sink_delivers' },
    ]);
    expect(one.clock.nowUs() - start).toBeGreaterThanOrEqual(500_000 + 1_000_000);
  });

  test.each(['hang', 'late-body'] as const)('one that never ends its answer (%s) is given up in time', async (does) => {
    const one = await stand((_post, nth) => (nth === 1 ? { does, keeps: true } : { status: 200 }), {
      timeoutS: 5,
    });
    one.write(eventOf(0));
    await one.until(() => one.server.posts.length === 1);
    expect(one.sink.ready).toBe(true);
    one.clock.advance(start + 5_000_000);
    await one.until(() => one.words().length > 0);
    expect(one.said[0]!.fields).toMatchObject({ why: 'no answer in time' });
    await one.delivered(1);
    expect(idsOf(one.server.posts)).toEqual(['e0', 'e0']);
  });

  test('one that answers with a gigabyte is heard for a moment', async () => {
    const one = await stand((_post, nth) => (nth === 1 ? { does: 'flood', keeps: true } : { status: 200 }));
    one.write(eventOf(0));
    await one.delivered(1);
    one.write(eventOf(1));
    await one.delivered(2);
    expect(idsOf(one.server.kept)).toEqual(['e0', 'e1']);
  });

  test('one that is not there, and then is', async () => {
    const first = await stand();
    await first.server.close();
    first.write(eventOf(0));
    await first.until(() => first.words().length > 0);
    expect(first.said[0]!.fields).toMatchObject({ why: 'nothing listens there' });
    expect(first.delivering.state).toMatchObject({ connected: false, why: 'nothing listens there', waiting: 1 });
  });

  test('one that closed the connection while it lay idle is no failure', async () => {
    const one = await stand();
    for (let n = 0; n < 5; n++) {
      one.write(eventOf(n));
      await one.delivered(n + 1);
      for (const socket of one.server.sockets) socket.destroy();
    }
    expect(idsOf(one.server.posts)).toEqual(range(0, 5));
    expect(one.words()).toEqual([]);
  });

  test('a redirection to another path of the same server is followed, a circle is not', async () => {
    const one = await stand(
      ({ url }) => (url === '/a' ? { status: 308, headers: { Location: 'b' } } : { status: 200 }),
      {
        path: '/a',
        token: 'some-secret',
      },
    );
    one.write(eventOf(0));
    await one.delivered(1);
    expect(one.server.posts.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/a', 'Bearer some-secret'],
      ['/b', 'Bearer some-secret'],
    ]);
    const circle = await stand(() => ({ status: 307, headers: { Location: '/events' } }));
    circle.write(eventOf(0));
    await circle.until(() => circle.words().length > 0);
    expect(circle.server.posts).toHaveLength(4);
  });
});

describe('Retry-After', () => {
  test.each([
    ['7', 7_000_000],
    ['86400', hourUs],
    ['Wed, 25 Nov 2026 12:00:30 GMT', 30_000_000],
  ])('%s is waited for, at most an hour', async (text, waitUs) => {
    const headers = { 'Retry-After': text, Date: 'Wed, 25 Nov 2026 12:00:00 GMT' };
    const one = await stand((_post, nth) => (nth === 1 ? { status: 429, headers } : { status: 200 }));
    one.write(eventOf(0));
    await one.until(() => !one.sink.ready);
    one.clock.advance(start + waitUs - 1000);
    expect(one.sink.ready).toBe(false);
    one.clock.advance(start + waitUs);
    expect(one.sink.ready).toBe(true);
    await one.delivered(1);
    expect(one.server.posts).toHaveLength(2);
  });
});

describe('a server that objects', () => {
  const picky =
    (bad: ReadonlySet<string>, status = 422) =>
    (post: Post): Behaviour =>
      idsIn(post).some((id) => bad.has(id)) ? { status } : { status: 201 };

  test.each([400, 413, 422])('to one of a hundred with %i: the other 99 arrive, in order', async (status) => {
    const one = await stand(picky(new Set(['e37']), status));
    one.write(...events(0, 100));
    await one.delivered(99);
    expect(one.delivering.state.refused).toBe(1);
    expect(idsOf(one.server.kept)).toEqual(range(0, 100).filter((id) => id !== 'e37'));
    expect(one.said).toEqual([
      {
        event: 'http_refused',
        fields: { sink: `${one.server.url}/events`, what: 'e37', why: `it answers ${status}`, count: 1 },
      },
    ]);
  });

  test('to one that came alone: it is counted as refused', async () => {
    const one = await stand(picky(new Set(['e0'])));
    one.write(eventOf(0));
    await one.until(() => one.delivering.state.refused === 1);
    expect(one.server.kept).toEqual([]);
    one.write(eventOf(1));
    await one.delivered(1);
    expect(one.delivering.state).toMatchObject({ refused: 1, delivered: 1, waiting: 0 });
  });

  test('to everything: after ten it is our mistake, and the rest is kept until it is mended', async () => {
    let mended = false;
    const one = await stand(() => ({ status: mended ? 200 : 400 }));
    one.write(...events(0, 40));
    await one.until(() => one.words().includes('http_refuses_all'));
    expect(one.delivering.state).toMatchObject({ connected: false, why: 'it answers 400 to one after the other' });
    mended = true;
    await one.until(() => one.delivering.state.waiting === 0);
    expect(one.delivering.state.refused).toBe(10);
    expect(idsOf(one.server.kept)).toEqual(range(10, 40));
    expect(one.words().at(-1)).toBe('sink_delivers');
  });

  test('to so many at once: it gets fewer from then on', async () => {
    const one = await stand((post) => ({ status: idsIn(post).length > 8 ? 413 : 200 }));
    one.write(...events(0, 300));
    await one.delivered(300);
    expect(idsOf(one.server.kept)).toEqual(range(0, 300));
    expect(one.server.posts.length).toBeLessThan(100);
    expect(one.words()).toEqual([]);
  });

  test('to so many at once, by cutting the connection: it gets fewer, too', async () => {
    const one = await stand((post) => (idsIn(post).length > 8 ? { does: 'cut', keeps: false } : { status: 200 }));
    one.write(...events(0, 40));
    await one.delivered(40);
    expect(idsOf(one.server.kept)).toEqual(range(0, 40));
  });

  test.each([401, 403])('to who we are (%i): everything is kept, and said', async (status) => {
    const one = await stand((_post, nth) => ({ status: nth <= 2 ? status : 200 }), { token: 'some-secret' });
    one.write(...events(0, 3));
    await one.delivered(3);
    expect(one.words()).toEqual(['http_unauthorised', 'sink_delivers']);
    expect(JSON.stringify(one.said)).not.toContain('some-secret');
  });
});

test('whatever a server does: what was delivered is there, in order, and what comes twice is the same', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.constantFrom<Behaviour>(
            ...(['cut', 'cut-head', 'cut-body', 'gibberish'] as const).flatMap((does) =>
              [true, false].map((keeps) => ({ does, keeps })),
            ),
          ),
          fc.record({ status: fc.constantFrom(429, 500, 503, 401, 404), keeps: fc.constant(false) }),
          fc.record({ status: fc.constantFrom(500, 504), keeps: fc.constant(true) }),
          fc.constant<Behaviour>({ status: 200 }),
        ),
        { maxLength: 12 },
      ),
      fc.uniqueArray(fc.nat(59), { maxLength: 4 }),
      fc.integer({ min: 1, max: 12 }),
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }),
      async (script, wrong, batch, bursts) => {
        const bad = new Set(wrong.map((n) => `e${n}`));
        const one = await stand(
          (post, nth) => script[nth - 1] ?? (idsIn(post).some((id) => bad.has(id)) ? { status: 422 } : { status: 200 }),
          { batch },
        );
        let n = 0;
        for (const burst of bursts) {
          one.write(...events(n, n + burst));
          n += burst;
          await new Promise((resolve) => setImmediate(resolve));
        }
        await one.until(() => one.delivering.state.waiting === 0);
        const kept = idsOf(one.server.kept);
        const firsts = [...new Set(kept)];
        const must = range(0, n).filter((id) => !bad.has(id));
        expect(firsts.filter((id) => !bad.has(id))).toEqual(must);
        const same = new Map<string, string>();
        for (const post of one.server.posts) {
          const key = post.headers['idempotency-key'] as string;
          expect(same.get(key) ?? post.body).toBe(post.body);
          same.set(key, post.body);
        }
        await one.delivering.close();
        await one.server.close();
      },
    ),
    { numRuns: 40 },
  ));

test('closed in the middle of a post: it comes again', async () => {
  const one = await stand(() => ({ does: 'hang', keeps: false }), { maxWaitMs: 0 });
  const underway = one.sink.stream!.deliver([eventOf(0)]);
  const behind = one.sink.stream!.deliver([eventOf(1)]);
  await one.until(() => one.server.posts.length === 1);
  await one.sink.close();
  expect(await Promise.all([underway, behind])).toEqual(['again', 'again']);
  expect(await one.sink.stream!.deliver([eventOf(2)])).toBe('again');
});

describe('what an HTTP sink may be told', () => {
  const issue = (more: Record<string, unknown>): unknown => {
    const read = httpSink.config.safeParse({ type: 'http', url: 'https://host/events', ...more });
    return read.error?.issues.map((one) => (one.code === 'custom' ? one.message : one.code));
  };
  test.each([
    [{}, undefined],
    [{ url: 'http://[::1]:8080/a?b=c' }, undefined],
    [{ username: 'a', password: 'b' }, undefined],
    [{ headers: { 'X-Tenant': 'city' } }, undefined],
    [{ url: 'https://user:pass@host/' }, ['http-credentials-in-url']],
    [{ url: 'https://user@host/' }, ['http-credentials-in-url']],
    [{ url: 'ftp://host/' }, ['http-url']],
    [{ url: 'host/events' }, ['http-url']],
    [{ url: 'https:host' }, ['http-url']],
    [{ token: 'a', username: 'b', password: 'c' }, ['http-login']],
    [{ username: 'b' }, ['http-login']],
    [{ password: 'b' }, ['http-login']],
    [{ tokenHeader: 'X-API-Key' }, ['http-login']],
    [{ token: 'a', headers: { Authorization: 'b' } }, ['http-login']],
    [{ token: 'a', tokenHeader: 'a b' }, ['http-header']],
    [{ headers: { 'a b': 'c' } }, ['http-header']],
    [{ headers: { a: 'b\r\nc: d' } }, ['http-header']],
    [{ headers: { 'Content-Length': '1' } }, ['http-header']],
    [{ cert: 'a' }, ['tls-half']],
    [{ url: 'http://host/', ca: 'a' }, ['tls-without']],
    [{ format: 'xml' }, ['invalid_value']],
    [{ batch: 0 }, ['too_small']],
    [{ retries: 3 }, ['unrecognized_keys']],
  ])('%j', (more, codes) => expect(issue(more)).toEqual(codes));

  test('a secret from a file with an end of line inside is refused without being shown', async () => {
    const config = httpSink.config.parse({ type: 'http', url: 'https://host/', token: 'some\nsecret' });
    const opened = await httpSink.open(config, {
      ...{
        clock: steppedClock(0),
        log: () => undefined,
        name: 'yard',
        simulated: false,
        folder: '.',
        retentionDays: 30,
      },
      changed: () => undefined,
      renew: () => undefined,
    });
    expect(opened).toEqual({ problem: { code: 'http-header', facts: { name: 'Authorization' } } });
  });

  test('the part of an address that may be a key is not shown', async () => {
    const one = await stand(() => ({ status: 500 }), { path: '/events?key=some-secret' });
    one.write(eventOf(0));
    await one.until(() => one.words().length > 0);
    expect(one.sink.address).toBe(`${one.server.url}/events`);
    expect(one.server.posts[0]!.url).toBe('/events?key=some-secret');
    expect(JSON.stringify([one.said, one.delivering.state])).not.toContain('some-secret');
  });
});
