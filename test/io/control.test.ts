import { spawn } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import { problem, sentenceOf } from '../../src/base/problem.js';
import { lineCutter } from '../../src/io/control/lines.js';
import { hear, speak } from '../../src/io/control/words.js';
import {
  askControl,
  controlPath,
  openControl,
  type ControlReply,
  type ControlRequest,
  type ControlServer,
  type ControlSetup,
} from '../../src/io/control.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'stw-ctl-'));
  closers.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

/** A server whose answers are: an echo, a story of three events, one that never ends, a slip of ours. */
const stand = async (setup: Partial<ControlSetup> & { readonly path?: string } = {}) => {
  const { log, events } = keptLog();
  const replies: ControlReply[] = [];
  const ended: string[] = [];
  const answers: Record<string, (request: ControlRequest, reply: ControlReply) => (() => void) | void> = {
    echo: ({ body }, reply) => reply.ok(body),
    story(_request, reply) {
      for (const n of [1, 2, 3]) reply.event({ n });
      reply.ok({ end: true });
      reply.event({ n: 4 });
    },
    hang(_request, reply) {
      replies.push(reply);
      return () => ended.push('hang');
    },
    refuse: (_request, reply) => reply.fail(problem('device-not-found', { device: 'x', near: 'y' })),
    slip() {
      throw new RangeError('a slip');
    },
    loop(_request, reply) {
      const loop: Record<string, unknown> = {};
      loop['self'] = loop;
      reply.ok(loop);
    },
  };
  const path = setup.path ?? join(folder(), 'c.sock');
  const server = await openControl({
    name: 'yard',
    log,
    known: Object.keys(answers),
    answer: (request, reply) => answers[request.do]!(request, reply),
    ...setup,
    path,
  });
  if ('problem' in server) throw new Error(sentenceOf(server.problem));
  closers.push(() => server.close());
  return { server, path, said: events, replies, ended };
};

/** A client that writes bytes as it likes, and keeps what comes. */
const raw = async (path: string) => {
  const socket: Socket = connect(path);
  let text = '';
  socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  closers.push(() => socket.destroy());
  const lines = (): unknown[] =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown);
  return { socket, lines, write: (what: string | Uint8Array) => void socket.write(what) };
};

const until = async (what: () => boolean): Promise<void> =>
  expect.poll(what, { timeout: 10_000, interval: 5 }).toBe(true);

