import { must, problem, StellwerkError } from '../base/problem.js';
import { listed } from '../config/device-text.js';
import { tr005Text } from '../dialects/registry/tr005.js';
import { noProfile } from '../dialects/registry/vendors.js';
import { writeAtomic } from '../io/disk.js';
import { parseEui } from '../lorawan/ids.js';
import { qrLines, qrMatrix, qrSvg } from '../report/qr.js';
import { joinEuiOf } from './devices-export.js';
import { bookOf, mustFind, wrongUsage } from './devices-shared.js';
import { textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

/** `stellwerk devices qr`. */
export const run = async (args: Args, shell: Shell): Promise<void> => {
  const { book } = await bookOf(args, shell);
  const device = book.devices[mustFind(book, textOf(args, 'device')!)]!;
  const { devEui } = device;
  const given = textOf(args, 'joinEui');
  const joinEui = given === undefined ? joinEuiOf(listed(device)) : must(parseEui(given, `"${given.slice(0, 40)}"`));
  if (joinEui === undefined) throw new StellwerkError(problem('device-no-join-eui', { devEui }));
  const profileId = textOf(args, 'profileId') ?? noProfile;
  if (!/^[0-9a-f]{8}$/i.test(profileId))
    throw wrongUsage(`--profile-id ${profileId}: expected are 8 hexadecimal digits`);
  const serial = textOf(args, 'serial');
  const text = must(tr005Text({ joinEui, devEui, profileId, ...(serial !== undefined && { serial }) }));
  const matrix = must(qrMatrix(text));
  const svg = textOf(args, 'svg');
  if (svg !== undefined) must(await writeAtomic(svg, qrSvg(matrix, { title: text })));
  if (shell.json) return shell.out(JSON.stringify({ devEui, text, ...(svg !== undefined && { file: svg }) }));
  shell.out(text);
  if (svg !== undefined) return shell.talk(`its image is in ${svg}`);
  // Paint that leaves a text as it is says that colours are not wanted here.
  const colour = shell.paint.bold('') !== '';
  qrLines(matrix, { colour, invert: args['invert'] === true }).forEach(shell.out);
};
