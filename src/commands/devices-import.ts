import { setImmediate } from 'node:timers/promises';
import { describe, must, placed, problem, StellwerkError, type Place, type Problem } from '../base/problem.js';
import { withDevices } from '../config/device-edit.js';
import { listed } from '../config/device-text.js';
import { changeDevices, euiText, registrar, type DeviceBook } from '../config/devices.js';
import type { DeviceConfig } from '../config/gateway.js';
import { hideKeys, withoutKeys } from '../config/hide.js';
import { readCsv } from '../dialects/registry/csv.js';
import { deviceTable, type ListedDevice } from '../dialects/registry/columns.js';
import { parseTr005 } from '../dialects/registry/tr005.js';
import { vendorOfProfile } from '../dialects/registry/vendors.js';
import { readText } from '../io/disk.js';
import { modelsOf, mostTold, mustAll, profilesOf, withOthers } from './devices-shared.js';
import { catalogueOf, textOf } from './options.js';
import { problemJson, type Shell } from './shell.js';
import type { Args } from './verb.js';

/** A device of somebody's list, before anybody has looked at it. */
interface Row {
  readonly value: ListedDevice;
  readonly problems: readonly Problem[];
  readonly profileId?: string;
  at(path: readonly PropertyKey[]): Place;
}
interface List {
  readonly rows: Iterable<Row>;
  /** Columns that nobody here understands. */
  readonly ignored: readonly string[];
}

const progressEveryMs = 1_000;
const breatheEvery = 1_000;

/** `stellwerk devices import`. */
export const run = async (args: Args, shell: Shell): Promise<void> => {
  const file = textOf(args, 'file')!;
  // yargs makes an empty text of a dash.
  const named = textOf(args, 'list') || '-';
  const keysFile = textOf(args, 'keysFile');
  if (named === '-' && keysFile === '-')
    throw new StellwerkError(problem('input-twice', { one: 'the list', other: '--keys-file' }));
  const from = named === '-' ? 'standard input' : named;
  const listText = await inputText(named, shell);
  if (listText.trim() === '') throw new StellwerkError(problem('import-empty', { file: from }));
  const list = listOf(listText, { from, format: textOf(args, 'format') });
  const keys = keysFile === undefined ? undefined : keysOf(await inputText(keysFile, shell), keysFile);
  const catalogue = await catalogueOf(args, shell);
  const models = await modelsOf(catalogue);
  const profiles = profilesOf(args);
  if (list.ignored.length > 0) shell.talk(`not understood and left out: ${hideKeys(list.ignored.join(', '))}`);
  const target = { file, sensorIds: models.sensorIds, mayBeNew: true };
  const taken = await changeDevices(target, async (book) => {
    const { good, bad, problems } = await checkAll(book, list.rows);
    const count = good.length + bad;
    if (count === 0) throw new StellwerkError(problem('import-empty', { file: from }));
    if (bad > 0 && (args['skipBad'] !== true || good.length === 0))
      throw withOthers([problem('import-refused', { bad, count, file: from }), ...problems]);
    const text = args['dryRun'] === true ? undefined : must(withDevices(book.text, good.map(listed), file));
    return { ok: true, value: { text, done: { imported: good.length, bad, problems } } };
  });
  const { imported, bad, problems } = mustAll(taken);
  const dry = args['dryRun'] === true;
  if (shell.json) {
    const facts = { file, imported: dry ? 0 : imported, good: imported, bad, ignored: list.ignored };
    return shell.out(JSON.stringify({ ...facts, problems: problems.map(problemJson) }));
  }
  for (const what of problems) shell.talk(describe(what));
  if (bad > 0) shell.talk(`${bad} devices were left out`);
  shell.out(dry ? `${imported} devices are right; nothing was written` : `${imported} devices are new in ${file}`);

  async function checkAll(
    book: DeviceBook,
    rows: Iterable<Row>,
  ): Promise<{ good: readonly DeviceConfig[]; bad: number; problems: readonly Problem[] }> {
    const desk = registrar(book, models);
    const good: DeviceConfig[] = [];
    const problems: Problem[] = [];
    let bad = 0;
    let saidAt = performance.now();
    for (const row of rows) {
      const { value, at, missing } = completed(row, { args, keys, profiles });
      const wrong = [...row.problems, ...missing];
      const checked = wrong.length > 0 ? { ok: false as const, problems: wrong } : await desk.check(value, at);
      if (checked.ok) good.push(checked.value);
      else {
        bad++;
        for (const one of checked.problems) if (problems.length < mostTold) problems.push(withoutKeys(one));
      }
      if ((good.length + bad) % breatheEvery !== 0) continue;
      await setImmediate();
      if (shell.stop.aborted) throw new StellwerkError(problem('input-stopped', { from: 'the list' }));
      if (performance.now() - saidAt < progressEveryMs) continue;
      saidAt = performance.now();
      shell.talk(`${good.length + bad} devices read`);
    }
    return { good, bad, problems };
  }
};