describe('questions and answers', () => {
  test('an answer', async () => {
    const { path } = await stand();
    expect(await askControl({ path, do: 'echo', body: { a: [1, 'ä'] } })).toEqual({
      ok: true,
      value: { a: [1, 'ä'] },
    });
  });

  test('events come before the answer, and none after it', async () => {
    const { path } = await stand();
    const heard: unknown[] = [];
    expect(await askControl({ path, do: 'story', event: (body) => heard.push(body) })).toEqual({
      ok: true,
      value: { end: true },
    });
    expect(heard).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  test('a problem arrives as it was, with its facts', async () => {
    const { path } = await stand();
    expect(await askControl({ path, do: 'refuse' })).toEqual({
      ok: false,
      problem: problem('device-not-found', { device: 'x', near: 'y' }),
    });
  });

  test('an unknown request is told the known ones', async () => {
    const { path } = await stand();
    expect(await askControl({ path, do: 'toString' })).toMatchObject({
      problem: { code: 'control-unknown-request', facts: { request: 'toString', known: /hello, echo, story/ } },
    });
  });

  test.each(['slip', 'loop'])('%s: a fault of ours is told, logged, and ends nothing', async (what) => {
    const { path, said } = await stand();
    expect(await askControl({ path, do: what })).toMatchObject({ problem: { code: 'internal' } });
    expect(said).toMatchObject([{ event: 'control_failed', fields: { do: what } }]);
    expect(await askControl({ path, do: 'echo' })).toMatchObject({ ok: true });
  });

  test('several requests of one client at once, answered as they are done', async () => {
    const { path, replies } = await stand();
    const client = await raw(path);
    client.write('{"id":7,"do":"hang"}\n\n{"id":8,"do":"echo"}\n');
    await until(() => client.lines().length === 1);
    replies[0]!.ok({ late: true });
    await until(() => client.lines().length === 2);
    expect(client.lines()).toEqual([
      { id: 8, ok: {} },
      { id: 7, ok: { late: true } },
    ]);
  });

  test('a client that goes ends what it asked for', async () => {
    const { path, ended, replies, server } = await stand();
    const client = await raw(path);
    client.write('{"id":1,"do":"hang"}\n');
    await until(() => replies.length === 1);
    client.socket.destroy();
    await until(() => ended.length === 1);
    replies[0]!.event({ nobody: 'hears it' });
    expect(server.clients).toBe(0);
  });
});

describe('what a client may not do', () => {
  test.each([
    ['no JSON', 'status', 'control-bad-request', null],
    ['a list', '[1]', 'control-bad-request', null],
    ['no id', '{"do":"echo"}', 'control-bad-request', null],
    ['an id that is a text', '{"id":"1","do":"echo"}', 'control-bad-request', null],
    ['nothing to do', '{"id":3}', 'control-bad-request', 3],
    ['a do of its own', '{"id":3,"do":"__proto__"}', 'control-unknown-request', 3],
  ])('%s', async (_what, line, code, id) => {
    const { path } = await stand();
    const client = await raw(path);
    client.write(`${line}\n{"id":9,"do":"echo"}\n`);
    await until(() => client.lines().length === 2);
    expect(client.lines()).toMatchObject([
      { id, error: { code } },
      { id: 9, ok: {} },
    ]);
  });

  test('the same id twice, and more requests than may be open', async () => {
    const { path } = await stand({ bounds: { requests: 2 } });
    const client = await raw(path);
    client.write([1, 1, 2, 3].map((id) => `{"id":${id},"do":"hang"}\n`).join(''));
    await until(() => client.lines().length === 2);
    expect(client.lines()).toMatchObject([
      { id: 1, error: { code: 'control-bad-request' } },
      { id: 3, error: { code: 'control-busy' } },
    ]);
  });

  test('a line without an end: told, let go, and nobody else hurt', async () => {
    const { path, server, said } = await stand();
    const good = await raw(path);
    const bad = await raw(path);
    bad.write('x'.repeat(70_000));
    await until(() => bad.socket.destroyed || bad.socket.readableEnded);
    expect(bad.lines()).toMatchObject([{ id: null, error: { code: 'control-line-long' } }]);
    await until(() => server.clients === 1);
    good.write('{"id":1,"do":"echo"}\n');
    await until(() => good.lines().length === 1);
    expect(said.map(({ fields }) => fields['why'])).toEqual(['line-too-long']);
  });

  test('more clients than there are places: told, and the place of one who leaves is free', async () => {
    const { path, server } = await stand({ bounds: { clients: 2 } });
    const [first] = [await raw(path), await raw(path)];
    await until(() => server.clients === 2);
    expect(await askControl({ path, do: 'echo' })).toMatchObject({ problem: { code: 'control-busy' } });
    first.socket.destroy();
    await until(() => server.clients === 1);
    expect(await askControl({ path, do: 'echo' })).toMatchObject({ ok: true });
  });

  test('a client that reads nothing is let go', async () => {
    const { path, server, replies, said } = await stand({ bounds: { unreadBytes: 100_000 } });
    const lazy = await raw(path);
    lazy.socket.pause();
    lazy.write('{"id":1,"do":"hang"}\n');
    await until(() => replies.length === 1);
    const long = 'y'.repeat(10_000);
    for (let n = 0; n < 200; n++) replies[0]!.event({ long });
    await until(() => server.clients === 0);
    expect(said.map(({ fields }) => fields['why'])).toEqual(['slow-reader']);
  });

  test('any bytes: the server lives, and another client has its answer', async () => {
    const { path } = await stand();
    const good = await raw(path);
    const pieces = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.json().map((text) => Buffer.from(`${text}\n`)),
        fc
          .record({ id: fc.jsonValue(), do: fc.oneof(fc.constantFrom('echo', 'slip', 'story'), fc.jsonValue()) })
          .map((request) => Buffer.from(`${JSON.stringify(request)}\n`)),
      ),
      { maxLength: 8 },
    );
    let n = 0;
    await fc.assert(
      fc.asyncProperty(pieces, async (bytes) => {
        const noisy = await raw(path);
        for (const piece of bytes) noisy.write(piece);
        good.write(`{"id":${++n},"do":"echo"}\n`);
        await until(() => good.lines().length === n);
        expect(good.lines().at(-1)).toEqual({ id: n, ok: {} });
        noisy.socket.destroy();
      }),
      { numRuns: 40 },
    );
  });
});

