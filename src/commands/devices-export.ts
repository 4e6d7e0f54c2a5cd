import { join } from 'node:path';
import { must, problem, StellwerkError, type Problem } from '../base/problem.js';
import { scenarioDevices } from '../city/devices-file.js';
import { jsonList, listed, withoutKeysOf, yamlList, type ListedDevice } from '../config/device-text.js';
import { devicesCsv } from '../dialects/registry/device-csv.js';
import { tr005Text } from '../dialects/registry/tr005.js';
import { noProfile } from '../dialects/registry/vendors.js';
import { writeAtomic } from '../io/disk.js';
import { parseEui } from '../lorawan/ids.js';
import { qrMatrix, qrSvg } from '../report/qr.js';
import { bookOf, withOthers, wrongUsage } from './devices-shared.js';
import { catalogueOf, scenarioOf, textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

/** `stellwerk devices export`. */
export const run = async (args: Args, shell: Shell): Promise<void> => {
  const out = textOf(args, 'out');
  const svg = textOf(args, 'svg');
  const format =
    textOf(args, 'format') ?? (svg === undefined ? (shell.json && out === undefined ? 'json' : 'yaml') : 'tr005');
  if (svg !== undefined && format !== 'tr005') throw wrongUsage('--svg draws QR codes: add --format tr005');
  const devices = await devicesOf(args, shell);
  const withKeys = args['keys'] !== false && format !== 'tr005';
  // Asked of the system, not of the shell: with --json a terminal is a terminal still.
  if (withKeys && out === undefined && process.stdout.isTTY && args['showKeys'] !== true)
    throw new StellwerkError(problem('keys-on-terminal', { count: devices.length }));
  const shown = withKeys ? devices : devices.map(withoutKeysOf);
  const codes = format === 'tr005' ? codesOf(devices, args) : [];
  if (svg !== undefined) {
    for (const { devEui, text } of codes) {
      const image = qrSvg(must(qrMatrix(text)), { title: text });
      must(await writeAtomic(join(svg, `${devEui}.svg`), image));
    }
    if (out === undefined) return tell(shell, { file: svg, count: codes.length, what: 'codes' });
  }
  const text =
    format === 'yaml'
      ? yamlList(shown)
      : format === 'json'
        ? jsonList(shown)
        : format === 'csv'
          ? csvOf(shown, { withKeys, shell })
          : codes.map((code) => `${code.text}\n`).join('');
  if (out === undefined) return shell.raw(text);
  must(await writeAtomic(out, text, { secret: withKeys }));
  tell(shell, { file: out, count: devices.length, what: 'devices' });
};

const tell = (
  shell: Shell,
  { file, count, what }: { readonly file: string; readonly count: number; readonly what: string },
): void => shell.out(shell.json ? JSON.stringify({ file, [what]: count }) : `${count} ${what} in ${file}`);

const devicesOf = async (args: Args, shell: Shell): Promise<readonly ListedDevice[]> => {
  const named = textOf(args, 'scenario');
  if (named === undefined) {
    const { book } = await bookOf(args, shell);
    return book.devices.map(listed);
  }
  const catalogue = await catalogueOf(args, shell);
  const scenario = await scenarioOf(catalogue, named);
  return scenarioDevices({ scenario, seed: textOf(args, 'seed')!, catalogue, uplinkOnly: args['uplinkOnly'] === true });
};

const csvOf = (
  devices: readonly ListedDevice[],
  { withKeys, shell }: { readonly withKeys: boolean; readonly shell: Shell },
): string => {
  const { text, incomplete } = devicesCsv(devices, { withKeys });
  if (incomplete.length > 0)
    shell.talk(
      `lists of mountings and nested options fit into no cell and are left out: ${incomplete.slice(0, 5).join(', ')}${incomplete.length > 5 ? ', ...' : ''}`,
    );
  return text;
};

/** The JoinEUI that a device asks for; undefined when the file does not say it. */
export const joinEuiOf = ({ otaa }: ListedDevice): string | undefined =>
  (otaa as { readonly joinEui?: string } | undefined)?.joinEui;

const codesOf = (
  devices: readonly ListedDevice[],
  args: Args,
): readonly { readonly devEui: string; readonly text: string }[] => {
  const given = textOf(args, 'joinEui');
  const fallback = given === undefined ? undefined : must(parseEui(given, `"${given.slice(0, 40)}"`));
  const problems: Problem[] = [];
  const codes = devices.flatMap((device) => {
    const { devEui } = device;
    const joinEui = joinEuiOf(device) ?? fallback;
    if (joinEui === undefined) problems.push(problem('device-no-join-eui', { devEui }));
    return joinEui === undefined ? [] : [{ devEui, text: must(tr005Text({ joinEui, devEui, profileId: noProfile })) }];
  });
  if (problems.length > 0) throw withOthers(problems);
  return codes;
};
