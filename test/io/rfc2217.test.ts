import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { must } from '../../src/base/problem.js';
import { openRfc2217, offerRfc2217 } from '../../src/io/rfc2217/index.js';
import { telnetSuboption, telnetVerb } from '../../src/io/rfc2217/telnet.js';
import { offerPty } from '../../src/io/pty.js';
import { openTcp } from '../../src/io/tcp.js';
import type { Link } from '../../src/io/link.js';
import { havePeer, havePython, peerPath, pythonWith } from '../peers/peer.js';
import { latin1, listener, started, whereOf, type Listener } from './ears.js';

const here = { host: '127.0.0.1', port: 0 };
const plain = { line: { baud: 115_200 }, reset: 'never' } as const;
const comPort = 44;

const closing = (link: Link): Link => {
  onTestFinished(() => link.close());
  return link;
};
const offered = async (): Promise<Listener & { link: Link }> => {
  const far = listener();
  const link = closing(started(await offerRfc2217(here, far.ears)));
  return Object.assign(far, { link });
};
/** A server of Telnet's bytes, made by hand. */
const serverOf = async (talk: (socket: Socket) => void): Promise<{ host: string; port: number }> => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    talk(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
};

test('our client and our server: settings, signals and bytes arrive in their order', async () => {
  const far = await offered();
  const near = listener();
  const how = { line: { baud: 9_600, dataBits: 7, parity: 'even' }, reset: 'never' } as const;
  const link = closing(started(await openRfc2217(whereOf(far.link), how, near.ears)));
  expect(link.can).toEqual({ line: true, signals: true });
  link.write(latin1('AT\r\n\xff'));
  link.setLine({ baud: 1_200 });
  link.setSignals({ dtr: false });
  link.setSignals({ brk: true });
  link.write(latin1('more'));
  await far.untilText('more');
  expect(far.heard).toEqual([
    'opened {baud:115200}',
    'line {baud:9600}',
    'line {baud:9600,dataBits:7}',
    'line {baud:9600,dataBits:7,parity:even}',
    'signals {dtr:true}',
    'signals {rts:true}',
    'bytes AT\r\n\xff',
    'line {baud:1200,dataBits:7,parity:even}',
    'line {baud:1200,dataBits:8,parity:even}',
    'line {baud:1200,dataBits:8,parity:none}',
    'signals {dtr:false}',
    'signals {brk:true}',
    'bytes more',
  ]);
  far.link.write(Uint8Array.from({ length: 256 }, (_, i) => i));
  await near.until(() => near.byteCount === 256);
  expect([...latin1(near.text)]).toEqual([...Array(256).keys()]);
  await link.drained(1_000);
  await link.close();
  await far.until(() => far.heard.includes('lost link-lost'));
  expect(near.heard.filter((one) => !one.startsWith('bytes'))).toEqual(['opened {baud:9600,dataBits:7,parity:even}']);
});

test.each([
  ['never', ['{dtr:true}', '{rts:true}']],
  ['pulse', ['{dtr:false}', '{rts:true}', '{dtr:false}', '{rts:false}']],
  ['bootloader', ['{dtr:false}', '{rts:true}', '{dtr:true}', '{rts:false}', '{dtr:false}', '{rts:false}']],
] as const)('reset %s', async (reset, signals) => {
  const far = await offered();
  const link = closing(started(await openRfc2217(whereOf(far.link), { ...plain, reset }, listener().ears)));
  link.write(latin1('x'));
  await far.untilText('x');
  expect(far.heard.filter((one) => one.startsWith('signals'))).toEqual(signals.map((one) => `signals ${one}`));
});

test('one client at a time, and the next one when it has gone', async () => {
  const far = await offered();
  const [one, two, three] = [listener(), listener(), listener()];
  const where = whereOf(far.link);
  const first = started(await openTcp(where, one.ears));
  await far.until(() => far.heard.length > 0);
  const second = closing(started(await openTcp(where, two.ears)));
  await two.until(() => two.heard.includes('lost link-lost'));
  expect(two.text).toBe('');
  await second.close();
  // It comes back at once: before the server can know that the first one has gone.
  const [, third] = await Promise.all([first.close(), openTcp(where, three.ears)]);
  closing(started(third)).write(latin1('again'));
  await far.untilText('again');
  expect(far.heard).toEqual(['opened {baud:115200}', 'lost link-lost', 'opened {baud:115200}', 'bytes again']);
});

test('a Telnet server without the option gives a plain link', async () => {
  const told = listener();
  const where = await serverOf((socket) => {
    for (const option of [comPort, 0, 3]) socket.write(telnetVerb('dont', option));
    for (const option of [0, 3]) socket.write(telnetVerb('wont', option));
    socket.write('login: ');
    socket.on('data', (bytes) => told.ears.bytes(bytes));
  });
  const near = listener();
  const link = closing(started(await openRfc2217(where, plain, near.ears)));
  expect(link.can).toEqual({ line: false, signals: false });
  link.setLine({ baud: 9_600 });
  link.setSignals({ dtr: true });
  link.write(latin1('AT\r'));
  await near.untilText('login: ');
  await told.untilText('AT\r\0');
  expect(told.text).not.toContain('\xff\xfa');
});

test('a server that does not speak Telnet gives a plain link, in bounded time', async () => {
  const told = listener();
  const where = await serverOf((socket) => {
    socket.write('boot\r\n');
    socket.on('data', (bytes) => told.ears.bytes(bytes));
  });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const near = listener();
  const opening = openRfc2217(where, plain, near.ears);
  await told.until(() => told.byteCount === 15);
  vi.advanceTimersByTime(2_000);
  const link = closing(started(await opening));
  expect(link.can).toEqual({ line: false, signals: false });
  link.write(latin1('AT\r'));
  await told.until(() => told.byteCount === 18);
  expect(told.text.endsWith('AT\r')).toBe(true);
  await near.untilText('boot\r\n');
});

