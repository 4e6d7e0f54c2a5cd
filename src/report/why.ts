import { hintOf, sentenceOf, type Problem } from '../base/problem.js';
import { oneLine } from '../base/one-line.js';
import { isoFromUs, type Us } from '../base/time.js';
import { textTable } from './table.js';
import { wrapped } from './wrap.js';

/** One thing that happened to a frame. */
export interface StepFigures {
  readonly atUs: Us;
  readonly stage: string;
  readonly what: string;
  readonly ok: boolean;
  readonly detail?: string;
}

/** A life as `src/trace` tells it. */
export interface LifeFigures {
  readonly kind: 'uplink' | 'downlink' | 'request' | 'message';
  readonly id: string;
  readonly atUs: Us;
  readonly carries: string;
  readonly devAddr?: string;
  readonly fCnt?: number;
  readonly fPort?: number;
  readonly answers?: string;
  readonly steps: readonly StepFigures[];
  readonly verdict: {
    readonly result: 'arrived' | 'lost' | 'open';
    readonly stage: string;
    readonly why?: string;
    readonly text: string;
    readonly next?: string;
  };
}

/** All that `stellwerk why` shows. */
export interface WhyFigures {
  /** Such as `og-12 (70b3d57ed0000012)`. */
  readonly who: string;
  readonly finding: Problem;
  readonly well: boolean;
  readonly also: readonly Problem[];
  /** The newest last. */
  readonly lives: readonly LifeFigures[];
  /** Lives that are known and not shown. */
  readonly more: number;
}

/** How a terminal marks; a file marks nothing. */
export interface WhyPaint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
}

const day = (us: Us): string => isoFromUs(us).slice(0, 10);
const clock = (us: Us): string => isoFromUs(us).slice(11, 23);

/** A sentence begins with a capital letter, a name as it is written: the bay og-12 is no Og-12. */
const begun = (text: string, who: string): string =>
  `${text.startsWith(who) ? text : text.charAt(0).toUpperCase() + text.slice(1)}.`;

const head = (life: LifeFigures): string => {
  const { kind, id, carries, fCnt, fPort, devAddr, answers } = life;
  const facts = [
    fCnt === undefined ? '' : `FCnt ${fCnt}`,
    fPort === undefined ? '' : `port ${fPort}`,
    devAddr === undefined ? '' : `DevAddr ${devAddr}`,
    answers === undefined ? '' : `answers ${answers}`,
  ].filter((text) => text !== '');
  const name = kind === 'message' ? 'message' : `${kind} ${id}`;
  return [`${day(life.atUs)}  ${name}  ${carries}`, ...facts].join('  ');
};

const climb: readonly string[] = ['server', 'session', 'mic', 'counter', 'codec', 'sink'];

/** The rungs that a frame climbed at one instant and without trouble are one line. */
const climbed = (steps: readonly StepFigures[]): readonly StepFigures[] => {
  const shown: StepFigures[] = [];
  const rungs: StepFigures[] = [];
  const close = (): void => {
    const [first] = rungs;
    if (!first) return;
    const said = rungs.flatMap(({ stage, detail }) => (detail === undefined ? stage : `${stage} (${detail})`));
    shown.push(rungs.length === 1 ? first : { ...first, stage: 'server', what: 'climbed', detail: said.join(', ') });
    rungs.length = 0;
  };
  for (const step of steps) {
    const isRung = step.ok && climb.includes(step.stage);
    if (!isRung || (rungs[0] && rungs[0].atUs !== step.atUs)) close();
    if (isRung) rungs.push(step);
    else shown.push(step);
  }
  close();
  return shown;
};

const lifeLines = (
  life: LifeFigures,
  { paint, width }: { readonly paint: WhyPaint; readonly width: number },
): string[] => {
  const { verdict, steps } = life;
  const rows = climbed(steps).map(({ atUs, stage, what, ok, detail = '' }) => [
    clock(atUs),
    stage,
    ok ? what : paint.red(what),
    oneLine(detail),
  ]);
  const end =
    verdict.result === 'arrived' ? paint.green('arrived') : verdict.result === 'lost' ? paint.red('ended') : 'open';
  const why = verdict.why === undefined ? '' : `${verdict.why}: `;
  return [
    ...wrapped(oneLine(head(life)), width, '  ').map(paint.bold),
    ...textTable(rows, { indent: '  ', width }),
    ...textTable([[end, verdict.stage, oneLine(`${why}${verdict.text}`)]], { indent: '  = ', width }),
  ];
};

/** The diagnosis in the first line, the next step below it, then each life with one line for each step, the newest last. */
export const whyLines = (
  figures: WhyFigures,
  look: { readonly paint: WhyPaint; readonly width: number },
): readonly string[] => {
  const { finding, also, lives, more } = figures;
  const { paint, width } = look;
  const mark = figures.well ? paint.green : paint.red;
  const hint = hintOf(finding);
  const below = (text: string): readonly string[] => textTable([[text]], { indent: '  ', width });
  return [
    ...wrapped(begun(sentenceOf(finding), figures.who), width, '  ').map((line) => paint.bold(mark(line))),
    ...(hint === undefined || hint === '' ? [] : below(hint)),
    ...also.flatMap((one) => [
      ...below(begun(sentenceOf(one), figures.who)),
      ...(hintOf(one) ? below(`  ${hintOf(one)!}`) : []),
    ]),
    ...lives.flatMap((life) => ['', ...lifeLines(life, look)]),
    ...(more > 0 ? ['', paint.dim(`${more} older ones are known: --last N or --all shows them.`)] : []),
  ];
};

/** The same for programs: instants as ISO 8601, problems as code, sentence and next step. */
export const whyJson = (figures: WhyFigures): Readonly<Record<string, unknown>> => {
  const said = (one: Problem): object => {
    const next = hintOf(one);
    return { code: one.code, text: sentenceOf(one), ...(next !== undefined && next !== '' && { next }) };
  };
  return {
    who: figures.who,
    well: figures.well,
    diagnosis: said(figures.finding),
    also: figures.also.map(said),
    more: figures.more,
    lives: figures.lives.map((life) => ({
      kind: life.kind,
      id: life.id,
      time: isoFromUs(life.atUs),
      carries: life.carries,
      devAddr: life.devAddr,
      fCnt: life.fCnt,
      fPort: life.fPort,
      answers: life.answers,
      verdict: life.verdict,
      steps: life.steps.map(({ atUs, ...step }) => ({ time: isoFromUs(atUs), ...step })),
    })),
  };
};
