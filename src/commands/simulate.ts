import { silent } from '../base/log.js';
import { labels } from '../base/sentences/labels.js';
import { dayMs, isoFromUs, spanText, usPerMs } from '../base/time.js';
import { ledgerProblem } from '../city/demo.js';
import { simulate, type SimulateEnd } from '../city/simulate.js';
import { writeDevices } from '../city/devices-file.js';
import { eventJson } from '../dialects/city/stellwerk-json.js';
import { wallClock } from '../io/clock.js';
import { openTrace } from './trace-out.js';
import { lineLog } from '../io/log.js';
import { eventLine } from '../report/city-view.js';
import { answersText, ledgerText } from '../report/ledger.js';
import { catalogueOf, scenarioOf, spanOf, speedOf, textOf } from './options.js';
import type { Verb } from './verb.js';

/** A person watches it move; a log of CI would have sixty lines a minute of it. */
const progressEveryMs = (): number => (process.stderr.isTTY ? 1_000 : 60_000);

const verb: Verb = {
  command: 'simulate <scenario>',
  describe: 'Play a scenario to a server, into a file, or in memory; prints a digest of every frame sent',
  examples: [
    ['simulate herrenberg-graben --for 24h', 'a day in memory, as fast as it goes'],
    ['simulate herrenberg-graben --to udp://127.0.0.1:1700', 'real time, to a network server'],
    ['simulate herrenberg-graben --to jsonl:day.jsonl --for 24h', 'what the gateways heard, as JSON lines'],
    ['simulate herrenberg-graben --for 24h --trace day.jsonl', 'and then: stellwerk why og-12 --log day.jsonl'],
    ['simulate my.yaml --to udp://127.0.0.1:1700 --uplink-only --speed 60', 'no joins, no answers, any speed'],
  ],
  builder: (argv) =>
    argv
      .positional('scenario', {
        type: 'string',
        demandOption: true,
        describe: 'Name (stellwerk ls scenarios) or YAML file',
      })
      .option('to', { type: 'string', default: 'loopback', describe: 'udp://host:port, jsonl:FILE, or loopback' })
      .option('for', { type: 'string', describe: 'Simulated time; default: 24h, or until Ctrl-C in real time' })
      .option('speed', { type: 'string', describe: 'Simulated seconds in a real one, or instant' })
      .option('seed', { type: 'string', default: '1', describe: 'Other dice, other devices' })
      .option('uplink-only', { type: 'boolean', default: false, describe: 'Nobody answers: fixed sessions, no joins' })
      .option('state', { type: 'string', describe: 'Folder that keeps nonces and counters from run to run' })
      .option('fresh', { type: 'boolean', default: false, describe: 'Start anew on both ends' })
      .option('devices', { type: 'string', describe: 'Write the list of devices with their keys to this file and end' })
      .option('trace', {
        nargs: 1,
        type: 'string',
        describe: 'Write both sides of the air to this file, anew (why --log)',
      })
      .option('events', { type: 'boolean', default: false, describe: 'Print parking events (loopback)' })
      .option('verbose', { type: 'boolean', default: false, describe: 'Log lines on stderr' }),
  async run(args, shell) {
    const speed = speedOf(args, 'simulate');
    const to = textOf(args, 'to')!;
    const live = to.startsWith('udp:') || (speed !== undefined && speed !== Infinity);
    const forMs = spanOf(args, 'for', 'simulate') ?? (live ? 365 * dayMs : dayMs);
    const catalogue = await catalogueOf(args, shell);
    const scenario = await scenarioOf(catalogue, textOf(args, 'scenario')!);
    const seed = textOf(args, 'seed')!;
    const uplinkOnly = args['uplinkOnly'] === true;
    const devices = textOf(args, 'devices');
    if (devices !== undefined) {
      const count = await writeDevices(devices, { scenario, seed, catalogue, uplinkOnly });
      return shell.json
        ? shell.out(JSON.stringify({ devices: count, file: devices }))
        : shell.out(`${count} devices in ${devices}`);
    }
    const state = textOf(args, 'state');
    if (!shell.json && to.startsWith('udp:') && !uplinkOnly && state === undefined)
      shell.talk('without --state a server that has seen these devices before refuses their joins (used DevNonces)');
    const traceFile = textOf(args, 'trace');
    const trace = traceFile === undefined ? undefined : await openTrace(traceFile, seed);
    let saidAt = performance.now();
    const end = await simulate({
      scenario,
      seed,
      to,
      forMs,
      ...(speed !== undefined && { speed }),
      uplinkOnly,
      catalogue,
      ...(state !== undefined && { state }),
      fresh: args['fresh'] === true,
      log: args['verbose'] === true ? lineLog(shell.talk, { clock: wallClock(), json: shell.json }) : silent,
      stop: shell.stop,
      ...trace?.ears,
      ...(args['events'] === true && {
        event: (event: Parameters<typeof eventLine>[0]) =>
          shell.out(shell.json ? JSON.stringify(eventJson(event)) : eventLine(event)),
      }),
      breathe(nowUs) {
        if (performance.now() - saidAt < progressEveryMs()) return;
        saidAt = performance.now();
        shell.talk(`${isoFromUs(nowUs).slice(0, 19)}Z`);
      },
    });
    await trace?.close();
    if (shell.json) shell.out(JSON.stringify(asJson(end, scenario.id, seed)));
    else asText(end).forEach(shell.out);
    if (end.target.sent > 0 && end.target.acknowledged === 0)
      shell.talk(
        `nobody at ${end.target.address} has acknowledged anything: does a server listen there, and may these gateways speak to it?`,
      );
    const open = end.ours ? ledgerProblem(end.ledger) : undefined;
    if (open) throw open;
  },
};
export default verb;

const asJson = (end: SimulateEnd, scenario: string, seed: string): object => ({
  scenario,
  seed,
  digest: end.digest,
  bays: end.bays,
  from: isoFromUs(end.fromUs),
  to: isoFromUs(end.toUs),
  speed: end.speed === Infinity ? 'instant' : end.speed,
  ...(end.ours
    ? { ...end.ledger, answers: end.answers, events: end.events }
    : { sent: end.ledger.sent, heard: end.ledger.heard, lost: end.ledger.lost }),
  target: end.target,
});

const asText = (end: SimulateEnd): readonly string[] => {
  const { ledger, target } = end;
  const span = spanText((end.toUs - end.fromUs) / usPerMs);
  const sums = end.ours
    ? `${ledgerText(ledger)}; ${labels.events} ${end.events}`
    : `${labels.sent} ${ledger.sent}, ${labels.heard} ${ledger.heard}; ${target.address}: ${target.sent} hearings, ${target.acknowledged} acknowledged, ${target.downlinks} downlinks`;
  const answers = end.ours && end.answers.expected > 0 ? [answersText(end.answers)] : [];
  return [`${end.bays} bays, ${span}: ${sums}`, ...answers, `${labels.digest} ${end.digest}`];
};
