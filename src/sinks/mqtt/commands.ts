import type { Log } from '../../base/log.js';
import { problem, type Problem } from '../../base/problem.js';
import type { Us } from '../../base/time.js';
import { readCommand, refusedCommandJson, type DownlinkEventJson } from '../../dialects/city/downlink-json.js';
import type { CommandTopics } from '../../dialects/city/topics.js';
import { sparseLog } from '../../io/sparse-log.js';
import { parseEui } from '../../lorawan/ids.js';
import type { SinkContext } from '../define.js';

/** What comes in on the topics of commands. */
export interface CommandPost {
  /** Takes a message; what is no command of ours is passed over. */
  receive(topic: string, text: string, about: { readonly retained: boolean }): void;
  readonly counts: { readonly taken: number; readonly refused: number };
}

// Topics are long, and what is told back is escaped, so that it grows.
const mostEcho = 64;
/** So many commands at once, and so many a second after them. */
const burst = 5_000;
const perSecond = 200;

/** Takes commands and answers those that cannot be taken. */
export const commandPost = (setup: {
  readonly take: NonNullable<SinkContext['command']>;
  readonly topics: CommandTopics;
  readonly simulated: boolean;
  readonly log: Log;
  nowUs(): Us;
  answer(result: DownlinkEventJson): void;
}): CommandPost => {
  const say = sparseLog(setup.log);
  const counts = { taken: 0, refused: 0 };
  let left = burst;
  let leftUs = setup.nowUs();
  const mayCome = (nowUs: Us): boolean => {
    left = Math.min(burst, left + (Math.max(0, nowUs - leftUs) * perSecond) / 1e6);
    leftUs = nowUs;
    if (left < 1) return false;
    left--;
    return true;
  };

  return {
    counts,
    receive(topic, text, { retained }) {
      const written = setup.topics.deviceOf(topic);
      // An empty message is how a retained one is taken away.
      if (written === undefined || text === '') return;
      const nowUs = setup.nowUs();
      const eui = parseEui(written, 'the device of the topic');
      const device = eui.ok ? eui.value : written.slice(0, mostEcho);
      if (!mayCome(nowUs)) {
        // Who floods us gets no answers: they would be a second flood.
        counts.refused++;
        return say('command_refused', 'command-flood', { device });
      }
      const read = readCommand(text, nowUs);
      const refused = !eui.ok
        ? eui.problem
        : retained
          ? problem('command-retained')
          : read.ok
            ? setup.take(device, read.value)
            : read.problem;
      if (!refused) return void counts.taken++;
      counts.refused++;
      say('command_refused', refused.code, { device });
      if (isResult(refused)) return;
      const id = read.ok ? read.value.id : 'id' in read ? read.id : undefined;
      const facts = { ...(id !== undefined && { id }), devEui: device, atUs: nowUs };
      setup.answer(refusedCommandJson(refused, { ...facts, ...(setup.simulated && { simulated: true as const }) }));
    },
  };
};

/** A result of somebody's where a command should be: to answer it would be to begin a conversation without an end. */
const isResult = ({ code, facts }: Problem): boolean => code === 'command-unknown-field' && facts['field'] === '"v"';