test('a server that gives another speed is said to', async () => {
  const where = await serverOf((socket) => {
    for (const option of [comPort, 0]) socket.write(telnetVerb('do', option));
    socket.write(telnetVerb('will', 0));
    socket.write(telnetSuboption(comPort, Uint8Array.of(101, 0, 0, 0x25, 0x80)));
  });
  expect(await openRfc2217(where, plain, listener().ears)).toMatchObject({
    ok: false,
    problem: { code: 'rfc2217-speed', facts: { have: 9_600, want: 115_200 } },
  });
});

test('a server that hangs up while it is asked', async () => {
  const where = await serverOf((socket) => socket.destroy());
  expect(await openRfc2217(where, plain, listener().ears)).toMatchObject({ problem: { code: 'link-lost' } });
});

test('a port where nobody listens', async () => {
  const socket = connect({ host: '127.0.0.1', port: 1 });
  socket.on('error', () => undefined);
  expect(await openRfc2217({ host: '127.0.0.1', port: 1 }, plain, listener().ears)).toMatchObject({
    problem: { code: 'nothing-listens' },
  });
});

const script = `
import serial, sys, time
port = serial.serial_for_url('rfc2217://127.0.0.1:' + sys.argv[1] + '?poll_modem', baudrate=57600, bytesize=7, parity='E', timeout=5)
port.write(bytes(range(256)))
got = port.read(256)
assert got == bytes(range(256)), got
port.baudrate = 1200
port.parity = 'N'
port.bytesize = 8
port.stopbits = 2
port.dtr = False
port.rts = False
port.break_condition = True
port.break_condition = False
port.rtscts = True
port.reset_input_buffer()
port.reset_output_buffer()
# The state of the modem lines comes by itself, sometime after the port is open.
for _ in range(100):
    try:
        port.cts
        break
    except serial.SerialException:
        time.sleep(0.05)
assert port.cts and port.dsr and port.cd and not port.ri
port.write(b'bye')
assert port.read(3) == b'BYE'
port.close()
print('well')
`;

test.skipIf(!havePython('serial'))('pyserial opens our server', async () => {
  const far = listener();
  const link: Link = closing(
    started(
      await offerRfc2217(here, {
        ...far.ears,
        bytes(bytes) {
          far.ears.bytes(bytes);
          link.write(Buffer.from(bytes).equals(latin1('bye')) ? latin1('BYE') : bytes);
        },
      }),
    ),
  );
  const child = spawn(pythonWith('serial')!, ['-c', script, String(whereOf(link).port)]);
  const said = listener();
  child.stdout.on('data', (bytes: Buffer) => said.ears.bytes(bytes));
  child.stderr.on('data', (bytes: Buffer) => said.ears.bytes(bytes));
  await once(child, 'close');
  expect(said.text).toBe('well\n');
  await far.until(() => far.heard.at(-1) === 'lost link-lost');
  expect(far.heard.filter((one) => one.startsWith('line'))).toEqual([
    'line {baud:57600}',
    'line {baud:57600,dataBits:7}',
    'line {baud:57600,dataBits:7,parity:even}',
    'line {baud:1200,dataBits:7,parity:even}',
    'line {baud:1200,dataBits:7,parity:none}',
    'line {baud:1200,dataBits:8,parity:none}',
    'line {baud:1200,dataBits:8,parity:none,stopBits:2}',
  ]);
  expect(far.heard).toContain('signals {dtr:false}');
  expect(far.heard).toContain('signals {rts:false}');
  expect(far.heard).toContain('signals {brk:true}');
});

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

test.skipIf(!havePeer('ser2net'))('our client opens a port behind ser2net', async () => {
  const far = listener();
  const board: Link = closing(must(await offerPty({}, far.ears)));
  board.start();
  const folder = await mkdtemp(join(tmpdir(), 'stellwerk-ser2net-'));
  const port = await freePort();
  const file = join(folder, 'ser2net.yaml');
  await writeFile(
    file,
    [
      'connection: &board',
      `  accepter: telnet(rfc2217),tcp,127.0.0.1,${port}`,
      `  connector: serialdev,${board.address},115200n81,local`,
      '',
    ].join('\n'),
  );
  const child = spawn(peerPath('ser2net'), ['-n', '-d', '-u', '-c', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(async () => {
    child.kill();
    await once(child, 'close');
    await rm(folder, { recursive: true });
  });
  const near = listener();
  // It listens soon after it has started.
  let opened = await openRfc2217({ host: '127.0.0.1', port }, { ...plain, line: { baud: 38_400 } }, near.ears);
  for (let i = 0; !opened.ok && i < 200; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    opened = await openRfc2217({ host: '127.0.0.1', port }, { ...plain, line: { baud: 38_400 } }, near.ears);
  }
  const link = closing(started(opened));
  expect(link.can.line).toBe(true);
  link.write(latin1('AT+VER=?\r\n\xff\xff\0\x11\x13'));
  await far.untilText('AT+VER=?\r\n\xff\xff\0\x11\x13');
  board.write(latin1('OK\r\n\xff\0\xfe\x11\x13!'));
  await near.untilText('OK\r\n\xff\0\xfe\x11\x13!');
  link.setLine({ baud: 1_200 });
  link.setSignals({ dtr: true, brk: true });
  link.setSignals({ brk: false });
  link.write(latin1('slow'));
  await far.untilText('slow');
});
