import { placed, problem, StellwerkError, type Problem } from '../base/problem.js';
import { readDocument } from '../config/document.js';
import { readText } from '../io/disk.js';
import { parseKey } from '../lorawan/keys.js';
import type { Shell } from './shell.js';

/** Keys that a person gave for one frame; whatever was not given is absent. */
export interface GivenKeys {
  readonly appKey?: Uint8Array;
  readonly nwkSKey?: Uint8Array;
  readonly appSKey?: Uint8Array;
}

const names = ['appKey', 'nwkSKey', 'appSKey'] as const;
type KeyName = (typeof names)[number];
export const keyVariables = {
  appKey: 'STELLWERK_APP_KEY',
  nwkSKey: 'STELLWERK_NWK_S_KEY',
  appSKey: 'STELLWERK_APP_S_KEY',
} as const;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The entry of a file that belongs to this device: the only one there is, or the one with its DevEUI or DevAddr. */
const entryFor = (
  value: unknown,
  who: { readonly devEui?: string; readonly devAddr?: string },
  file: string,
): Fields | Problem => {
  const listed = isFields(value) && Array.isArray(value['devices']) ? value['devices'] : value;
  if (isFields(listed)) return listed;
  const entries = Array.isArray(listed) ? listed.filter(isFields) : [];
  const same = (text: unknown, wanted: string | undefined): boolean =>
    typeof text === 'string' && wanted !== undefined && text.replace(/[\s:-]/g, '').toLowerCase() === wanted;
  const mine = entries.filter(
    (entry) =>
      same(entry['devEui'], who.devEui) ||
      same(entry['devAddr'], who.devAddr) ||
      (isFields(entry['abp']) && same(entry['abp']['devAddr'], who.devAddr)),
  );
  const [only] = mine.length > 0 ? mine : entries.length === 1 ? entries : [];
  const name = who.devEui ?? who.devAddr ?? 'the sender of this frame';
  return (
    only ??
    problem(entries.length === 0 ? 'keys-unusable' : 'keys-ambiguous', { file, count: entries.length, who: name })
  );
};

/** What is known about the sender of a frame beyond the frame. */
export interface Given {
  readonly keys: GivenKeys;
  /** The sensor model, when the entry of a devices file says it. */
  readonly model?: string;
}

/** Keys from a file (or standard input), then from the environment; never from the command line. */
export const givenKeys = async (
  file: string | undefined,
  who: { readonly devEui?: string; readonly devAddr?: string },
  shell: Pick<Shell, 'env' | 'readStdin'>,
): Promise<Given> => {
  const keys: Partial<Record<KeyName, Uint8Array>> = {};
  let model: string | undefined;
  const take = (name: KeyName, text: string, from: string): void => {
    const key = parseKey(text, `${name} of ${from}`);
    if (!key.ok) throw new StellwerkError(key.problem);
    keys[name] = key.value;
  };
  if (file !== undefined) {
    const text = file === '-' ? { ok: true as const, value: await shell.readStdin() } : await readText(file);
    if (!text.ok) throw new StellwerkError(text.problem);
    const document = readDocument(text.value, file);
    if (!document.ok) throw new StellwerkError(document.problem);
    const entry = entryFor(document.value.value, who, file);
    if ('code' in entry && 'facts' in entry) throw new StellwerkError(placed(entry as Problem, document.value.at([])));
    const fields = entry as Fields;
    if (typeof fields['model'] === 'string') model = fields['model'];
    for (const group of [fields, fields['otaa'], fields['abp']].filter(isFields))
      for (const name of names) if (typeof group[name] === 'string') take(name, group[name], file);
    if (Object.keys(keys).length === 0) throw new StellwerkError(problem('keys-unusable', { file }));
  }
  for (const name of names) {
    const text = shell.env[keyVariables[name]];
    if (text !== undefined && keys[name] === undefined) take(name, text, keyVariables[name]);
  }
  return { keys, ...(model !== undefined && { model }) };
};
