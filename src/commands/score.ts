import { must, problem, StellwerkError, UsageError } from '../base/problem.js';
import { msFromSpan } from '../base/time.js';
import { chunksOf } from '../io/chunks.js';
import { writeAtomic } from '../io/disk.js';
import type { Score } from '../report/score.js';
import { scoreHtml } from '../report/score-html.js';
import { scoreText } from '../report/score-text.js';
import { scoreWriter, type ScoreBook } from '../report/score-book.js';
import { viewReader, type View } from '../report/views.js';
import { readRecord } from '../trace/json-lines.js';
import { cutLines, lastLine, noLines, type CutLine } from '../trace/lines.js';
import { readTruth } from '../trace/truth.js';
import { textOf, textsOf } from './options.js';
import type { Shell } from './shell.js';
import type { Verb } from './verb.js';

const verb: Verb = {
  command: 'score <truth> <views>',
  describe: "How well somebody's view of the bays fits the truth of a simulation, and why where it does not",
  examples: [
    ['simulate herrenberg-graben --truth truth.jsonl --events --json > events.jsonl', 'first: both sides of a day'],
    ['score truth.jsonl events.jsonl', 'accuracy, latency, what was missed and why'],
    ['score truth.jsonl app.csv --html report.html', "another program's view: columns time, bay, state"],
    ['score truth.jsonl events.jsonl --at-least right=0.95 --at-most latency.p95=30s', 'for CI: fails with a reason'],
  ],
  builder: (argv) =>
    argv
      .positional('truth', { type: 'string', demandOption: true, describe: 'File of simulate --truth (or --trace)' })
      .positional('views', {
        type: 'string',
        demandOption: true,
        describe: 'Events as JSON lines, or CSV with time, bay and state; - for standard input',
      })
      .option('html', { type: 'string', describe: 'Write a report with plots to this file' })
      .option('at-least', { type: 'string', describe: 'Fail below: right, reported, predictive.free (shares)' })
      .option('at-most', { type: 'string', describe: 'Fail above: latency.p50, latency.p95, latency.p99, missed' }),
  async run(args, shell) {
    const limits = [
      ...textsOf(args, 'atLeast').map((text) => limitOf(text, 'at-least')),
      ...textsOf(args, 'atMost').map((text) => limitOf(text, 'at-most')),
    ];
    const truth = textOf(args, 'truth')!;
    const views = textOf(args, 'views')!;
    const book = await bookOf({ truth, views }, shell);
    const html = textOf(args, 'html');
    if (html !== undefined)
      must(await writeAtomic(html, scoreHtml(book, `Score of ${views === '-' ? 'a view' : views}`)));
    const { score } = book;
    const broken = limits.filter((limit) => !limit.holds(score));
    if (shell.json && broken.length > 0) shell.beside({ ...score });
    else if (shell.json) shell.out(JSON.stringify(score));
    else scoreText(score, shell.columns).forEach(shell.out);
    if (html !== undefined) shell.talk(`report: ${html}`);
    if (broken.length > 0)
      throw new StellwerkError(
        problem('score-beyond', { limits: broken.map((limit) => limit.said(score)).join('; ') }),
      );
  },
};
export default verb;

async function* linesOf(file: string, stop: AbortSignal): AsyncGenerator<CutLine> {
  let tail = noLines;
  for await (const piece of chunksOf(file, stop)) {
    const cut = cutLines(tail, piece);
    tail = cut.tail;
    yield* cut.out;
  }
  yield* lastLine(tail);
}

/** Reads a view as a whole, since it may not be in the order of time, and then the truth line by line. */
const bookOf = async (
  files: { readonly truth: string; readonly views: string },
  { stop }: Pick<Shell, 'stop'>,
): Promise<ScoreBook> => {
  const views: View[] = [];
  const reader = viewReader(files.views === '-' ? 'standard input' : files.views);
  for await (const line of linesOf(files.views, stop)) {
    if (line.kind === 'problem') throw new StellwerkError(line.problem);
    const view = must(reader.read(line.text, line.line));
    if (view) views.push(view);
  }
  views.sort((a, b) => a.us - b.us);
  const writer = scoreWriter();
  let next = 0;
  for await (const line of linesOf(files.truth, stop)) {
    if (line.kind === 'problem') throw new StellwerkError(line.problem);
    const record = must(readRecord(line.text, line.line));
    const truth = must(readTruth(record, line.line));
    if (!truth) continue;
    // A frame is told at its end and dated by its beginning: only what is later than all before moves time.
    for (; next < views.length && views[next]!.us < truth.us; next++) {
      const { us, bay, seen } = views[next]!;
      writer.view(us, bay, seen);
    }
    writer.truth(truth);
  }
  // What came when the story was over belongs to it no more.
  for (; next < views.length && views[next]!.us <= writer.nowUs; next++) {
    const { us, bay, seen } = views[next]!;
    writer.view(us, bay, seen);
  }
  const book = writer.end();
  if (!book) throw new StellwerkError(problem('score-no-truth', { file: files.truth }));
  return book;
};

interface Limit {
  holds(score: Score): boolean;
  said(score: Score): string;
}

const figures: Readonly<Record<string, (score: Score) => number | null>> = {
  right: ({ time }) => time.right,
  reported: ({ changes }) => changes.reported / Math.max(1, changes.total - changes.unneeded - changes.open),
  'predictive.free': ({ predictiveFree }) => predictiveFree[0]!.value,
  missed: ({ changes }) => changes.missed,
  'latency.p50': ({ latency }) => latency.p50Ms,
  'latency.p95': ({ latency }) => latency.p95Ms,
  'latency.p99': ({ latency }) => latency.p99Ms,
};

const limitOf = (text: string, option: 'at-least' | 'at-most'): Limit => {
  const [, name = '', value = ''] = /^([a-z0-9.]+)=(.+)$/.exec(text) ?? [];
  const figure = figures[name];
  const number = name.startsWith('latency.') ? msFromSpan(value) : Number(value);
  if (!figure || number === undefined || !Number.isFinite(number)) {
    const why = `--${option} ${text}: expected is NAME=VALUE, such as right=0.95 or latency.p95=30s; names are ${Object.keys(figures).join(', ')}`;
    throw new UsageError(problem('wrong-usage', { verb: 'score', why }));
  }
  return {
    holds(score) {
      const is = figure(score);
      return is !== null && (option === 'at-least' ? is >= number : is <= number);
    },
    said(score) {
      const is = figure(score);
      const shown =
        is === null ? 'nothing' : name.startsWith('latency.') ? `${is} ms` : String(Math.round(is * 1e4) / 1e4);
      return `${name} is ${shown}, asked was ${option.replace('-', ' ')} ${value}`;
    },
  };
};
