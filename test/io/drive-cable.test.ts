import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Machine } from '../../src/base/machine.js';
import type { Clock } from '../../src/io/clock.js';
import { drive } from '../../src/io/drive.js';
import type { Link } from '../../src/io/link.js';
import { offerLink } from '../../src/io/offer.js';
import { openLink } from '../../src/io/open-link.js';
import { latin1, listener, whereOf } from './ears.js';

/** A clock whose every appointment is at once: what comes back after seconds comes back now. */
const hurriedClock = (): Clock => {
  let nowUs = 0;
  return {
    nowUs: () => nowUs,
    at(us, then) {
      const soon = setImmediate(() => {
        nowUs = Math.max(nowUs, us);
        then();
      });
      return () => clearImmediate(soon);
    },
  };
};

const request = 'AT+VER=?\r\n';
const answer = 'RUI_4.1.0\r\nOK\r\n';

/** A board on TCP that pulls its cable once, after that many bytes of an exchange. */
const pullingServer = async (after: number): Promise<{ server: Server; address: string }> => {
  let pulled = false;
  const server = createServer({ noDelay: true }, (socket) => {
    let left = pulled ? Infinity : after;
    let got = '';
    socket.on('error', () => undefined);
    const pass = (count: number): void => {
      left -= count;
      if (left > 0 || pulled) return;
      pulled = true;
      socket.end();
      socket.destroySoon();
    };
    pass(0);
    socket.on('data', (bytes) => {
      for (const byte of bytes) {
        if (left <= 0) return;
        got += String.fromCharCode(byte);
        pass(1);
      }
      if (!got.endsWith(request) || left <= 0) return;
      const part = answer.slice(0, Math.min(left, answer.length));
      socket.write(part);
      pass(part.length);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, address: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

test('the cable is pulled after every byte of an exchange: the drive comes back and ends it', async () => {
  const total = request.length + answer.length;
  for (let after = 0; after <= total; after++) {
    const far = await pullingServer(after);
    let got = '';
    let done!: () => void;
    const finished = new Promise<void>((resolve) => (done = resolve));
    const machine: Machine<string> = {
      step(input, _nowUs, out) {
        if (input.kind === 'opened') {
          got = '';
          out.bytes(latin1(request));
        } else if (input.kind === 'bytes') {
          got += Buffer.from(input.bytes).toString('latin1');
          if (got === answer) out.event('done');
        }
      },
    };
    const run = drive({
      machine,
      clock: hurriedClock(),
      open: (ears) => openLink(far.address, {}, ears),
      event: () => done(),
    });
    await finished;
    await run.close();
    expect(await run.ended).toBeUndefined();
    // Comes only when no connection is left.
    const gone = once(far.server, 'close');
    far.server.close();
    await gone;
  }
});

/** A board that says everything back. */
const echo = (): Machine<never> => ({
  step(input, _nowUs, out) {
    if (input.kind === 'bytes') out.bytes(input.bytes.slice());
  },
});

test.each(['tcp', 'rfc2217', ...(process.platform === 'win32' ? [] : (['pty'] as const))] as const)(
  'a virtual board offered over %s meets one host after another',
  async (kind) => {
    let link: Link | undefined;
    let offered!: () => void;
    const ready = new Promise<void>((resolve) => (offered = resolve));
    const board = drive({
      machine: echo(),
      clock: hurriedClock(),
      async open(ears) {
        const opened = await offerLink({ kind }, ears);
        if (opened.ok) link = opened.value;
        offered();
        return opened;
      },
    });
    await ready;
    for (let i = 0; i < 3; i++) {
      const near = listener();
      const machine: Machine<never> = {
        step: (input, _nowUs, out) => void (input.kind === 'opened' && out.bytes(latin1(`hello ${i}`))),
      };
      const run = drive({
        machine,
        clock: hurriedClock(),
        open: (ears) => openLink(link!.address, {}, ears),
        exchange: (dir, bytes) => dir === 'in' && near.ears.bytes(bytes),
      });
      await near.untilText(`hello ${i}`);
      await run.close();
    }
    await board.close();
    if (kind === 'pty') return;
    // The port is free: somebody else can have it.
    const next = await offerLink({ kind: 'tcp', ...whereOf(link!) }, listener().ears);
    expect(next.ok).toBe(true);
    if (next.ok) await next.value.close();
  },
);

test.each(['tcp', ...(process.platform === 'win32' ? [] : (['pty'] as const))] as const)(
  'a board that floods a host that does not read stays small and can be closed: %s',
  async (kind) => {
    const offered = await offerLink({ kind }, listener().ears);
    if (!offered.ok) throw new Error(offered.problem.code);
    const link = offered.value;
    link.start();
    const host = kind === 'tcp' ? await openLink(link.address, {}, listener().ears) : undefined;
    onTestFinished(async () => void (host?.ok && (await host.value.close())));
    await new Promise((resolve) => setImmediate(resolve));
    const piece = new Uint8Array(65_536);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 2_000; i++) link.write(piece);
    // 128 MB were said; what is kept is a few hundred kilobytes, and a megabyte for TCP.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20);
    await link.close();
  },
);
