import { join } from 'node:path';
import { fail, must } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { readText, removeFile, writeAtomic } from '../io/disk.js';
import { openJournal } from '../gateway/journal.js';
import { lockFolder } from '../io/lock.js';
import { memoryStore, type Store } from '../gateway/store.js';
import { isFleetState, type FleetState } from '../sim/fleet-state.js';
import type { Run } from '../sim/run-types.js';

/** What both ends of a simulated city carry from run to run, in a folder: the devices' side and the network's. */
export interface CityState {
  readonly fleet: FleetState | undefined;
  readonly store: Store;
  /** Writes the devices' side; the network's is written with every frame. Holds keys: readable by its owner only. */
  save(fleet: FleetState): Promise<Result<void>>;
}

/** Which run a state belongs to: other seeds have other devices. */
export interface RunName {
  readonly scenario: string;
  readonly seed: string;
}

/** Without a folder both ends start anew and forget at the end. */
export const openCityState = async (
  folder: string | undefined,
  run: RunName,
  { fresh, network }: { readonly fresh: boolean; readonly network: boolean },
): Promise<Result<CityState>> => {
  if (folder === undefined)
    return ok({ fleet: undefined, store: memoryStore(), save: () => Promise.resolve(ok(undefined)) });
  // The lock comes first: `fresh` must not wipe what another process is using.
  const store = network ? await openJournal(folder, { fresh }) : await lockedOnly(folder);
  if (!store.ok) return store;
  const file = join(folder, 'fleet.json');
  if (fresh) await removeFile(file);
  const fleet = await readFleet(file, run);
  if (!fleet.ok) {
    await store.value.close();
    return fleet;
  }
  let saving: Promise<Result<void>> = Promise.resolve(ok(undefined));
  return ok({
    fleet: fleet.value,
    store: store.value,
    // One after the other: a save that began earlier must not end later and put old nonces back.
    save: (devices) =>
      (saving = saving.then(() => writeAtomic(file, JSON.stringify({ ...run, devices }), { secret: true }))),
  });
};

/** Somebody else's network remembers by itself; the folder is ours all the same. */
const lockedOnly = async (folder: string): Promise<Result<Store>> => {
  const lock = await lockFolder(folder);
  return lock.ok ? ok({ ...memoryStore(), close: () => lock.value.release() }) : lock;
};

const readFleet = async (file: string, run: RunName): Promise<Result<FleetState | undefined>> => {
  const text = await readText(file);
  if (!text.ok) return text.problem.code === 'file-missing' ? ok(undefined) : text;
  let saved: unknown;
  try {
    saved = JSON.parse(text.value);
  } catch {
    return fail('state-damaged', { file });
  }
  const { scenario, seed, devices } = (saved ?? {}) as Record<string, unknown>;
  if (typeof scenario !== 'string' || typeof seed !== 'string' || !isFleetState(devices))
    return fail('state-damaged', { file });
  if (scenario !== run.scenario || seed !== run.seed)
    return fail('state-of-other-run', {
      file,
      have: scenario,
      haveSeed: seed,
      want: run.scenario,
      wantSeed: run.seed,
    });
  return ok(devices);
};

/** Saves a run that goes on, now and then and whenever it must not go on without. */
export interface Saver {
  /** For the loop that moves time: undefined when it may go on, else it waits. Rejects when the disk will not have it. */
  hold(): Promise<void> | undefined;
  /** For quiet moments. */
  nowAndThen(): void;
}

const saveEveryMs = 5_000;

export const saver = (state: CityState, run: Pick<Run, 'state' | 'mustSave'>): Saver => {
  let saving: Promise<void> | undefined;
  let savedAt = performance.now();
  const save = (): Promise<void> => {
    saving ??= state.save(run.state({ clean: false })).then((saved) => {
      saving = undefined;
      savedAt = performance.now();
      must(saved);
    });
    return saving;
  };
  return {
    hold: () => (run.mustSave ? save() : undefined),
    nowAndThen() {
      // A disk that refuses is told by `hold`, before a counter could be used twice.
      if (performance.now() - savedAt >= saveEveryMs) save().catch(() => undefined);
    },
  };
};
