import type { z } from 'zod';
import { placed, problem, type Place, type Problem } from '../base/problem.js';
import type { SensorModel, SensorOptions } from '../codec/sensor.js';
import { readAs } from './document.js';

/** The options that a model takes, checked by the model's own schema; `at` says where each stands in a user's file. */
export const readOptions = (
  model: SensorModel,
  value: unknown,
  at?: (...path: readonly PropertyKey[]) => Place,
): { ok: true; value: SensorOptions } | { ok: false; problems: readonly Problem[] } => {
  if (!model.options) {
    const none = problem('config-options', { model: model.id });
    return { ok: false, problems: [at ? placed(none, at()) : none] };
  }
  // A contract that pure rooms can know says less than what the catalogue's models hold: a zod schema.
  const schema = model.options as z.ZodType<SensorOptions>;
  const where = at ?? ((...path) => ({ file: '--option', line: 1, column: 1, path: path.map(String).join('.') }));
  return readAs({ file: '', value, at: (path) => where(...path) }, schema);
};