describe('nobody there', () => {
  test('no socket, a dead socket, a plain file: how to start one', async () => {
    const dir = folder();
    const plain = join(dir, 'plain');
    writeFileSync(plain, 'mine');
    for (const path of [join(dir, 'none'), await deadSocket(dir), plain]) {
      const asked = await askControl({ path, do: 'status' });
      expect(asked).toMatchObject({ problem: { code: 'control-nobody', facts: { path } } });
    }
  });

  test('somebody who says nothing, who leaves, who speaks otherwise', async () => {
    const path = join(folder(), 's');
    let meet: (socket: Socket) => void = () => undefined;
    const server = createServer((socket) => meet(socket.on('error', () => undefined).resume()));
    await new Promise<void>((done) => server.listen(path, done));
    closers.push(() => new Promise((done) => server.close(done)));
    const code = async (): Promise<unknown> => {
      const asked = await askControl({ path, do: 'status', answerMs: 200 });
      return asked.ok ? 'ok' : asked.problem.code;
    };
    expect(await code()).toBe('control-silent');
    meet = (socket) => socket.destroy();
    expect(await code()).toBe('control-lost');
    for (const said of ['hello\n', '[]\n', '{"id":2,"ok":{}}\n', '{"id":1}\n', '{"id":1,"ok":7}\n']) {
      meet = (socket) => socket.end(said);
      expect(await code()).toBe('control-strange');
    }
    meet = (socket) => socket.end('{"id":1,"error":{"code":"from-the-future","message":"not today"}}\n');
    expect(await code()).toBe('control-refused');
  });

  test('Ctrl-C while waiting', async () => {
    const { path, ended } = await stand();
    const stopper = new AbortController();
    const asked = askControl({ path, do: 'hang', stop: stopper.signal });
    setImmediate(() => stopper.abort());
    expect(await asked).toMatchObject({ problem: { code: 'control-stopped' } });
    expect(ended.length).toBeLessThanOrEqual(1);
  });

  test('one limit for the first word, another for the answer', async () => {
    const { path, replies } = await stand();
    const asked = askControl({ path, do: 'hang', answerMs: 5_000, withinMs: 50 });
    await until(() => replies.length === 1);
    replies[0]!.event({ state: 'queued' });
    expect(await asked).toMatchObject({ problem: { code: 'control-silent' } });
  });
});

/** A socket file that a killed process left behind. */
const deadSocket = async (dir: string): Promise<string> => {
  const path = join(dir, 'dead.sock');
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  expect(lstatSync(path).isSocket()).toBe(true);
  return path;
};

const codeOf = (opened: ControlServer | { problem: { code: string; facts: unknown } }): unknown => {
  if (!('problem' in opened)) closers.push(() => opened.close());
  return 'problem' in opened ? opened.problem.code : 'open';
};
const open = async (path: string) =>
  openControl({ path, name: 'other', log: () => undefined, known: [], answer: () => undefined });

