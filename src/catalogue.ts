import { readdir } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nearest } from './base/nearest.js';
import { describe, fail, problem, StellwerkError } from './base/problem.js';
import { ok, type Result } from './base/result.js';
import { openForeign, looksForeign } from './catalogue/foreign.js';
import { codecMap, fault, plans, type Kinds, type Room, type RoomPlan } from './catalogue/rooms.js';
import { toolkit, type Toolkit } from './catalogue/toolkit.js';

export type { Kinds, Room } from './catalogue/rooms.js';

/** The catalogue files by name. Nothing is imported before somebody asks for it by its id. */
export interface Catalogue {
  /** The ids of a room, sorted. Throws a StellwerkError when a folder that the user named cannot be read. */
  ids(room: Room): Promise<readonly string[]>;
  /** The entry of that id; problems: `unknown-entry`, `catalogue-twice`, `catalogue-bad-file`, each naming id or files. */
  load<R extends Room>(room: R, id: string): Promise<Result<Kinds[R]>>;
  /** The user's own files that are loaded as a part of this program, with all its rights. */
  trusted(): Promise<readonly string[]>;
  /** Every entry of a room by id order, or the problem in its place. */
  all<R extends Room>(room: R): Promise<readonly { readonly id: string; readonly entry: Result<Kinds[R]> }[]>;
}

type Maker = (kit: Toolkit) => unknown;

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';

/** The entries that lie directly in one folder: id and path. A folder with an index file is one entry. */
const entriesIn = async (folder: string, plan: RoomPlan): Promise<readonly (readonly [id: string, path: string])[]> => {
  const found: [string, string][] = [];
  const files = await readdir(folder, { withFileTypes: true });
  // A map makes the code beside it somebody else's: not to be loaded as ours.
  const maps = new Set(plan.maps ? files.flatMap(({ name }) => codecMap.exec(name)?.[1] ?? []) : []);
  for (const file of files.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, file.name);
    if (file.isDirectory()) {
      const index = (await readdir(path)).sort().find((name) => plan.file.exec(name)?.[1] === 'index');
      if (index !== undefined) found.push([file.name, join(path, index)]);
      continue;
    }
    const mapped = plan.maps ? codecMap.exec(file.name)?.[1] : undefined;
    const id = mapped ?? plan.file.exec(file.name)?.[1];
    if (id === undefined || id === 'define' || id === 'index') continue;
    if (mapped !== undefined || !maps.has(id)) found.push([id, path]);
  }
  return found;
};

const orNone = async <T>(list: Promise<readonly T[]>): Promise<readonly T[]> =>
  list.catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });

/**
 * The catalogue of this house and of the user's own folders. Each of `folders` may have the sub-folders
 * `devices/sensors`, `devices/boards`, `devices/bridges`, `devices/consoles`, `simulators/sensors`, `simulators/scenarios`, `sources`, `sinks`, `backends`;
 * a sensor model or a scenario may also lie in it directly.
 */
export const openCatalogue = ({ folders = [] }: { readonly folders?: readonly string[] } = {}): Catalogue => {
  // Whose code it is decides about rights, so it must not hang on how somebody wrote the folder (`.`, `/`, `x/../y`).
  const isUsers = (path: string): boolean =>
    folders.some((folder) => {
      const way = relative(resolve(folder), resolve(path));
      return !isAbsolute(way) && way.split(sep)[0] !== '..';
    });
  const listings = new Map<Room, Promise<ReadonlyMap<string, readonly string[]>>>();

  const read = async (room: Room): Promise<ReadonlyMap<string, readonly string[]>> => {
    const plan = plans[room];
    const lists = [await orNone(entriesIn(fileURLToPath(new URL(plan.folder, import.meta.url)), plan))];
    for (const folder of folders) {
      // The folder itself must be there: a slip in its name must not look like an empty catalogue.
      const plain = await entriesIn(folder, plan).catch((error: unknown) => {
        const why = isMissing(error) ? 'it does not exist' : String((error as Error).message);
        throw new StellwerkError(problem('catalogue-folder', { folder, why }), { cause: error });
      });
      lists.push(plan.plain ? plain.filter(([, path]) => !path.includes('index.')) : []);
      lists.push(await orNone(entriesIn(join(folder, plan.users), plan)));
    }
    const byId = new Map<string, string[]>();
    for (const [id, path] of lists.flat()) byId.set(id, [...(byId.get(id) ?? []), path]);
    return byId;
  };
  const listing = (room: Room): Promise<ReadonlyMap<string, readonly string[]>> => {
    const known = listings.get(room) ?? read(room);
    listings.set(room, known);
    return known;
  };

  const ids = async (room: Room): Promise<readonly string[]> => [...(await listing(room)).keys()].sort();

  const load = async <R extends Room>(room: R, id: string): Promise<Result<Kinds[R]>> => {
    const plan = plans[room];
    const paths = (await listing(room)).get(id);
    const [path, other] = paths ?? [];
    if (path === undefined) {
      const near = nearest(id, await ids(room)).join(', ') || 'none is known';
      return fail('unknown-entry', { room: plan.word, id, near, list: plan.list });
    }
    if (other !== undefined) return fail('catalogue-twice', { id, one: path, other });
    if (room === 'scenarios') return ok(path as Kinds[R]);
    if (codecMap.test(path)) return (await openForeign(id, path)) as Result<Kinds[R]>;
    const bad = (why: string): Result<Kinds[R]> =>
      fail('catalogue-bad-file', { file: path, room: plan.word, why, maker: plan.maker });
    try {
      if (isUsers(path) && (await looksForeign(path))) return fail('catalogue-foreign', { file: path, id });
      const loaded = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
      const entry = typeof loaded.default === 'function' ? (loaded.default as Maker)(toolkit) : loaded.default;
      const why = fault(entry, id, plan.needs);
      return why === undefined ? ok(entry as Kinds[R]) : bad(why);
    } catch (error) {
      const why =
        error instanceof StellwerkError
          ? describe(error.problem)
          : String((error as Error | undefined)?.message ?? error);
      return bad(`it cannot be loaded: ${why}`);
    }
  };

  const trusted = async (): Promise<readonly string[]> => {
    if (folders.length === 0) return [];
    const rooms = (Object.keys(plans) as Room[]).filter((room) => room !== 'scenarios');
    const lists = await Promise.all(rooms.map(async (room) => [...(await listing(room)).values()].flat()));
    const ours = [...new Set(lists.flat())].filter((path) => isUsers(path) && !codecMap.test(path)).sort();
    const foreign = await Promise.all(ours.map(looksForeign));
    return ours.filter((_, i) => !foreign[i]);
  };

  const all = async <R extends Room>(room: R): Promise<readonly { id: string; entry: Result<Kinds[R]> }[]> => {
    const found: { id: string; entry: Result<Kinds[R]> }[] = [];
    for (const id of await ids(room)) found.push({ id, entry: await load(room, id) });
    return found;
  };
  return { ids, load, all, trusted };
};
