import { must, problem, UsageError } from '../base/problem.js';
import { withoutDevice } from '../config/device-edit.js';
import { changeDevices } from '../config/devices.js';
import { mustAll, mustFind } from './devices-shared.js';
import { catalogueOf, textOf } from './options.js';
import { ask, canAsk } from './prompt.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

/** `stellwerk devices rm`. */
export const run = async (args: Args, shell: Shell): Promise<void> => {
  const file = textOf(args, 'file')!;
  const who = textOf(args, 'device')!;
  const catalogue = await catalogueOf(args, shell);
  const sensorIds = await catalogue.ids('sensors');
  const removed = await changeDevices({ file, sensorIds, mayBeNew: false }, async (book) => {
    const index = mustFind(book, who);
    const { devEui, name, bay, model } = book.devices[index]!;
    const facts = { devEui, ...(name !== undefined && { name }), ...(bay !== undefined && { bay }), model };
    const words = [devEui, name, bay].filter((one) => one !== undefined).join(', ');
    if (args['yes'] !== true) {
      if (!canAsk()) throw new UsageError(problem('rm-not-sure', { who: words }));
      const answer = await ask(`Take ${words} (${model}) out of ${file}, with its keys? [y/N] `, shell);
      if (!/^(y|yes|j|ja)$/i.test(answer)) return { ok: true, value: { text: undefined, done: undefined } };
    }
    return { ok: true, value: { text: must(withoutDevice(book.text, index, file)), done: facts } };
  });
  const gone = mustAll(removed);
  if (shell.json) return shell.out(JSON.stringify({ file, removed: gone ?? null }));
  shell.out(gone ? `${gone.devEui} is no longer in ${file}` : 'nothing was changed');
};