describe('the file of the socket', () => {
  test('is for its owner alone, in a folder for its owner alone, and goes with the server', async () => {
    const dir = join(folder(), 'new', 'deep');
    const { server, path } = await stand({ path: join(dir, 'c.sock') });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    await server.close();
    expect(existsSync(path)).toBe(false);
  });

  test('one that a dead process left is replaced', async () => {
    const path = await deadSocket(folder());
    expect(codeOf(await open(path))).toBe('open');
    expect(await askControl({ path, do: 'hello' })).toEqual({ ok: true, value: { name: 'other', pid: process.pid } });
  });

  test('one that lives is left alone, and its holder named', async () => {
    const { path } = await stand();
    const second = await open(path);
    expect(second).toMatchObject({
      problem: { code: 'control-in-use', facts: { holder: `the gateway yard (process ${process.pid})` } },
    });
    expect(await askControl({ path, do: 'echo' })).toMatchObject({ ok: true });
  });

  test('one on which somebody else listens is left alone', async () => {
    const path = join(folder(), 's');
    const server = createServer((socket) => socket.on('error', () => undefined).resume());
    await new Promise<void>((done) => server.listen(path, done));
    closers.push(() => new Promise((done) => server.close(done)));
    expect(await open(path)).toMatchObject({
      problem: { code: 'control-in-use', facts: { holder: 'another program' } },
    });
  });

  test('a file that is no socket is left alone', async () => {
    const path = join(folder(), 'notes.txt');
    writeFileSync(path, 'mine');
    expect(codeOf(await open(path))).toBe('control-not-a-socket');
    expect(statSync(path).size).toBe(4);
  });

  test('a folder among the temporary files that is not ours alone is refused', async () => {
    const dir = join(folder(), 'stellwerk-1000');
    mkdirSync(dir);
    chmodSync(dir, 0o777);
    expect(codeOf(await open(join(dir, 'a.sock')))).toBe('control-folder-shared');
    chmodSync(dir, 0o700);
    expect(codeOf(await open(join(dir, 'a.sock')))).toBe('open');
  });

  test('a place that cannot be', async () => {
    const plain = join(folder(), 'plain');
    writeFileSync(plain, '');
    expect(codeOf(await open(join(plain, 'deep', 'c.sock')))).toBe('file-unwritable');
  });
});

describe('where it lies', () => {
  const at = (more: Partial<Parameters<typeof controlPath>[0]>): unknown => {
    const read = controlPath({ name: 'kerb-1', env: {}, platform: 'linux', temp: '/tmp', ...more });
    return read.ok ? read.value : read.problem.code;
  };
  test.each([
    [{ control: 'off', state: '/s' }, undefined],
    [{ control: '/run/x.sock', state: '/s' }, '/run/x.sock'],
    [{ state: '/s' }, '/s/control.sock'],
    [{ env: { XDG_RUNTIME_DIR: '/run/user/7' } }, '/run/user/7/stellwerk-kerb-1.sock'],
    [{ env: { XDG_RUNTIME_DIR: 'relative' } }, `/tmp/stellwerk-${userInfo().uid}/kerb-1.sock`],
    [{}, `/tmp/stellwerk-${userInfo().uid}/kerb-1.sock`],
    [{ control: `/${'a'.repeat(106)}` }, `/${'a'.repeat(106)}`],
    [{ control: `/${'a'.repeat(107)}` }, 'control-path-long'],
    [{ control: `/${'ä'.repeat(54)}` }, 'control-path-long'],
    [{ platform: 'win32' }, '\\\\.\\pipe\\stellwerk-kerb-1'],
  ] as const)('%j', (more, path) => expect(at(more)).toBe(path));

  test('a name becomes no path, and two names never the same one', () => {
    const names = ['a/b', 'a_b', '../x', 'ä', 'a b', 'x'.repeat(100), 'x'.repeat(99)];
    const paths = names.map((name) => String(at({ name })));
    expect(new Set(paths).size).toBe(names.length);
    for (const path of paths) expect(path.split('/')).toHaveLength(4);
  });
});

test('lines come out the same however the bytes are cut', () => {
  const text = fc.array(fc.string({ unit: fc.constantFrom('a', 'ä', '€', '🚗', '\u0000', '"'), maxLength: 12 }), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(text, fc.array(fc.nat(30), { maxLength: 8 }), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const cutter = lineCutter(1_000);
      const out: string[] = [];
      let at = 0;
      for (const cut of [...cuts, bytes.length]) {
        out.push(...cutter.feed(bytes.subarray(at, at + cut)).lines);
        at += cut;
      }
      expect(out).toEqual(
        Buffer.from(lines.join('\n'))
          .toString()
          .split('\n')
          .filter((line) => line.trim() !== ''),
      );
    }),
  );
});

test('a problem that is spoken is heard as it was; no JSON that is heard throws', () => {
  const what = problem('config-unknown-model', { id: 'a', near: 'b' });
  expect(hear(JSON.parse(JSON.stringify(speak(what))))).toEqual(what);
  expect(hear({ code: 'config-unknown-model', message: 'm' }).code).toBe('control-refused');
  expect(speak(problem('config-invalid', { why: 'password: hunter2' })).message).not.toContain('hunter2');
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(sentenceOf(hear(value))).not.toBe('');
    }),
  );
});
