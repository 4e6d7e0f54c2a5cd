import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { hintOf, sentenceOf } from '../../src/base/problem.js';
import type { Link } from '../../src/io/link.js';
import { offerLink } from '../../src/io/offer.js';
import { openLink, portNameOf } from '../../src/io/open-link.js';
import { serialProblem } from '../../src/io/serial.js';
import { havePeer, peerPath } from '../peers/peer.js';
import { latin1, listener, started, whereOf, type Listener } from './ears.js';

const closing = (link: Link): Link => {
  onTestFinished(() => link.close());
  return link;
};
const folderFor = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'stellwerk-serial-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};
const board = async (at?: string): Promise<Listener & { link: Link }> => {
  const far = listener();
  const link = closing(started(await offerLink({ kind: 'pty', ...(at !== undefined && { at }) }, far.ears)));
  return Object.assign(far, { link });
};
const host = async (path: string): Promise<Listener & { link: Link }> => {
  const near = listener();
  return Object.assign(near, { link: closing(started(await openLink(path, {}, near.ears))) });
};
const codeAt = async (path: string): Promise<string> => {
  const opened = await openLink(path, {}, listener().ears);
  if (opened.ok) await opened.value.close();
  return opened.ok ? 'opened' : opened.problem.code;
};

test.each([
  ['/dev/ttyUSB0', { kind: 'path', path: '/dev/ttyUSB0' }],
  ['COM3', { kind: 'path', path: 'COM3' }],
  ['tcp://board.example:4001', { kind: 'tcp', host: 'board.example', port: 4001 }],
  ['TCP://127.0.0.1:1', { kind: 'tcp', host: '127.0.0.1', port: 1 }],
  ['socket://127.0.0.1:1/', { kind: 'tcp', host: '127.0.0.1', port: 1 }],
  ['rfc2217://[::1]:2217', { kind: 'rfc2217', host: '::1', port: 2217 }],
])('%s is a port', (address, value) => expect(portNameOf(address)).toEqual({ ok: true, value }));

test.each(['', ' ', 'tcp://', 'tcp://host', 'tcp://host:0', 'tcp://host:70000', 'http://host:80', 'tcp://a b:1'])(
  '"%s" is none',
  async (address) => expect(await codeAt(address)).toBe('port-url'),
);

describe.skipIf(process.platform === 'win32')('a port', () => {
  test('that is not there, a file, a folder, a device of another kind', async () => {
    const folder = await folderFor();
    await writeFile(join(folder, 'file'), '');
    await symlink(join(folder, 'nowhere'), join(folder, 'link'));
    expect(await codeAt(join(folder, 'none'))).toBe('port-missing');
    expect(await codeAt(join(folder, 'link'))).toBe('port-missing');
    expect(await codeAt(join(folder, 'file'))).toBe('port-not-serial');
    expect(await codeAt(folder)).toBe('port-not-serial');
    expect(await codeAt('/dev/null')).toBe('port-not-serial');
  });

  // Root may do anything.
  test.skipIf(process.getuid?.() === 0)('that is not for us names its group', async () => {
    const far = await board();
    await chmod(far.link.address, 0);
    const opened = await openLink(far.link.address, {}, listener().ears);
    expect(opened.ok ? 'opened' : hintOf(opened.problem)).toContain('usermod -aG');
  });

  test('opens, talks, and is free again, five times', async () => {
    const far = await board();
    for (let i = 0; i < 5; i++) {
      const near = await host(far.link.address);
      near.link.setSignals({ dtr: false, rts: true, brk: true });
      near.link.write(latin1(`AT${i}\r\n\xff\0`));
      await far.untilText(`AT${i}\r\n\xff\0`);
      far.link.write(latin1(`OK${i}\r\n\xfe\x03\x11`));
      await near.untilText(`OK${i}\r\n\xfe\x03\x11`);
      near.link.setLine({ baud: 9_600 });
      near.link.write(latin1(`slow${i}`));
      await near.link.close();
      await far.untilText(`slow${i}`);
    }
    expect(far.heard.filter((one) => !one.startsWith('bytes'))).toEqual(['opened {baud:115200}']);
  });

  test('that is open in us names us to the next', async () => {
    const far = await board();
    const near = await host(far.link.address);
    const second = await openLink(far.link.address, {}, listener().ears);
    if (second.ok) throw new Error('two hosts on one line');
    expect(second.problem.code).toBe('port-busy');
    if (process.platform === 'linux') expect(sentenceOf(second.problem)).toContain(`(process ${process.pid})`);
    await near.link.close();
    expect(await codeAt(far.link.address)).toBe('opened');
  });

  test('whose board goes away is lost', async () => {
    const far = await board();
    const near = await host(far.link.address);
    await far.link.close();
    await near.until(() => near.heard.includes('lost link-lost'));
    await near.link.close();
    expect(near.heard.filter((one) => one.startsWith('lost'))).toHaveLength(1);
  });

  test('takes a megabyte each way, whole', async () => {
    const size = 1 << 20;
    const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8) * 7) & 0xff);
    const kept: Record<'near' | 'far', Uint8Array[]> = { near: [], far: [] };
    const far = listener();
    const near = listener();
    const keep = (end: 'near' | 'far', to: Listener) => ({
      ...to.ears,
      bytes(piece: Uint8Array) {
        kept[end].push(Uint8Array.from(piece));
        to.ears.bytes(piece);
      },
    });
    const there = closing(started(await offerLink({ kind: 'pty' }, keep('far', far))));
    const here = closing(started(await openLink(there.address, {}, keep('near', near))));
    const send = async (link: Link): Promise<void> => {
      for (let at = 0; at < size; at += 32_768) {
        link.write(bytes.subarray(at, at + 32_768));
        await link.drained(5_000);
      }
    };
    await Promise.all([send(there), send(here)]);
    await Promise.all([near, far].map((end) => end.until(() => end.byteCount >= size)));
    for (const end of ['near', 'far'] as const) expect(Buffer.concat(kept[end]).equals(bytes)).toBe(true);
  });
});

