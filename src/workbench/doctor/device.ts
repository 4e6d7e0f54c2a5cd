import { problem } from '../../base/problem.js';
import { guessBoard } from '../../console/guess.js';
import { guessWords } from '../guess-words.js';
import { notHere, type Check, type Finding } from './types.js';

const check = 'device';
const words = { file: 'a file', folder: 'a folder', other: 'a device of another kind' } as const;

/** Whether what was named is a serial port with hardware behind it. */
export const device: Check = async (world, { named, ports }) => {
  if (world.platform === 'win32') return [notHere(check, 'a COM name is always a port')];
  if (named === undefined) return [notHere(check, 'no port was named')];
  const findings: Finding[] = [];
  for (const port of ports) {
    const file = await world.look(port.path);
    if (!file) continue;
    if (file.kind !== 'serial' && file.kind !== 'pty')
      findings.push({
        check,
        state: 'problem',
        what: problem('doctor-not-serial', { port: port.path, what: words[file.kind] }),
      });
    else if (port.hidden !== undefined && port.vendorId === undefined)
      findings.push({ check, state: 'problem', what: problem('doctor-no-hardware', { port: port.path }) });
    else {
      const board = guessWords(guessBoard(port, world.known), port);
      findings.push({ check, state: 'ok', what: problem('doctor-is-serial', { port: port.path, board }) });
    }
  }
  return findings.length > 0 ? findings : [notHere(check, 'it is not there')];
};
