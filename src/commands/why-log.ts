import type { Problem } from '../base/problem.js';
import { problem, sentenceOf } from '../base/problem.js';
import { usFromIso, type Us } from '../base/time.js';
import { chunksOf } from '../io/chunks.js';
import type { Who } from '../trace/life-facts.js';
import { lifeMemory, type Asked, type LifeMemory } from '../trace/life-memory.js';
import { recordOfLine } from '../trace/life-log.js';
import { cutLines, lastLine, noLines, type CutLine } from '../trace/lines.js';

/** What a log or a recording said of somebody. */
export interface ReadLog {
  readonly memory: LifeMemory;
  readonly lines: number;
  /** Lines that are neither a log line nor a record; a log may be cut anywhere. */
  readonly skipped: number;
  readonly firstSkipped?: Problem;
  /** The newest instant in it. */
  readonly endUs?: Us;
  /** DevEUIs, bays and DevAddrs that were named in it, at most so many. */
  readonly names: ReadonlySet<string>;
  /** Nothing in it is of a server. */
  readonly withoutServer: boolean;
}

const progressMs = 1_000;
const mostNames = 200_000;
const bounds = { strangers: 512, names: mostNames };

const devEuiIn = /"devEui":"([0-9a-f]{16})"/;
const bayIn = /"(?:bay":"|source":"bay:)([^"\\]{1,64})"/;

/** What a server alone writes: its log, and outcomes, downlinks and their steps in a recording. */
const ofServer = /^\{"time":|"kind":"(?:outcome|downlink)/;

/** When a line of a log or a recording was written; undefined when its beginning does not say. */
const instantOf = (text: string): Us | undefined => {
  const [, us, time] = /^\{"(?:us":(\d{1,16})|time":"([^"]{20,32})")/.exec(text.slice(0, 64)) ?? [];
  return us !== undefined ? Number(us) : time === undefined ? undefined : usFromIso(time);
};

/**
 * Whether a line is quite certainly about another device: it names one, and nothing that was asked for. Most lines of a
 * large log are, and need not be taken apart.
 */
const isOthers = (text: string, asked: readonly string[]): boolean =>
  devEuiIn.test(text) && !asked.some((one) => text.includes(one));

/**
 * Reads a gateway's JSON log or a recording, however long, and keeps what it says of `asked`: at most `most` frames.
 * Throws a StellwerkError when the file cannot be read.
 */
export const readLog = async (
  path: string,
  { asked, most, stop, progress }: { asked: Asked; most: number; stop: AbortSignal; progress(text: string): void },
): Promise<ReadLog> => {
  const memory: LifeMemory = lifeMemory((who) => place(who), { ...bounds, perDevice: most, total: 2 * most });
  const place = (who: Who): 'ours' | 'stranger' | 'nobody' => {
    if (isAsked(asked, who, memory)) return 'ours';
    return who.devEui !== undefined || who.bay !== undefined ? 'nobody' : 'stranger';
  };
  // As JSON writes it.
  const needles = Object.values(asked).map((text) => JSON.stringify(text).slice(1, -1));
  let lines = 0;
  let skipped = 0;
  let bytes = 0;
  let firstSkipped: Problem | undefined;
  let endUs: Us | undefined;
  const skip = (line: number, what: Problem): void => {
    skipped++;
    firstSkipped ??= problem('why-unread', { line, why: String(what.facts['why'] ?? sentenceOf(what)) });
  };
  const names = new Set<string>();
  let last = '';
  let withoutServer = true;
  const take = (cut: CutLine): void => {
    lines++;
    if (cut.kind === 'problem') return skip(cut.line, cut.problem);
    const { text } = cut;
    if (withoutServer && ofServer.test(text)) withoutServer = false;
    const learnt = asked.bay === undefined ? undefined : memory.devEuiOf(asked.bay);
    if (isOthers(text, learnt === undefined ? needles : [...needles, learnt])) {
      last = text;
      for (const form of [devEuiIn, bayIn]) if (names.size < mostNames) names.add(form.exec(text)?.[1] ?? '');
      return;
    }
    const record = recordOfLine(text, cut.line);
    if (!record.ok) return skip(cut.line, record.problem);
    if (!record.value) return;
    const read = memory.add(record.value);
    if (!read.ok) return skip(cut.line, read.problem);
    endUs = Math.max(endUs ?? -Infinity, record.value.us);
  };

  let tail = noLines;
  let saidAt = performance.now();
  for await (const piece of chunksOf(path, stop)) {
    const cut = cutLines(tail, piece);
    tail = cut.tail;
    cut.out.forEach(take);
    bytes += piece.length;
    if (performance.now() - saidAt < progressMs) continue;
    saidAt = performance.now();
    progress(`${(bytes / 1e6).toFixed(0)} MB, ${lines} lines`);
  }
  lastLine(tail).forEach(take);
  endUs = Math.max(endUs ?? -Infinity, instantOf(last) ?? -Infinity);
  names.delete('');
  return {
    memory,
    lines,
    skipped,
    ...(firstSkipped && { firstSkipped }),
    ...(endUs !== -Infinity && { endUs }),
    names: new Set([...names, ...memory.names]),
    withoutServer,
  };
};

const isAsked = ({ devEui, devAddr, bay, frame }: Asked, who: Who, memory: LifeMemory): boolean => {
  const begins = (id: string | undefined): boolean => frame !== undefined && id?.startsWith(frame) === true;
  if (begins(who.frame) || begins(who.answers)) return true;
  if (devAddr !== undefined && who.devAddr === devAddr) return true;
  if (bay !== undefined && who.bay === bay) return true;
  const eui = devEui ?? (bay === undefined ? undefined : memory.devEuiOf(bay));
  return eui !== undefined && who.devEui === eui;
};
