import { problem, StellwerkError, UsageError, type Problem } from '../base/problem.js';
import type { Result } from '../base/result.js';
import type { Catalogue } from '../catalogue.js';
import type { SensorModel } from '../codec/sensor.js';
import { withoutKeys } from '../config/hide.js';
import { findDevice, readDevices, type registrar, type Checked, type DeviceBook } from '../config/devices.js';
import { catalogueOf, textOf, textsOf } from './options.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

export const wrongUsage = (why: string): UsageError => new UsageError(problem('wrong-usage', { verb: 'devices', why }));

/** As many problems as a person reads; the count says that there are more. */
export const mostTold = 1_000;

/** The value, or all problems thrown as one error. */
export const mustAll = <T>(checked: Checked<T>): T => {
  if (checked.ok) return checked.value;
  throw withOthers(checked.problems);
};

/** Several problems as one error, without the keys that somebody put in a wrong place. */
export const withOthers = (problems: readonly Problem[]): StellwerkError => {
  const [first, ...others] = problems.slice(0, mostTold).map(withoutKeys);
  return new StellwerkError(first!, { others });
};

/** The devices file that a command works on, read and checked. */
export const bookOf = async (
  args: Args,
  shell: Shell,
): Promise<{ readonly book: DeviceBook; readonly catalogue: Catalogue }> => {
  const catalogue = await catalogueOf(args, shell);
  const book = mustAll(await readDevices(textOf(args, 'file')!, await catalogue.ids('sensors')));
  return { book, catalogue };
};

/** The index of the one device that is meant; throws what is wrong with its name, which may be a key by mistake. */
export const mustFind = (book: DeviceBook, who: string): number => {
  const found = findDevice(book, who);
  if (found.ok) return found.value;
  throw withOthers([found.problem]);
};

/** What ProfileIDs of codes mean, as `--profile HEX=MODEL` says. */
export const profilesOf = (args: Args): ReadonlyMap<string, string> =>
  new Map(
    textsOf(args, 'profile').map((text) => {
      const [, id, model] = /^([0-9a-f]{8})=(.+)$/i.exec(text) ?? [];
      if (id === undefined || model === undefined)
        throw wrongUsage(`--profile ${text}: expected is a ProfileID and a model, such as 004500AA=bosch-tps110`);
      return [id.toLowerCase(), model] as const;
    }),
  );

/** What a registrar needs of a catalogue; each model is loaded once. */
export const modelsOf = async (catalogue: Catalogue): Promise<Parameters<typeof registrar>[1]> => {
  const loaded = new Map<string, Promise<Result<SensorModel>>>();
  return {
    sensorIds: await catalogue.ids('sensors'),
    model(id) {
      const model = loaded.get(id) ?? catalogue.load('sensors', id);
      loaded.set(id, model);
      return model;
    },
  };
};
