import { realpath } from 'node:fs/promises';
import { z } from 'zod';
import { nearest } from '../base/nearest.js';
import { placed, problem, type Place, type Problem } from '../base/problem.js';
import { failed, ok, type Result } from '../base/result.js';
import type { SensorModel } from '../codec/sensor.js';
import { readText, writeAtomic } from '../io/disk.js';
import { lockFile } from '../io/lock.js';
import { parseKey } from '../lorawan/keys.js';
import { readListDocument } from './device-list.js';
import { readAs, type TextDocument } from './document.js';
import { deviceSchema, twiceIn, type DeviceConfig } from './gateway.js';
import { readOptions } from './model-options.js';

export type Checked<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

/** The devices of a file, each with its places. */
export interface DeviceBook {
  readonly file: string;
  /** As it stands there; empty when there is no such file yet. */
  readonly text: string;
  readonly devices: readonly DeviceConfig[];
  at(index: number, ...path: readonly PropertyKey[]): Place;
}

/** Reads and checks a devices file; all problems at once. Problems: `file-missing`, `devices-shape`, and what a devices file can have. */
export const readDevices = async (file: string, sensorIds: readonly string[]): Promise<Checked<DeviceBook>> => {
  const text = await readText(file);
  return text.ok ? readBook(text.value, { file, sensorIds }) : { ok: false, problems: [text.problem] };
};

const readBook = (
  text: string,
  { file, sensorIds }: { readonly file: string; readonly sensorIds: readonly string[] },
): Checked<DeviceBook> => {
  const document = readListDocument(text, file);
  if (!document.ok) return { ok: false, problems: [document.problem] };
  const value = document.value.value ?? [];
  if (!Array.isArray(value))
    return { ok: false, problems: [placed(problem('devices-shape', { file }), document.value.at([]))] };
  const read = readAs({ ...document.value, value }, z.array(deviceSchema(sensorIds)));
  if (!read.ok) return read;
  const at: DeviceBook['at'] = (index, ...path) => document.value.at([index, ...path]);
  const twice = twiceIn(read.value, (index, key) => at(index, key));
  return twice.length > 0 ? { ok: false, problems: twice } : ok({ file, text, devices: read.value, at });
};

/**
 * Changes a devices file: reads it under a lock, and writes what `change` makes of it in one piece, for its owner's eyes
 * only. Nothing is written when `change` throws or hands back undefined. `mayBeNew` takes a file that is not there for an
 * empty one.
 */
export const changeDevices = async <T>(
  {
    file,
    sensorIds,
    mayBeNew,
  }: { readonly file: string; readonly sensorIds: readonly string[]; readonly mayBeNew: boolean },
  change: (book: DeviceBook) => Promise<Checked<{ readonly text: string | undefined; readonly done: T }>>,
): Promise<Checked<T>> => {
  // One lock for all names of the file.
  const target = await realpath(file).catch(() => file);
  const lock = await lockFile(target);
  if (!lock.ok) return { ok: false, problems: [lock.problem] };
  try {
    const there = await readText(file);
    const isNew = !there.ok && there.problem.code === 'file-missing' && mayBeNew;
    if (!there.ok && !isNew) return { ok: false, problems: [there.problem] };
    const book = readBook(there.ok ? there.value : '', { file, sensorIds });
    if (!book.ok) return book;
    const changed = await change(book.value);
    if (!changed.ok) return changed;
    const { text, done } = changed.value;
    const written = text === undefined ? ok(undefined) : await writeAtomic(file, text, { secret: true });
    return written.ok ? ok(done) : { ok: false, problems: [written.problem] };
  } finally {
    await lock.value.release();
  }
};

/** Finds out whether devices may be registered beside those that are there. */
export interface Registrar {
  /** The device in a group of texts, or everything that is wrong with it; a device that may be registered counts from then on. */
  check(value: unknown, at: (path: readonly PropertyKey[]) => Place): Promise<Checked<DeviceConfig>>;
}

