import { problem } from '../../base/problem.js';
import { nearest } from '../../base/nearest.js';
import { guessBoard, usbIdOf } from '../../console/guess.js';
import type { PortInfo } from '../../io/ports.js';
import { guessWords } from '../guess-words.js';
import { visible } from '../ports.js';
import type { Finding, World } from './types.js';

const check = 'ports';
const pollMs = 500;
const waitMs = 10_000;

/** Where this system keeps its ports, for the sentence that there is none. */
const placesOf = (platform: string): string =>
  platform === 'win32'
    ? 'the COM ports of the device manager'
    : platform === 'darwin'
      ? '/dev/cu.*'
      : '/dev/ttyUSB*, /dev/ttyACM* and what /sys/class/tty tells of them';

/** USB devices of the catalogue that stand there without a serial port. */
const withoutPort = async ({ known, usb, ports }: World): Promise<readonly Finding[]> => {
  const there = await ports();
  const findings: Finding[] = [];
  for (const device of await usb()) {
    const id = usbIdOf(device)!;
    const { bridge, guesses, neverProbe } = guessBoard(device, known);
    if ((!bridge && guesses.length === 0) || there.some((port) => usbIdOf(port) === id)) continue;
    const facts = { usb: id, device: device.name };
    findings.push(
      neverProbe === 'no-port'
        ? { check, state: 'warning', what: problem('doctor-usb-flash-only', facts) }
        : { check, state: 'problem', what: problem('doctor-usb-without-port', facts) },
    );
  }
  return findings;
};

/** The first port that was not there before, or undefined after ten seconds. */
const nextPort = async (world: World, before: readonly PortInfo[]): Promise<PortInfo | undefined> => {
  const known = new Set(before.map(({ path, serialNumber = '' }) => `${path} ${serialNumber}`));
  for (let waitedMs = 0; waitedMs < waitMs && !world.stopped(); waitedMs += pollMs) {
    if (waitedMs % 2_000 === 0) world.progress(`plug the board in now: ${(waitMs - waitedMs) / 1_000} s left`);
    await world.wait(pollMs);
    const now = visible(await world.ports());
    const come = now.find(({ path, serialNumber = '' }) => !known.has(`${path} ${serialNumber}`));
    if (come) return come;
  }
  return undefined;
};

const boardOf = (world: World, port: PortInfo): string => guessWords(guessBoard(port, world.known), port);

/**
 * The ports that are there, or come within ten seconds when a person waits for one, and what is missing: the first thing
 * to look at, because all other checks are about these ports.
 */
export const lookForPorts = async (
  world: World,
  { named, wait }: { readonly named?: string; readonly wait: boolean },
): Promise<{ readonly ports: readonly PortInfo[]; readonly findings: readonly Finding[] }> => {
  const all = await world.ports();
  const seen = visible(all);
  if (named !== undefined) {
    const listed = all.find(({ path, byId }) => path === named || byId === named);
    const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(named);
    if (listed || url || (await world.look(named))) return { ports: [listed ?? { path: named }], findings: [] };
    const paths = seen.map(({ path }) => path);
    const near = paths.length > 8 ? nearest(named, paths, 8) : paths;
    const what = problem('doctor-port-missing', { port: named, ports: near.join(', ') || 'none' });
    return { ports: [], findings: [{ check, state: 'problem', what }, ...(await withoutPort(world))] };
  }
  const findings: Finding[] = [];
  const ports = [...seen];
  if (wait) {
    const come = await nextPort(world, seen);
    if (come) {
      ports.push(come);
      const facts = { port: come.path, board: boardOf(world, come) };
      findings.push({ check, state: 'ok', what: problem('doctor-new-port', facts) });
    } else if (!world.stopped())
      findings.push({
        check,
        state: 'problem',
        what: problem('doctor-no-new-device', { seconds: waitMs / 1_000 }),
      });
  }
  if (ports.length === 0)
    findings.push({ check, state: 'problem', what: problem('doctor-no-ports', { places: placesOf(world.platform) }) });
  else if (findings.length === 0) {
    const words = ports.map((port) => `${port.path} (${boardOf(world, port)})`).join(', ');
    findings.push({ check, state: 'ok', what: problem('doctor-ports-seen', { ports: words }) });
  }
  return { ports, findings: [...findings, ...(await withoutPort(world))] };
};
