import { expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import type { Result } from '../../src/base/result.js';
import { commandsOf, type Command, type CommandTable, type Dialect } from '../../src/console/dialect.js';
import type { AnyParam } from '../../src/console/params.js';
import { ask, type Script } from '../../src/console/script.js';
import type { Bench } from './bench.js';

function* asked(command: Command): Script<unknown> {
  const answer = yield* ask(command);
  return answer.ok ? { ok: true, value: answer } : { ok: false, problem: answer.problem };
}

/** Texts that no param of this form takes: one step beyond a range, letters, too much, nothing. */
const wrongOnes = (param: AnyParam): readonly string[] => {
  const range = typeof param.sample(dice('table', 'kind')) !== 'number' ? null : /^(-?\d+) to (-?\d+)/.exec(param.form);
  const beyond = range ? [String(Number(range[1]) - 1), String(Number(range[2]) + 1)] : [];
  return [...beyond, 'zz', 'f'.repeat(240)].filter((text) => text !== '' && !param.read(text).ok);
};

/**
 * Every command that can be written: what the table takes the board takes, what it does not take neither takes.
 * `readBack` gives what the board keeps of a command, as it was written; undefined where it does not tell.
 */
export const tableLaws = (setup: {
  readonly dialect: Dialect;
  start(name: string): Bench;
  readBack(name: string, b: Bench): readonly string[] | undefined;
  /** Commands whose answer needs a network or ends the test. */
  readonly without?: readonly string[];
  /** What the board takes although the table does not: it does not look. */
  readonly careless?: readonly string[];
}): void => {
  const { dialect } = setup;
  const commands = commandsOf(dialect.commands as CommandTable, dialect.syntax) as unknown as {
    set(name: string, ...values: readonly unknown[]): Result<Command>;
    typed(text: string): Command;
  };
  const d = dice('table', dialect.id);
  for (const [name, row] of Object.entries(dialect.commands)) {
    const params = row.write;
    if (!params || setup.without?.includes(name)) continue;
    test(`${dialect.id}: ${name} is taken in its range, kept, and refused beyond`, () => {
      for (let i = 0; i < 4; i++) {
        const b = setup.start(name);
        const values = params.map((param) => param.sample(d) as unknown);
        const command = commands.set(name, ...values);
        expect(command.ok, row.word).toBe(true);
        if (!command.ok) return;
        expect(b.run(asked(command.value)), command.value.text).toMatchObject({ ok: true });
        const written = values.flatMap((value, at) => (value === undefined ? [] : [params[at]!.write(value as never)]));
        const kept = setup.readBack(name, b);
        if (kept) expect(kept.map((one) => one.toLowerCase())).toEqual(written.map((one) => one.toLowerCase()));
      }
      for (const [at, param] of params.entries())
        for (const wrong of wrongOnes(param)) {
          const texts = params.map((one) => one.write(one.sample(d) as never));
          texts[at] = wrong;
          if (setup.careless?.includes(name)) continue;
          const b = setup.start(name);
          const line = dialect.syntax.set(row.word, texts);
          expect(b.run(asked(commands.typed(line))), line).toMatchObject({ problem: { code: 'board-refused' } });
          const number = Number(wrong);
          if (Number.isNaN(number)) continue;
          const values = params.map((one) => one.sample(d) as unknown);
          values[at] = number;
          expect(commands.set(name, ...values), `${name} ${wrong}`).toMatchObject({
            problem: { code: 'console-value' },
          });
        }
    });
  }
};
