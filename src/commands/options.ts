import { problem, UsageError, must } from '../base/problem.js';
import { msFromSpan } from '../base/time.js';
import type { Catalogue } from '../catalogue.js';
import type { Scenario } from '../sim/scenario.js';
import type { Args } from './verb.js';

/** The text of an option; undefined when it was not given. An option that was given twice counts with its last value. */
export const textOf = (args: Args, name: string): string | undefined => {
  const value = args[name];
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' || typeof last === 'number' ? String(last) : undefined;
};

const wrong = (verb: string, why: string): UsageError => new UsageError(problem('wrong-usage', { verb, why }));

/** A duration option such as `20s` in milliseconds. */
export const spanOf = (args: Args, name: string, verb: string): number | undefined => {
  const text = textOf(args, name);
  if (text === undefined) return undefined;
  const ms = msFromSpan(text);
  if (ms === undefined || ms === 0) throw wrong(verb, `--${name} ${text} is no duration: write 20s, 5m, 2h or 1d`);
  return ms;
};

/** A positive number; `instant` is Infinity. */
export const speedOf = (args: Args, verb: string): number | undefined => {
  const text = textOf(args, 'speed');
  if (text === undefined) return undefined;
  const speed = text === 'instant' ? Infinity : Number(text);
  if (!(speed > 0) || (speed > 10_000 && speed !== Infinity))
    throw wrong(verb, `--speed ${text}: expected is a number above 0 up to 10000, or instant`);
  return speed;
};

/** The scenario of that name, or of that YAML file. */
export const scenarioOf = async (catalogue: Catalogue, named: string): Promise<Scenario> => {
  // zod and YAML: verbs that only want `textOf` start in half the time without them.
  const { loadScenario } = await import('../config/scenario.js');
  if (/\.ya?ml$/.test(named)) {
    const id = named
      .split(/[\\/]/)
      .at(-1)!
      .replace(/\.ya?ml$/, '');
    return loadScenario(id, named);
  }
  return loadScenario(named, must(await catalogue.load('scenarios', named)));
};
