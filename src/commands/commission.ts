import { oneLine } from '../base/one-line.js';
import { problem, StellwerkError, UsageError, type Problem } from '../base/problem.js';
import { spanText } from '../base/time.js';
import { askControl, type Json } from '../io/control.js';
import { wallClock } from '../io/clock.js';
import { walkAlong, type BayCheck, type Walk } from '../parking/commissioning.js';
import { textTable } from '../report/table.js';
import { doorOptions, doorPath } from './door.js';
import { spanOf } from './options.js';
import type { Shell } from './shell.js';
import type { Verb } from './verb.js';

/** When another bay answered, the right one has so long to answer all the same. */
const afterOtherMs = 30_000;

const verb: Verb = {
  command: 'commission <bays..>',
  describe: 'Park on one bay after the other, and see whether its own sensor answers',
  examples: [
    ['commission og-01 og-02 og-03', 'park on each when its name is called; what is swapped is said at the end'],
    ['commission og-01 --within 10m', 'more time for each: a sensor may need minutes to be sure'],
    ['commission og-01 og-02 --json', 'the result for a program'],
  ],
  builder: (argv) =>
    doorOptions(argv)
      // Elsewhere of an option given twice the last one counts; here that would be the last bay.
      .parserConfiguration({ 'duplicate-arguments-array': true, 'parse-numbers': false, 'camel-case-expansion': true })
      .positional('bays', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Bays in the order of the walk',
      })
      .option('within', { nargs: 1, type: 'string', default: '3m', describe: 'How long each bay has to answer' }),
  async run(args, shell) {
    const bays = (args['bays'] as readonly unknown[]).map(String);
    const withinMs = spanOf(args, 'within', 'commission')!;
    if (withinMs < 1_000)
      throw new UsageError(problem('wrong-usage', { verb: 'commission', why: '--within is too short' }));
    const { checks, broken } = await walked({ path: await doorPath(args, shell), bays, withinMs }, shell);
    const wrong = checks.filter(({ answer }) => answer.verdict !== 'right').length;
    const failed = broken ?? (wrong > 0 ? problem('commission-wrong', { count: wrong, of: checks.length }) : undefined);
    if (shell.json) {
      if (failed) shell.beside({ bays: checks.map(checkJson) });
      else shell.out(JSON.stringify({ bays: checks.map(checkJson) }));
    } else textTable(checks.map(checkRow)).forEach(shell.out);
    if (failed) throw new StellwerkError(failed);
  },
};
export default verb;

/**
 * Follows the gateway's events along the walk, until each bay has answered or had its time. `broken`: why it ended sooner;
 * then only the bays that had their turn are there.
 */
const walked = async (
  { path, bays, withinMs }: { readonly path: string; readonly bays: readonly string[]; readonly withinMs: number },
  shell: Shell,
): Promise<{ readonly checks: readonly BayCheck[]; readonly broken?: Problem }> => {
  const clock = wallClock();
  const done = new AbortController();
  let walk: Walk | undefined;
  let timer: (() => void) | undefined;

  let untilUs = Infinity;
  const wait = (ms: number): void => {
    timer?.();
    untilUs = Math.min(untilUs, clock.nowUs() + ms * 1000);
    timer = clock.at(untilUs, goOn);
  };
  const call = (): void => {
    if (walk?.at === undefined) return done.abort();
    shell.talk(`park on ${shell.paint.bold(oneLine(walk.at))} now, within ${spanText(withinMs)}`);
    untilUs = Infinity;
    wait(withinMs);
  };
  const goOn = (): void => {
    const { bay, answer } = walk!.checks().find((one) => one.bay === walk!.at)!;
    if (answer.verdict === 'silent') shell.talk(`  ${oneLine(bay)}: no bay of its lot became occupied`);
    walk!.next(clock.nowUs());
    call();
  };
  const hear = (event: Json): void => {
    if (Array.isArray(event['bays'])) {
      walk = walkAlong(event['bays'] as readonly string[], clock.nowUs());
      return call();
    }
    const bay = String(event['bay']);
    if (event['kind'] !== 'occupied' || !walk) return;
    const meant = walk.occupied(bay, clock.nowUs());
    if (meant === 'right') {
      shell.talk(`  ${shell.paint.green(oneLine(bay))} answers${radioText(event)}`);
      goOn();
    } else if (meant === 'other') {
      shell.talk(`  ${shell.paint.red(oneLine(bay))} became occupied instead${radioText(event)}`);
      wait(afterOtherMs);
    }
  };

  const end = (): void => done.abort();
  shell.stop.addEventListener('abort', end);
  const longMs = withinMs * bays.length + 60_000;
  const answer = await askControl({
    path,
    do: 'events',
    body: { bays },
    event: hear,
    withinMs: longMs,
    stop: done.signal,
  });
  shell.stop.removeEventListener('abort', end);
  timer?.();
  // Before the first bay was called there is nothing to tell but why.
  if (!walk) return { checks: [], broken: answer.ok ? problem('control-strange', { path }) : answer.problem };
  const checks = walk.checks();
  if (walk.at === undefined) return { checks };
  const had = checks.slice(
    0,
    checks.findIndex(({ bay }) => bay === walk!.at),
  );
  const stopped = problem('commission-stopped', { count: had.length, of: checks.length });
  return { checks: had, broken: answer.ok || shell.stop.aborted ? stopped : answer.problem };
};

const radioText = ({ radio }: Json): string => {
  const { rssiDbm, snrDb, gateways } = (radio ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof rssiDbm !== 'number') return '';
  const snr = typeof snrDb === 'number' ? `, SNR ${snrDb} dB` : '';
  return `: ${rssiDbm} dBm${snr}, ${gateways === 1 ? 'one gateway' : `${String(gateways)} gateways`}`;
};

const checkJson = ({ bay, answer }: BayCheck): Json =>
  answer.verdict === 'right'
    ? { bay, verdict: 'right', afterS: Math.round(answer.afterUs / 1e5) / 10 }
    : { bay, ...answer };

const checkRow = ({ bay, answer }: BayCheck): readonly [string, string, string] => {
  switch (answer.verdict) {
    case 'right':
      return ['right', bay, `its sensor answered after ${spanText(answer.afterUs / 1000)}`];
    case 'swapped':
      return ['swapped', bay, `its sensor and that of ${answer.with} lie in each other's bays`];
    case 'crossed':
      return ['crossed', bay, `the sensor of ${answer.with} lies here`];
    case 'doubtful':
      return ['doubtful', bay, `${answer.with.join(', ')} became occupied instead: swapped, or somebody else parked`];
    case 'silent':
      return ['silent', bay, 'nothing became occupied: stellwerk why says what was heard of its sensor'];
  }
};
