import { problem, type Problem } from '../../base/problem.js';
import { enoughBytes, isText, judgeBauds, talkBauds, type Sample } from '../../console/printable.js';
import { guessBoard } from '../../console/guess.js';
import { secondMs } from '../../base/time.js';
import { mayBeConcentrator } from './concentrator.js';
import { notHere, type Check, type Finding } from './types.js';

const check = 'speed';
const listenMs = 1_500;

const finding = (state: Finding['state'], what: Problem): readonly Finding[] => [{ check, state, what }];

/**
 * At which speed the named port sends text. It only listens: the likeliest speed first, the others when what came there is
 * no text. Not done unless a port was named, for opening one may restart the board behind it (Linux asserts DTR).
 */
export const speed: Check = async (world, { named, ports }) => {
  const [port] = ports;
  if (named === undefined || !port) return [notHere(check, 'a port is only listened to when it is named')];
  if (mayBeConcentrator(world, port)) return [notHere(check, 'it may be a concentrator')];
  const inNetwork = /^[a-z][a-z0-9+.-]*:\/\//i.test(named);
  const likely = guessBoard(port, world.known).probe[0]?.bauds[0] ?? 115_200;
  const bauds = inNetwork ? [likely] : [...new Set([likely, ...talkBauds])];
  const seconds = listenMs / secondMs;
  const samples: Sample[] = [];
  for (const baud of bauds) {
    if (world.stopped()) break;
    world.progress(`listening to ${port.path} at ${baud} baud`);
    const heard = await world.listen(port.path, { baud, ms: listenMs });
    if (!heard.ok) {
      // A speed that the driver does not know is no problem of the port, once it could be opened.
      if (samples.length > 0) continue;
      return finding('problem', heard.problem);
    }
    samples.push({ baud, bytes: heard.value });
    // Bytes at a wrong speed are wrong bytes, but they are bytes: silence at one speed is silence.
    if (heard.value.length < enoughBytes || isText(heard.value)) break;
  }
  const verdict = judgeBauds(samples);
  const facts = { port: port.path, seconds };
  if (verdict.kind === 'silent') return finding('ok', problem('doctor-silent', facts));
  if (verdict.kind === 'too-little') return finding('ok', problem('doctor-too-little', { ...facts, ...verdict }));
  if (verdict.kind === 'noise') {
    const tried = samples.map(({ baud }) => baud);
    const span = { lowest: Math.min(...tried), highest: Math.max(...tried) };
    return finding('warning', problem('doctor-noise', { ...facts, ...span }));
  }
  const { baud } = verdict;
  if (baud === 74_880) return finding('warning', problem('doctor-boot-log', facts));
  return baud === likely
    ? finding('ok', problem('doctor-text', { ...facts, baud }))
    : finding('warning', problem('doctor-other-speed', { ...facts, tried: likely, baud }));
};
