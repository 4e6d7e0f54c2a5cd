import { lineCutter } from '../base/cut.js';
import type { Machine, MachineInput, MachineOut } from '../base/machine.js';
import { problem, type Problem } from '../base/problem.js';
import { failed, type Result } from '../base/result.js';
import { usPerMs, type Us } from '../base/time.js';
import type { Answer, Command, Dialect, LineReader } from './dialect.js';
import type { BoardEvent } from './events.js';
import { hideKeys } from './hide.js';
import { isOver, newRun, refusedAnswer, type Running } from './running.js';
import type { Reply, Script, Step } from './script.js';
import type { LineKind, TalkEvent, TalkOrder } from './talk-types.js';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff);

const idleUs = 150 * usPerMs;
const bareUs = 200 * usPerMs;
/** A beginning of a line that has stood for so long before a question is no part of its answer. */
const staleUs = 500 * usPerMs;
const backWithinUs = 10_000 * usPerMs;
const mostLines = 4_096;
const mostEvents = 1_024;

/** A host's side of a board's console: runs conversations one after another and tells every line and event. */
export const talk = (): Machine<TalkEvent, TalkOrder> => {
  const waiting: { readonly id: number; readonly script: Script<unknown> }[] = [];
  let cutter = lineCutter();
  let dialect: Dialect | undefined;
  let reader: LineReader | undefined;
  let running: Running | undefined;
  let open = false;
  let baud: number | undefined;
  let bareAtUs = Infinity;
  let heardAtUs: Us = 0;
  let nowUs: Us = 0;
  let out!: MachineOut<TalkEvent>;

  const openCommand = (): Command | undefined => (running?.step?.kind === 'ask' ? running.step.command : undefined);

  const end = (run: Running, result: Result<unknown>): void => {
    running = undefined;
    out.event({ kind: 'done', id: run.id, result });
  };

  /** Hands a reply to the script and starts its next step. Replies that are there at once are given at once. */
  const resume = (run: Running, reply: Reply): void => {
    let next = reply;
    for (;;) {
      const turn = run.script.next(next);
      if (turn.done) return end(run, turn.value);
      run.step = turn.value;
      run.lines = [];
      run.raw = '';
      run.status = undefined;
      run.again = false;
      run.gone = false;
      const now = begin(run, turn.value);
      if (!now) return;
      next = now;
    }
  };

  const begin = (run: Running, step: Step): Reply | undefined => {
    switch (step.kind) {
      case 'ask':
        run.events = [];
        run.untilUs = nowUs + step.command.withinMs * usPerMs;
        run.latestUs = run.untilUs;
        if (cutter.open !== '' && nowUs - heardAtUs > staleUs)
          out.event({ kind: 'line', text: cutter.flush(), what: 'log' });
        out.bytes(latin1(step.command.text + (dialect?.terminator ?? '\r\n')));
        return undefined;
      case 'await': {
        const found = run.events.findIndex(step.until);
        if (found >= 0) {
          const before = run.events.splice(0, found + 1);
          return { kind: 'event', event: before.pop(), before };
        }
        run.untilUs = nowUs + step.withinMs * usPerMs;
        return undefined;
      }
      case 'pause':
        run.untilUs = nowUs + step.ms * usPerMs;
        return undefined;
      case 'baud':
        baud = step.baud;
        out.line({ baud });
        cutter = lineCutter();
        return { kind: 'done' };
      case 'signals':
        out.signals(step.signals);
        return { kind: 'done' };
      case 'use':
        dialect = step.dialect;
        reader = dialect.reader();
        return { kind: 'done' };
      case 'say':
        run.untilUs = nowUs + step.withinMs * usPerMs;
        if (step.bytes !== '') out.bytes(latin1(step.bytes));
        return undefined;
    }
  };

  const answered = (run: Running, answer: Answer): void => resume(run, { kind: 'answer', answer });

  const startNext = (): void => {
    while (!running && open) {
      const next = waiting.shift();
      if (!next) return;
      const run = newRun(next);
      running = run;
      resume(run, { kind: 'done' });
    }
  };

  const onEvent = (event: BoardEvent): void => {
    out.event({ kind: 'event', event });
    const run = running;
    if (!run?.step) return;
    if (run.events.length < mostEvents) run.events.push(event);
    const { step } = run;
    if (step.kind === 'await' && step.until(event)) {
      const before = run.events.splice(0);
      before.pop();
      return resume(run, { kind: 'event', event, before });
    }
    if (step.kind !== 'ask') return;
    if (event.kind === 'awake' && !run.again) {
      // What woke it was not read: the command goes out again, once.
      run.again = true;
      run.untilUs = nowUs + step.command.withinMs * usPerMs;
      return out.bytes(latin1(step.command.text + (dialect?.terminator ?? '\r\n')));
    }
    if (event.kind !== 'boot') return;
    if (step.command.ends === 'boot') return answered(run, { ok: true, lines: run.lines });
    end(run, failed(problem('board-restarted', { command: hideKeys(step.command.text) })));
  };

  const onLine = (text: string): void => {
    const command = openCommand();
    if (running?.step?.kind === 'say' && running.lines.length < mostLines) running.lines.push(text);
    if (command && text === command.text) return out.event({ kind: 'line', text, what: 'echo' });
    const meanings = reader?.line(text, command) ?? [];
    const first = meanings[0]?.kind ?? 'log';
    const what: LineKind =
      first === 'event' || first === 'log' ? first : first === 'value' ? 'answer' : ('status' as const);
    out.event({ kind: 'line', text, what });
    for (const meaning of meanings) {
      if (meaning.kind === 'event') {
        onEvent(meaning.event);
        continue;
      }
      const run = running;
      if (meaning.kind === 'log' || !run || run.step?.kind !== 'ask') continue;
      const { command: asked } = run.step;
      if (meaning.kind === 'refused') {
        answered(run, refusedAnswer(asked, meaning, run.lines));
        continue;
      }
      if (meaning.kind === 'value') run.lines.push(text);
      else run.status = { ok: true, ...(meaning.info !== undefined && { info: meaning.info }) };
      if (run.lines.length > mostLines) {
        end(run, failed(problem('board-floods', { command: hideKeys(asked.text), lines: mostLines })));
        continue;
      }
      const { status, lines } = run;
      if (isOver(asked, run)) answered(run, { ok: true, lines, ...status });
      else if (status && asked.ends === 'idle') run.untilUs = Math.min(nowUs + idleUs, run.latestUs);
    }
  };

  const onBytes = (bytes: Uint8Array): void => {
    heardAtUs = nowUs;
    if (running?.step?.kind === 'say' && running.raw.length < mostLines)
      running.raw += String.fromCharCode(...bytes.subarray(0, mostLines - running.raw.length));
    for (const cut of cutter.feed(bytes)) {
      if ('lost' in cut) out.event({ kind: 'overflow', bytes: cut.lost });
      else onLine(cut.line);
    }
    if (running?.step?.kind === 'say')
      running.untilUs = Math.min(running.untilUs, nowUs + running.step.quietMs * usPerMs);
    bareAtUs = cutter.open !== '' && dialect?.bare?.(cutter.open, openCommand()) ? nowUs + bareUs : Infinity;
  };

  const onTimeout = (): void => {
    if (bareAtUs <= nowUs) {
      bareAtUs = Infinity;
      onLine(cutter.flush());
    }
    const run = running;
    if (!run?.step || run.untilUs > nowUs) return;
    const { step, lines, status } = run;
    switch (step.kind) {
      case 'ask': {
        const { command } = step;
        if (run.gone) return end(run, failed(problem('port-lost', { doing: hideKeys(command.text) })));
        if (command.ends === 'boot' || status) return answered(run, { ok: true, lines, ...status });
        const silent = problem('board-silent', { command: hideKeys(command.text), ms: command.withinMs });
        return answered(run, { ok: false, problem: silent, lines });
      }
      case 'await':
        return resume(run, { kind: 'event', event: undefined, before: run.events.splice(0) });
      case 'say': {
        const rest = cutter.flush();
        return resume(run, { kind: 'heard', heard: { lines: rest === '' ? lines : [...lines, rest], raw: run.raw } });
      }
      default:
        return resume(run, { kind: 'done' });
    }
  };

  const lose = (why: (doing: string) => Problem): void => {
    const run = running;
    const step = run?.step;
    if (run && step?.kind === 'ask' && step.command.ends === 'boot' && !run.gone) {
      // A board with USB of its own leaves the bus when it restarts: it was told to.
      run.gone = true;
      run.untilUs = nowUs + backWithinUs;
      return;
    }
    const doing = step?.kind === 'ask' ? hideKeys(step.command.text) : 'finding out who answers';
    if (run) end(run, failed(why(doing)));
    for (const { id } of waiting.splice(0)) out.event({ kind: 'done', id, result: failed(why('a conversation')) });
  };

  const take = (input: MachineInput<TalkOrder>): void => {
    switch (input.kind) {
      case 'opened':
        open = true;
        cutter = lineCutter();
        reader = dialect?.reader();
        if (baud !== undefined && baud !== input.line.baud) out.line({ baud });
        out.event({ kind: 'opened' });
        if (running?.gone) answered(running, { ok: true, lines: running.lines });
        return;
      case 'bytes':
        return onBytes(input.bytes);
      case 'timeout':
        return onTimeout();
      case 'lost':
        open = false;
        bareAtUs = Infinity;
        out.event({ kind: 'lost' });
        return lose((doing) => problem('port-lost', { doing }));
      case 'order':
        return obey(input.order);
      default:
        return;
    }
  };

  const obey = (order: TalkOrder): void => {
    switch (order.kind) {
      case 'script':
        waiting.push({ id: order.id, script: order.script });
        return;
      case 'cancel': {
        if (running?.id === order.id) running = undefined;
        const at = waiting.findIndex(({ id }) => id === order.id);
        if (at >= 0) waiting.splice(at, 1);
        return;
      }
      case 'use':
        dialect = order.dialect;
        reader = dialect.reader();
        return;
      case 'type':
        return out.bytes(order.bytes);
      case 'baud':
        baud = order.baud;
        return out.line({ baud });
    }
  };

  return {
    step(input, atUs, to) {
      nowUs = atUs;
      out = to;
      take(input);
      startNext();
      out.wakeAt(Math.min(running?.step ? running.untilUs : Infinity, bareAtUs));
    },
  };
};
