import type { LineSettings, LineSignals } from '../../base/machine.js';
import { fail } from '../../base/problem.js';
import { ok, type Result } from '../../base/result.js';
import type { Link, LinkEars } from '../link.js';
import { resetSteps, type ResetMode } from '../reset.js';
import { hostPort } from '../sockets.js';
import { hearPaced } from '../paced.js';
import { closed, drainedOf, lossOf, openSocket, writeTo } from '../tcp.js';
import { comPort, control, fromServer, lineCommands, signalControls, wordOf } from './com-port.js';
import { telnetEnd, telnetOption } from './options.js';

const { binary, goAhead, comPort: option } = telnetOption;

/** A server that has not said by then what it can will not say it any more. */
const agreeMs = 2_000;

/** What a board may say before its link is open; more of it is dropped. */
const mostEarly = 256 << 10;

const pauseMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * A serial port at a serial server: `rfc2217://host:port`. A server without the COM-PORT option gives a plain Telnet link,
 * whose `can` is false. Problems: as `openTcp`, `link-lost` when the server hangs up at once, `rfc2217-speed`.
 */
export const openRfc2217 = async (
  { host, port }: { readonly host: string; readonly port: number },
  how: { readonly line: LineSettings; readonly reset: ResetMode },
  ears: LinkEars,
): Promise<Result<Link>> => {
  const opened = await openSocket(host, port);
  if (!opened.ok) return opened;
  const socket = opened.value;
  const address = `rfc2217://${hostPort(host, port)}`;
  const loss = lossOf(address, ears);
  let started = false;
  let baud: number | undefined;
  let changed = (): void => undefined;
  const early: Uint8Array[] = [];
  let waiting = 0;

  const telnet = telnetEnd(
    {
      askUs: [binary, goAhead, option],
      askThem: [binary, goAhead],
      agreeUs: [binary, goAhead, option],
      agreeThem: [binary, goAhead, telnetOption.echo, option],
    },
    {
      send: (bytes) => writeTo(socket, bytes),
      data(bytes) {
        if (loss.over) return;
        if (started) ears.bytes(bytes);
        else if ((waiting += bytes.length) < mostEarly) early.push(bytes.slice());
      },
      suboption(which, bytes) {
        if (which === option && bytes[0] === comPort.baud + fromServer && !started) baud = wordOf(bytes.subarray(1));
        changed();
      },
      agreed: () => changed(),
    },
  );
  const send = (...bytes: readonly number[]): void => telnet.sub(option, Uint8Array.from(bytes));
  const sendLine = (line: LineSettings): void => lineCommands(line).forEach((command) => send(...command));
  const sendSignals = (signals: LineSignals): void =>
    signalControls(signals).forEach((value) => send(comPort.control, value));
  /** Resolves when it is so, when the connection has ended, or when the server had its time. */
  const until = (so: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(done, agreeMs);
      function done(): void {
        clearTimeout(timer);
        changed = () => undefined;
        resolve();
      }
      changed = () => {
        if (socket.destroyed || so()) done();
      };
      changed();
    });

  socket.on('error', (error: NodeJS.ErrnoException) => (loss.why = error.code ?? error.message));
  hearPaced(socket, (bytes) => telnet.take(bytes));
  socket.on('close', () => {
    changed();
    if (started) loss.tell();
  });
  telnet.start();
  const answered = (agreement: string): boolean => agreement !== 'asked';
  await until(() => [telnet.us(option), telnet.us(binary), telnet.them(binary)].every(answered));
  const can = telnet.us(option) === 'yes';
  if (can) {
    sendLine(how.line);
    send(comPort.control, control.noFlow);
    await until(() => baud !== undefined);
    for (const { signals, thenMs } of resetSteps(how.reset)) {
      sendSignals(signals);
      if (thenMs > 0) await pauseMs(thenMs);
    }
  }
  if (socket.destroyed) return fail('link-lost', { address, why: loss.why });
  if (baud !== undefined && baud !== how.line.baud) {
    await closed(socket);
    return fail('rfc2217-speed', { address, have: baud, want: how.line.baud });
  }
  socket.pause();

  return ok({
    address,
    can: { line: can, signals: can },
    start() {
      started = true;
      ears.opened(how.line);
      for (const bytes of early.splice(0)) ears.bytes(bytes);
      if (socket.destroyed) loss.tell();
      else socket.resume();
    },
    write: (bytes) => writeTo(socket, telnet.wrap(bytes)),
    setLine(line) {
      if (can) sendLine(line);
    },
    setSignals(signals) {
      if (can) sendSignals(signals);
    },
    drained: (withinMs) => drainedOf(socket, withinMs),
    close() {
      loss.over = true;
      return closed(socket);
    },
  });
};
