import { silent } from '../base/log.js';
import { labels } from '../base/sentences/labels.js';
import { problem, UsageError } from '../base/problem.js';
import { dayMs, isoFromUs, spanText, usFromIso, usPerMs, type Us } from '../base/time.js';
import { ledgerProblem } from '../city/demo.js';
import { simulate, type SimulateEnd } from '../city/simulate.js';
import { playThreads, threadsFor } from '../city/threads.js';
import { writeDevices } from '../city/devices-file.js';
import { eventJson } from '../dialects/city/stellwerk-json.js';
import { wallClock } from '../io/clock.js';
import { openTrace, openTruth } from './trace-out.js';
import { lineLog } from '../io/log.js';
import { eventLine } from '../report/city-view.js';
import { answersText, ledgerText, reasonsText } from '../report/ledger.js';
import type { Scenario } from '../sim/scenario.js';
import { catalogueOf, scenarioOf, spanOf, speedOf, textOf, textsOf } from './options.js';
import { progressLine } from './progress.js';
import type { Shell } from './shell.js';
import type { Args, Verb } from './verb.js';

const verb: Verb = {
  command: 'simulate <scenario>',
  describe: 'Play a scenario to a server, into a file, or in memory; prints a digest of every frame sent',
  examples: [
    ['simulate herrenberg-graben --for 24h', 'a day in memory, as fast as it goes'],
    ['simulate million --uplink-only --for 1h', 'a million bays, on all processors'],
    ['simulate herrenberg-graben --to udp://127.0.0.1:1700', 'real time, to a network server'],
    ['simulate herrenberg-graben --to jsonl:day.jsonl --for 24h', 'what the gateways heard, as JSON lines'],
    [
      'simulate herrenberg-graben --truth truth.jsonl --events --json > events.jsonl',
      'and then: stellwerk score truth.jsonl events.jsonl',
    ],
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
      .option('until', { type: 'string', describe: 'Instead of --for: an instant such as 2026-06-02T08:00+02:00' })
      .option('uplinks', { type: 'number', describe: 'End after so many frames; a step may send a few more' })
      .option('threads', { type: 'number', describe: 'For --uplink-only in memory; default: all processors' })
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
      .option('truth', {
        nargs: 1,
        type: 'string',
        describe: 'Write what truly happened to this file, anew (stellwerk score)',
      })
      .option('events', { type: 'boolean', default: false, describe: 'Print parking events (loopback)' })
      .option('verbose', { type: 'boolean', default: false, describe: 'Log lines on stderr' }),
  async run(args, shell) {
    const speed = speedOf(args, 'simulate');
    const to = textOf(args, 'to')!;
    const live = to.startsWith('udp:') || (speed !== undefined && speed !== Infinity);
    const catalogue = await catalogueOf(args, shell);
    const scenario = await scenarioOf(catalogue, textOf(args, 'scenario')!);
    const seed = textOf(args, 'seed')!;
    const forMs = lengthOf(args, { live, startUs: scenario.startUs });
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
    const truthFile = textOf(args, 'truth');
    const truth = truthFile === undefined ? undefined : await openTruth(truthFile);
    const ender = enderOf(shell.stop, args);
    const bulk =
      uplinkOnly && to === 'loopback' && !live && !trace && !truth && state === undefined && args['events'] !== true;
    if (bulk) return playBulk({ scenario, seed, forMs, args, shell, ender });
    const progress = progressLine(shell, {
      fromUs: scenario.startUs,
      ...(!live && { untilUs: scenario.startUs + forMs * usPerMs }),
    });
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
      stop: ender.stop,
      ...(trace && { outcome: trace.ears.outcome!, descent: trace.ears.descent! }),
      truths: [...(trace ? [trace.ears.truth] : []), ...(truth ? [truth.out] : [])],
      ...(truth && { begin: truth.begin, end: truth.end }),
      ...(args['events'] === true && {
        event: (event: Parameters<typeof eventLine>[0]) =>
          shell.out(shell.json ? JSON.stringify(eventJson(event)) : eventLine(event)),
      }),
      breathe(nowUs, sent) {
        ender.sent(sent);
        progress.tick(nowUs, sent);
      },
    });
    progress.done();
    ender.done();
    await trace?.close();
    await truth?.close();
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

/** Ends a run when the shell is stopped, or after so many frames. */
interface Ender {
  readonly stop: AbortSignal;
  sent(count: number): void;
  done(): void;
}

const enderOf = (stop: AbortSignal, args: Args): Ender => {
  const most = args['uplinks'];
  if (most !== undefined && (typeof most !== 'number' || !(most >= 1)))
    throw new UsageError(
      problem('wrong-usage', { verb: 'simulate', why: '--uplinks: expected is a number from 1 on' }),
    );
  const ender = new AbortController();
  const end = (): void => ender.abort();
  stop.addEventListener('abort', end, { once: true });
  if (stop.aborted) end();
  return {
    stop: ender.signal,
    sent: (count) => void (typeof most === 'number' && count >= most && end()),
    done: () => stop.removeEventListener('abort', end),
  };
};

/** How long to play: --for, --until, or what is usual. */
const lengthOf = (args: Args, { live, startUs }: { readonly live: boolean; readonly startUs: Us }): number => {
  const wrong = (why: string): UsageError => new UsageError(problem('wrong-usage', { verb: 'simulate', why }));
  const forMs = spanOf(args, 'for', 'simulate');
  const until = textOf(args, 'until');
  if (until === undefined) return forMs ?? (live ? 365 * dayMs : dayMs);
  if (forMs !== undefined) throw wrong('--for and --until: one of them is enough');
  const untilUs = usFromIso(until);
  if (untilUs === undefined) throw wrong(`--until ${until}: expected is an instant such as 2026-06-02T08:00+02:00`);
  if (untilUs <= startUs) throw wrong(`--until ${until}: the story begins later, at ${isoFromUs(startUs)}`);
  return (untilUs - startUs) / usPerMs;
};

const bulkText = ({ lots }: Scenario, threads: number | undefined): string =>
  `${lots.reduce((sum, { bays }) => sum + bays, 0)} bays on ${threadsFor(lots.length, threads)} threads`;

/** As fast as all processors allow, for who only wants sums and the digest. */
const playBulk = async (of: {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly forMs: number;
  readonly args: Args;
  readonly shell: Shell;
  readonly ender: Ender;
}): Promise<void> => {
  const { scenario, seed, forMs, args, shell, ender } = of;
  const threads = args['threads'];
  if (threads !== undefined && !(Number.isInteger(threads) && (threads as number) >= 1))
    throw new UsageError(
      problem('wrong-usage', { verb: 'simulate', why: '--threads: expected is a whole number from 1 on' }),
    );
  const fromUs = scenario.startUs;
  if (args['verbose'] === true) shell.talk(bulkText(scenario, threads as number | undefined));
  const progress = progressLine(shell, { fromUs, untilUs: fromUs + forMs * usPerMs });
  const end = await playThreads({
    ...{ scenario, seed, forMs, stop: ender.stop, folders: textsOf(args, 'catalogue') },
    ...(typeof threads === 'number' && { threads }),
    breathe(nowUs, sent) {
      ender.sent(sent);
      progress.tick(nowUs, sent);
    },
  });
  progress.done();
  ender.done();
  const { figures, bays, toUs, digest } = end;
  const { sent, heard, lost } = figures;
  const hearers = heard === 0 ? 0 : Math.round((figures.hearings / heard) * 100) / 100;
  if (shell.json) {
    const times = { from: isoFromUs(fromUs), to: isoFromUs(toUs), speed: 'instant' };
    const target = { address: 'loopback', sent: 0, acknowledged: 0, downlinks: 0 };
    return shell.out(
      JSON.stringify({
        ...{
          scenario: scenario.id,
          seed,
          digest,
          bays,
          ...times,
          sent,
          heard,
          lost,
          hearers,
          threads: end.threads,
          target,
        },
      }),
    );
  }
  const span = spanText((toUs - fromUs) / usPerMs);
  shell.out(
    `${bays} ${labels.bays}, ${span}: ${labels.sent} ${sent} = ${labels.heard} ${heard} (${hearers} ${labels.hearers}) + ${reasonsText(labels.lost, lost)}`,
  );
  shell.out(`${labels.digest} ${digest}`);
};

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