/** Checks one device after the other: its fields, its keys, its model's options, and that DevEUI and bay are free. */
export const registrar = (
  book: Pick<DeviceBook, 'devices' | 'at'>,
  catalogue: { readonly sensorIds: readonly string[]; model(id: string): Promise<Result<SensorModel>> },
): Registrar => {
  const schema = deviceSchema(catalogue.sensorIds);
  const taken = { devEui: new Map<string, () => Place>(), bay: new Map<string, () => Place>() };
  const take = (device: DeviceConfig, at: (field: string) => Place): void => {
    taken.devEui.set(device.devEui, () => at('devEui'));
    if (device.bay !== undefined) taken.bay.set(device.bay, () => at('bay'));
  };
  book.devices.forEach((device, index) => take(device, (field) => book.at(index, field)));
  const twice = (field: 'devEui' | 'bay', value: string | undefined, at: RowPlace): readonly Problem[] => {
    const other = value === undefined ? undefined : taken[field].get(value)?.();
    if (value === undefined || !other) return [];
    const facts = { field, value, other: `${other.file}:${other.line}` };
    return [placed(problem('device-registered', facts), at([field]))];
  };
  return {
    async check(value, at) {
      const document: TextDocument = { file: '', value, at };
      const read = readAs(document, schema);
      // Of a device that is wrong, too, everything is said at once.
      const { devEui, bay, otaa, abp } = (read.ok ? read.value : value) as Fields;
      const eui = typeof devEui === 'string' ? euiText(devEui) : undefined;
      const problems = [
        ...(read.ok ? await optionProblems(read.value, { at, catalogue }) : read.problems),
        ...keyProblems({ otaa, abp }, at),
        ...twice('devEui', eui, at),
        ...twice('bay', typeof bay === 'string' ? bay : undefined, at),
      ];
      if (problems.length > 0 || !read.ok) return { ok: false, problems };
      take(read.value, (field) => at([field]));
      return read;
    },
  };
};

type RowPlace = (path: readonly PropertyKey[]) => Place;
type Fields = Readonly<Record<'devEui' | 'bay' | 'otaa' | 'abp', unknown>>;

/** An EUI as people write it, in our form; other text comes back as it is. */
export const euiText = (text: string): string => text.replace(/[\s:-]/g, '').toLowerCase();

const keyProblems = (groups: Readonly<Record<'otaa' | 'abp', unknown>>, at: RowPlace): readonly Problem[] =>
  (['otaa.appKey', 'abp.nwkSKey', 'abp.appSKey'] as const).flatMap((where) => {
    const [group, name] = where.split('.') as ['otaa' | 'abp', string];
    const text = (groups[group] as Readonly<Record<string, unknown>> | undefined)?.[name];
    // What env:NAME and file:PATH stand for is the gateway's to find out.
    if (typeof text !== 'string' || /^(env|file):./.test(text)) return [];
    const key = parseKey(text, name);
    return key.ok ? [] : [placed(key.problem, at([group, name]))];
  });

const optionProblems = async (
  { model, options }: DeviceConfig,
  where: {
    at(path: readonly PropertyKey[]): Place;
    readonly catalogue: { model(id: string): Promise<Result<SensorModel>> };
  },
): Promise<readonly Problem[]> => {
  if (!options) return [];
  const loaded = await where.catalogue.model(model);
  if (!loaded.ok) return [placed(loaded.problem, where.at(['model']))];
  const read = readOptions(loaded.value, options, (...path) => where.at(['options', ...path]));
  return read.ok ? [] : read.problems;
};

/** The one device that somebody means by a DevEUI, a name or a bay. Problems: `device-not-listed`, `device-ambiguous`. */
export const findDevice = ({ file, devices }: Pick<DeviceBook, 'file' | 'devices'>, who: string): Result<number> => {
  const eui = euiText(who);
  const byEui = devices.findIndex(({ devEui }) => devEui === eui);
  if (byEui >= 0) return ok(byEui);
  const found = devices.flatMap(({ name, bay }, i) => (name === who || bay === who ? [i] : []));
  if (found.length === 1) return ok(found[0]!);
  if (found.length > 1) {
    const all = found.map((i) => devices[i]!.devEui);
    return failed(problem('device-ambiguous', { who, count: all.length, found: all.slice(0, 5).join(', ') }));
  }
  // Distances to a hundred thousand names would take seconds.
  const known = devices
    .slice(0, 5_000)
    .flatMap(({ devEui, name, bay }) => [name, bay, devEui].filter((one) => one !== undefined));
  const near = nearest(who, [...new Set(known)]).join(', ');
  return failed(problem('device-not-listed', { file, who, near: near === '' ? 'none, the list is empty' : near }));
};