describe.skipIf(process.platform === 'win32')('a PTY at a name', () => {
  test('is made and taken away', async () => {
    const at = join(await folderFor(), 'board');
    const far = await board(at);
    expect(far.link.address).toBe(at);
    const near = await host(at);
    near.link.write(latin1('hello'));
    await far.untilText('hello');
    await near.link.close();
    await Promise.all([far.link.close(), far.link.close()]);
    expect(existsSync(at)).toBe(false);
  });

  test('never over what is not ours', async () => {
    const folder = await folderFor();
    const file = join(folder, 'file');
    await writeFile(file, 'mine');
    const link = join(folder, 'link');
    await symlink('file', link);
    const living = join(folder, 'living');
    const other = await board(living);
    for (const at of [file, link, living, folder])
      expect(await offerLink({ kind: 'pty', at }, listener().ears)).toMatchObject({ problem: { code: 'file-exists' } });
    expect(await offerLink({ kind: 'pty', at: join(file, 'x') }, listener().ears)).toMatchObject({
      problem: { code: 'file-unwritable' },
    });
    expect(readlinkSync(living)).toMatch(/^\/dev\//);
    // What somebody put there meanwhile stays, too.
    await rm(living);
    await writeFile(living, 'theirs');
    await other.link.close();
    expect(lstatSync(living).isFile()).toBe(true);
  });

  test('over a link that a PTY left behind', async () => {
    const at = join(await folderFor(), 'board');
    await symlink('/dev/pts/999999', at);
    const far = await board(at);
    expect(readlinkSync(at)).not.toBe('/dev/pts/999999');
    await far.link.close();
    expect(existsSync(at)).toBe(false);
  });
});

test.skipIf(process.platform === 'win32')('what nobody reads is given up after three seconds', async () => {
  const far = await board();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  far.link.write(latin1('old '.repeat(25_000)));
  let over = false;
  const drained = far.link.drained(3_600_000).then(() => (over = true));
  while (!over) {
    vi.advanceTimersByTime(5);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await drained;
  vi.useRealTimers();
  const near = await host(far.link.address);
  far.link.write(latin1('new'));
  await near.untilText('new');
  // The system itself keeps a few kilobytes, and drops them when a port is opened.
  expect(near.byteCount).toBeLessThan(65_536);
});

/** In a group of its own: when picocom is ended it ends its whole group, and that must not be ours. */
const picocom = (args: readonly string[]): ChildProcessWithoutNullStreams => {
  const child = spawn(peerPath('picocom'), args, { detached: true });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, 'close');
  });
  return child;
};

test.skipIf(process.platform !== 'linux' || !havePeer('picocom'))('a port that picocom has says so', async () => {
  const far = await board();
  const child = picocom(['--noreset', '-q', far.link.address]);
  child.stdin.write('hello');
  await far.untilText('hello');
  const opened = await openLink(far.link.address, {}, listener().ears);
  if (opened.ok) throw new Error('two hosts on one line');
  expect(sentenceOf(opened.problem)).toContain(`picocom (process ${child.pid})`);
});

test.skipIf(!havePeer('picocom'))('picocom opens the PTY and talks', async () => {
  const far = await board();
  const child = picocom(['--noreset', '--nolock', '-q', '-x', '500', far.link.address]);
  const said = listener();
  child.stdout.on('data', (bytes: Buffer) => said.ears.bytes(bytes));
  child.stdin.write('AT+VER=?\r');
  await far.untilText('AT+VER=?\r');
  far.link.write(latin1('RUI_4.1.0\r\nOK\r\n'));
  await said.untilText('RUI_4.1.0\r\nOK\r\n');
  const ended = once(child, 'close');
  child.stdin.end();
  await ended;
});

test.skipIf(!havePeer('socat'))('socat bridges a PTY of its own to our TCP port', async () => {
  const far = listener();
  const link = closing(started(await offerLink({ kind: 'tcp' }, far.ears)));
  const pty = join(await folderFor(), 'bridge');
  const child = spawn(peerPath('socat'), [`PTY,link=${pty},raw,echo=0`, `TCP:127.0.0.1:${whereOf(link).port}`]);
  onTestFinished(() => void child.kill());
  await far.until(() => far.heard.length > 0);
  const near = await host(pty);
  near.link.write(latin1('AT\r\n\xff'));
  await far.untilText('AT\r\n\xff');
  link.write(latin1('OK\r\n\xff\0'));
  await near.untilText('OK\r\n\xff\0');
});

test('a port that no group may open is not answered with advice to join one, least of all that of root', async () => {
  const file = join(await folderFor(), 'port');
  await writeFile(file, '');
  await chmod(file, 0o600);
  expect(await serialProblem(file, new Error('Permission denied'))).toMatchObject({ code: 'port-not-yours' });
});