const inputText = async (file: string, shell: Shell): Promise<string> =>
  file === '-' ? shell.readStdin() : must(await readText(file));

const listOf = (
  text: string,
  { from, format }: { readonly from: string; readonly format: string | undefined },
): List => {
  const looks = /^\s*(#[^\n]*\n\s*)*(LW|URN):/i.test(text.slice(0, 10_000)) ? 'tr005' : 'csv';
  return (format ?? looks) === 'tr005' ? { rows: codeRows(text, from), ignored: [] } : csvRows(text, from);
};

const csvRows = (text: string, from: string): List => {
  const csv = readCsv(text, from);
  const table = deviceTable(csv);
  if (!('deviceOf' in table)) throw withOthers(table);
  return {
    ignored: table.ignored,
    rows: {
      *[Symbol.iterator]() {
        for (const row of csv.rows()) {
          const { value, problems, cellOf } = table.deviceOf(row);
          yield { value, problems, at: (path) => ({ ...csv.placeOf(row, cellOf(path)), path: path.join('.') }) };
        }
      },
    },
  };
};

function* codeRows(text: string, from: string): Generator<Row> {
  for (const [i, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const lead = line.length - line.trimStart().length;
    const place = (character: number): Place => ({ file: from, line: i + 1, column: lead + character });
    const code = parseTr005(line);
    const at = (): Place => place(1);
    if (!code.ok) {
      const character = code.problem.facts['at'];
      const wrong = placed(code.problem, place(typeof character === 'number' ? character : 1));
      yield { value: {}, problems: [wrong], at };
      continue;
    }
    const { devEui, joinEui, profileId } = code.value;
    yield { value: { devEui, otaa: { joinEui } }, problems: [], profileId, at };
  }
}

interface KeyRow {
  readonly value: ListedDevice;
  at(path: readonly PropertyKey[]): Place;
}

/** A table of keys by DevEUI. */
const keysOf = (text: string, file: string): ReadonlyMap<string, KeyRow> => {
  const { rows } = csvRows(text, file === '-' ? 'standard input' : file);
  const keys = new Map<string, KeyRow>();
  for (const { value, problems, at } of rows) {
    if (problems.length > 0) throw withOthers(problems);
    const devEui = euiText(String(value['devEui'] as string));
    if (keys.has(devEui)) {
      const other = keys.get(devEui)!.at(['devEui']);
      const facts = { field: 'devEui', value: devEui, other: `${other.file}:${other.line}` };
      throw new StellwerkError(placed(problem('config-device-twice', facts), at(['devEui'])));
    }
    keys.set(devEui, { value, at });
  }
  return keys;
};

const hasKey = (value: ListedDevice): boolean =>
  value['abp'] !== undefined ||
  (value['otaa'] as Readonly<Record<string, string>> | undefined)?.['appKey'] !== undefined;

/** The row with what the command line and the table of keys say in addition. */
const completed = (
  row: Row,
  given: {
    readonly args: Args;
    readonly keys: ReadonlyMap<string, KeyRow> | undefined;
    readonly profiles: ReadonlyMap<string, string>;
  },
): { value: ListedDevice; at: Row['at']; missing: readonly Problem[] } => {
  const { value, profileId } = row;
  const devEui = String((value['devEui'] ?? '') as string);
  // A row without a DevEUI has one problem, not three.
  if (row.problems.length > 0 || devEui === '') return { value, at: row.at, missing: [] };
  const missing: Problem[] = [];
  const full: Record<string, ListedDevice[string]> = { ...value };
  for (const name of ['model', 'lot', 'lorawan']) {
    const text = textOf(given.args, name);
    if (text !== undefined) full[name] ??= text;
  }
  const profiled = profileId === undefined ? undefined : given.profiles.get(profileId);
  // The code speaks of this device, --model of all of them.
  if (profiled !== undefined && value['model'] === undefined) full['model'] = profiled;
  if (full['model'] === undefined) {
    const vendor = profileId === undefined ? undefined : vendorOfProfile(profileId);
    const who = vendor === undefined ? devEui : `${devEui} of ${vendor}`;
    missing.push(
      placed(problem('device-no-model', { devEui: who, profile: profileId ?? 'PROFILEID' }), row.at(['model'])),
    );
  }
  let at = row.at;
  if (!hasKey(full)) {
    const keys = given.keys?.get(euiText(devEui));
    if (keys && hasKey(keys.value)) {
      const { otaa, abp } = keys.value;
      if (abp !== undefined) {
        full['abp'] = abp;
        delete full['otaa'];
      } else full['otaa'] = { ...(otaa as object), ...(full['otaa'] as object | undefined) };
      at = (path) => (path.length > 1 && /Key$/.test(String(path[1])) ? keys.at(path) : row.at(path));
    } else missing.push(placed(problem('device-no-key', { what: 'key', devEui }), row.at(['otaa', 'appKey'])));
  }
  return { value: full, at, missing };
};
