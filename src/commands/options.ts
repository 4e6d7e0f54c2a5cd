import { problem, sentenceOf, UsageError, must } from '../base/problem.js';
import { msFromSpan } from '../base/time.js';
import { openCatalogue, type Catalogue } from '../catalogue.js';
import type { SensorModel, SensorOptions } from '../codec/sensor.js';
import type { Shell } from './shell.js';
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

/** Every value of an option that may be given more than once. */
export const textsOf = (args: Args, name: string): readonly string[] => {
  const value = args[name];
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);
};

/** Our catalogue, with the folder of `--catalogue`; says aloud that what lies there runs with the user's rights. */
export const catalogueOf = async (args: Args, shell: Pick<Shell, 'talk'>): Promise<Catalogue> => {
  const folders = textsOf(args, 'catalogue');
  const catalogue = openCatalogue({ folders });
  const trusted = await catalogue.trusted();
  if (trusted.length > 0)
    shell.talk(
      `${trusted.join(', ')}: ${trusted.length > 1 ? 'run' : 'runs'} as a part of Stellwerk, with your rights`,
    );
  return catalogue;
};

const setAt = (target: Record<string, unknown>, path: readonly string[], value: string): void => {
  const [name = '', ...rest] = path;
  if (rest.length === 0) target[name] = value;
  else setAt((target[name] ??= {}) as Record<string, unknown>, rest, value);
};

/** The options of a model that `--option name=value` gives, checked by the model's own schema. */
export const modelOptionsOf = async (args: Args, model: SensorModel, verb: string): Promise<SensorOptions> => {
  const given: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const text of textsOf(args, 'option')) {
    const [, name, value] = /^([\w.]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) throw wrong(verb, `--option ${text}: expected is name=value`);
    setAt(given, name.split('.'), value);
  }
  if (Object.keys(given).length === 0) return model.defaults;
  // zod: only for those who ask for it.
  const { readOptions } = await import('../config/model-options.js');
  const read = readOptions(model, { ...given });
  if (read.ok) return { ...model.defaults, ...read.value };
  const said = read.problems.map((one) => `--option ${one.at?.path ?? ''}: ${sentenceOf(one)}`);
  throw wrong(verb, said.join('; '));
};
