import { randomBytes } from 'node:crypto';
import { hintOf, must, problem, sentenceOf, StellwerkError, type Problem } from '../base/problem.js';
import { toHex } from '../base/hex.js';
import { withDevices } from '../config/device-edit.js';
import { listed, withoutKeysOf, type ListedDevice } from '../config/device-text.js';
import { changeDevices, registrar } from '../config/devices.js';
import { parseTr005, type DeviceCode } from '../dialects/registry/tr005.js';
import { parseDevAddr, parseEui } from '../lorawan/ids.js';
import { parseKey } from '../lorawan/keys.js';
import { readText } from '../io/disk.js';
import { modelsOf, mustAll, profilesOf, withOthers, wrongUsage } from './devices-shared.js';
import { givenKeys } from './keys.js';
import { catalogueOf, textOf, textsOf } from './options.js';
import { ask, canAsk } from './prompt.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

type KeyName = 'appKey' | 'nwkSKey' | 'appSKey';
type Keys = Partial<Record<KeyName, string>>;

/** `stellwerk devices add`. */
export const run = async (args: Args, shell: Shell): Promise<void> => {
  const file = textOf(args, 'file')!;
  const qr = textOf(args, 'qr');
  const code = qr === undefined ? undefined : must(parseTr005(qr));
  const devEui = devEuiOf(args, code);
  const abp = args['abp'] === true;
  const catalogue = await catalogueOf(args, shell);
  const models = await modelsOf(catalogue);
  const model = textOf(args, 'model') ?? (code && profilesOf(args).get(code.profileId));
  if (model === undefined)
    throw new StellwerkError(problem('device-no-model', { devEui, profile: code?.profileId ?? 'PROFILEID' }));
  const joinEui = textOf(args, 'joinEui') ?? code?.joinEui;
  const devAddr = textOf(args, 'devAddr');
  if (abp && devAddr === undefined) throw wrongUsage('--abp needs --dev-addr, the 8 digits of the session');
  if (!abp && devAddr !== undefined) throw wrongUsage('--dev-addr is for a personalised device: add --abp');
  if (devAddr !== undefined) must(parseDevAddr(devAddr, `"${devAddr.slice(0, 40)}"`));
  const wanted: readonly KeyName[] = abp ? ['nwkSKey', 'appSKey'] : ['appKey'];
  const make = args['generateKey'] === true;
  if (args['showKey'] === true && !make) throw wrongUsage('--show-key shows keys that --generate-key makes');
  const deviceClass = textOf(args, 'class');
  const device = (keys: Keys): object => ({
    devEui,
    ...said(args, ['name', 'bay', 'lot', 'lorawan', 'counters']),
    ...(deviceClass !== undefined && { class: deviceClass.toUpperCase() }),
    model,
    ...(args['adr'] === false && { adr: 'false' }),
    ...(abp ? { abp: { devAddr, ...keys } } : { otaa: { ...(joinEui !== undefined && { joinEui }), ...keys } }),
    ...optionsOf(args),
  });
  const target = { file, sensorIds: models.sensorIds, mayBeNew: true };
  const at = (path: readonly PropertyKey[]): { file: string; line: number; column: number; path: string } => ({
    file: 'devices add',
    line: 1,
    column: 1,
    path: path.map(String).join('.'),
  });
  const register = (keys: Keys, write: boolean): Promise<ListedDevice> =>
    changeDevices(target, async (book) => {
      const checked = await registrar(book, models).check(device(keys), at);
      if (!checked.ok) throw refusal(checked.problems);
      const done = listed(checked.value);
      return { ok: true, value: { text: write ? must(withDevices(book.text, [done], file)) : undefined, done } };
    }).then(mustAll);
  // Whoever is to type a key should not hear only then that the device was there already.
  const typed = !make && textOf(args, 'keysFile') === undefined && canAsk();
  if (typed) await register(Object.fromEntries(wanted.map((name) => [name, '0'.repeat(32)])), false);
  const keys = make ? madeKeys(wanted) : await askedKeys(args, { wanted, devEui, shell });
  const added = await register(keys, true);
  const shown = make && args['showKey'] === true ? added : withoutKeysOf(added);
  if (shell.json) return shell.out(JSON.stringify({ file, added: shown }));
  shell.out(`${devEui} is in ${file}`);
  if (make && args['showKey'] === true) for (const [name, key] of Object.entries(keys)) shell.out(`${name} ${key}`);
  else if (make) shell.talk(`its new keys are in ${file} alone; devices export --out FILE hands them on`);
};

