import { problem } from '../../base/problem.js';
import { guessBoard, usbIdOf } from '../../console/guess.js';
import type { PortInfo } from '../../io/ports.js';
import { notHere, type Check, type World } from './types.js';

const check = 'concentrator';

/** Nothing may be said to it, and nobody may open it: a packet forwarder could be at work. */
export const mayBeConcentrator = ({ known }: World, port: PortInfo): boolean =>
  guessBoard(port, known).neverProbe === 'maybe-concentrator';

/** Which ports are left alone because they may be concentrators. */
export const concentrator: Check = (world, { ports }) => {
  const findings = ports
    .filter((port) => mayBeConcentrator(world, port))
    .map((port) => ({
      check: check as typeof check,
      state: 'warning' as const,
      what: problem('doctor-concentrator', { port: port.path, usb: usbIdOf(port)! }),
    }));
  return Promise.resolve(findings.length > 0 ? findings : [notHere(check, 'no port looks like one')]);
};
