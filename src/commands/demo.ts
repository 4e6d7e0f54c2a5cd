import { problem, UsageError } from '../base/problem.js';
import { labels } from '../base/sentences/labels.js';
import { spanText } from '../base/time.js';
import { ledgerProblem, runDemo, type DemoEnd } from '../city/demo.js';
import { eventJson } from '../dialects/city/stellwerk-json.js';
import { wallClock } from '../io/clock.js';
import { lineLog } from '../io/log.js';
import { silent } from '../base/log.js';
import { cityView, eventLine, lotsLine } from '../report/city-view.js';
import { answersText, ledgerText, reasonsText } from '../report/ledger.js';
import { writeRecord } from '../trace/json-lines.js';
import { liveView } from './live-view.js';
import { catalogueOf, scenarioOf, spanOf, speedOf, textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Verb } from './verb.js';

const usualSpeed = 60;
const statusEveryMs = 5_000;

const demo: Verb = {
  command: 'demo',
  describe: 'A simulated street, its gateway and an MQTT broker, live',
  examples: [
    ['demo', 'two lots in Herrenberg, sixty times as fast, until Ctrl-C'],
    ['demo --for 20s --json', 'twenty seconds of events as JSON lines'],
    ['demo --broker mqtt://127.0.0.1:1883 --speed 1', 'real time, to a broker of your own'],
    ['demo --state .state', 'continue nonces and counters of the run before'],
  ],
  builder: (argv) =>
    argv
      .option('scenario', {
        type: 'string',
        default: 'herrenberg-graben',
        describe: 'Name (stellwerk ls scenarios) or YAML file',
      })
      .option('for', { type: 'string', describe: 'End after this real time, such as 20s or 5m' })
      .option('speed', { type: 'string', default: String(usualSpeed), describe: 'Simulated seconds in a real one' })
      .option('seed', { type: 'string', default: '1', describe: 'Other dice, other devices' })
      .option('broker', { type: 'string', describe: 'An existing broker instead of the embedded one' })
      .option('state', { type: 'string', describe: 'Folder that keeps nonces and counters from run to run' })
      .option('fresh', { type: 'boolean', default: false, describe: 'Start anew on both ends' })
      .option('verbose', { type: 'boolean', default: false, describe: 'Log lines on stderr' }),
  async run(args, shell) {
    const forMs = spanOf(args, 'for', 'demo');
    const speed = speedOf(args, 'demo') ?? usualSpeed;
    if (speed === Infinity)
      throw new UsageError(
        problem('wrong-usage', { verb: 'demo', why: 'a demo has a speed; stellwerk simulate plays instantly' }),
      );
    const catalogue = await catalogueOf(args, shell);
    const scenario = await scenarioOf(catalogue, textOf(args, 'scenario')!);
    const broker = textOf(args, 'broker');
    const state = textOf(args, 'state');
    const stop = forMs === undefined ? shell.stop : endAfter(shell.stop, forMs);
    const audience = shell.json ? forPrograms(shell) : shell.terminal ? forTerminal(shell) : forPipe(shell);
    try {
      const end = await runDemo({
        scenario,
        seed: textOf(args, 'seed')!,
        speed,
        catalogue,
        ...(broker !== undefined && { broker }),
        ...(state !== undefined && { state }),
        fresh: args['fresh'] === true,
        log: args['verbose'] === true ? lineLog(shell.talk, { clock: wallClock(), json: shell.json }) : silent,
        stop,
        ...audience,
      });
      audience.ended(end);
      const open = ledgerProblem(end.ledger);
      if (open) throw open;
    } finally {
      audience.leave();
    }
  },
};
export default demo;

/**
 * Stops with `stop` or after a while. Not AbortSignal.any with a timeout: Node 20 may collect that as garbage, and then it
 * never fires (seen after ten minutes of demo).
 */
const endAfter = (stop: AbortSignal, ms: number): AbortSignal => {
  const ending = new AbortController();
  const end = (): void => {
    clearTimeout(timer);
    stop.removeEventListener('abort', end);
    ending.abort();
  };
  const timer = setTimeout(end, ms);
  stop.addEventListener('abort', end);
  return ending.signal;
};

type DemoEars = Pick<Parameters<typeof runDemo>[0], 'started' | 'event' | 'show'>;
interface Audience extends DemoEars {
  ended(end: DemoEnd): void;
  /** Puts the terminal back, however the demo ended. */
  leave(): void;
}

const portNote = (url: string): string => `port 1883 is taken, so the broker of this demo listens on ${url}`;

const summaryLines = (end: DemoEnd): readonly string[] => [
  '',
  `${labels.running} ${spanText(end.figures.runningMs)}: ${ledgerText(end.ledger)}`,
  `${labels.events} ${end.figures.events}, ${labels.delivered} ${end.figures.delivered}, ${labels.waiting} ${end.figures.waiting}; ` +
    reasonsText(labels.downlinks, end.figures.downlinks),
  answersText(end.figures.answers),
  `${end.ledger.balanced && end.ledger.open === 0 ? labels.balanced : labels.notBalanced} ${labels.digest} ${end.digest}`,
];

const forTerminal = (shell: Shell): Audience => {
  const view = liveView(shell);
  let note = '';
  return {
    started({ tookOtherPort, broker }) {
      if (tookOtherPort) note = portNote(broker);
    },
    show(figures) {
      const [title = '', ...lines] = cityView(figures());
      view.draw([shell.paint.bold(title), ...(note ? [note] : []), ...lines, '', labels.stop]);
    },
    ended: (end) => summaryLines(end).forEach(shell.out),
    leave: () => view.done(),
  };
};

const forPipe = (shell: Shell): Audience => {
  let saidAt = performance.now();
  return {
    started({ broker, tookOtherPort, tryLine }) {
      if (tookOtherPort) shell.out(portNote(broker));
      shell.out(`${labels.broker} ${broker}`);
      shell.out(`${labels.try} ${tryLine}`);
    },
    event: (event) => shell.out(eventLine(event)),
    show(figures) {
      if (performance.now() - saidAt < statusEveryMs) return;
      saidAt = performance.now();
      const now = figures();
      shell.out(
        `-- ${lotsLine(now.lots)}; ${ledgerText(now.ledger)}; ${now.eventsPerSecond.toFixed(1)} ${labels.events}${labels.perSecond}`,
      );
    },
    ended: (end) => summaryLines(end).forEach(shell.out),
    leave: () => undefined,
  };
};

/** Trace records: `started`, one `event` each, and a `summary`. */
const forPrograms = (shell: Shell): Audience => {
  const record = (us: number, kind: string, body: object): void =>
    shell.out(writeRecord({ us, source: 'demo', kind, body: body as Readonly<Record<string, unknown>> }));
  return {
    started: ({ broker, tookOtherPort, tryLine }) =>
      record(Date.now() * 1000, 'started', { broker, tookOtherPort, try: tryLine }),
    event: (event) => record(event.assertedTimeUs, 'event', eventJson(event)),
    ended({ ledger, digest, figures, nowUs }) {
      const { events, delivered, waiting, dropped, downlinks, copies, lots, broker } = figures;
      record(nowUs, 'summary', {
        ...ledger,
        digest,
        events,
        delivered,
        waiting,
        dropped,
        downlinks,
        copies,
        lots,
        broker,
      });
    },
    leave: () => undefined,
  };
};