const devEuiOf = (args: Args, code: DeviceCode | undefined): string => {
  const text = textOf(args, 'devEui');
  if (text === undefined && !code) throw wrongUsage('devices add needs a DevEUI, or --qr with the text of a code');
  const eui = text === undefined ? code!.devEui : must(parseEui(text, `"${text.slice(0, 40)}"`));
  if (code && code.devEui !== eui) throw wrongUsage(`the code is of ${code.devEui}, not of ${eui}`);
  return eui;
};

const said = (args: Args, names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const text = textOf(args, name);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );

const optionsOf = (args: Args): { readonly options?: Readonly<Record<string, string>> } => {
  const pairs = textsOf(args, 'option').map((text) => {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) throw wrongUsage(`--option ${text}: expected is name=value`);
    return [name, value] as const;
  });
  return pairs.length === 0 ? {} : { options: Object.fromEntries(pairs) };
};

const helpHint = 'stellwerk devices add --help shows what is possible.';

/** A command line has no lines: the option's name is place enough. */
const refusal = (problems: readonly Problem[]): StellwerkError =>
  withOthers(
    problems.map(({ at, ...what }) =>
      at?.path && what.code !== 'device-registered'
        ? problem('device-option', { option: at.path, why: sentenceOf(what), hint: hintOf(what) ?? helpHint })
        : what,
    ),
  );

const madeKeys = (names: readonly KeyName[]): Keys =>
  Object.fromEntries(names.map((name) => [name, toHex(randomBytes(16))]));

const missing = (what: string, devEui: string): StellwerkError =>
  new StellwerkError(problem('device-no-key', { what, devEui }));

/** Keys from a file, the environment, a pipe, or a person; never from the command line. */
const askedKeys = async (
  args: Args,
  { wanted, devEui, shell }: { readonly wanted: readonly KeyName[]; readonly devEui: string; readonly shell: Shell },
): Promise<Keys> => {
  const file = textOf(args, 'keysFile');
  const text = file === undefined ? undefined : file === '-' ? await shell.readStdin() : must(await readText(file));
  // A file with nothing but the key, as a maker's tool writes it.
  const bare = text?.trim().replace(/[\s:-]/g, '');
  const [only] = wanted;
  if (bare !== undefined && wanted.length === 1 && parseKey(bare).ok) return { [only!]: bare };
  const env = { env: shell.env, readStdin: () => Promise.resolve(text ?? '') };
  const { keys } = await givenKeys(text === undefined ? undefined : file!, { devEui }, env);
  const found: Keys = {};
  for (const name of wanted) if (keys[name]) found[name] = toHex(keys[name]);
  for (const name of wanted) {
    if (found[name] !== undefined) continue;
    if (file !== undefined) throw missing(name, devEui);
    found[name] = canAsk()
      ? await ask(`${name} of ${devEui}: `, shell, { hidden: true })
      : await piped(wanted, { devEui, shell });
  }
  return found;
};

const piped = async (
  [name, other]: readonly KeyName[],
  { devEui, shell }: { readonly devEui: string; readonly shell: Shell },
): Promise<string> => {
  if (other !== undefined) throw missing('nwkSKey and appSKey', devEui);
  return shell.readStdin().catch((error: unknown) => {
    throw error instanceof StellwerkError && error.code === 'input-empty' ? missing(name!, devEui) : error;
  });
};
