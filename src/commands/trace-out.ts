import { must, StellwerkError } from '../base/problem.js';
import { traceEars } from '../city/trace-file.js';
import { truthEars, type TruthEars } from '../city/truth-file.js';
import type { SimulateSetup } from '../city/simulate.js';
import { openLines, removeFile } from '../io/disk.js';
import type { RunOut } from '../sim/run-types.js';
import { identity } from '../sim/identity.js';
import { writeRecord } from '../trace/json-lines.js';

/** A file that takes both sides of a simulation, and the ears that write into it. */
export interface TraceOut {
  readonly ears: Pick<SimulateSetup, 'outcome' | 'descent'> & { readonly truth: RunOut };
  /** Throws a StellwerkError when not all could be written. */
  close(): Promise<void>;
}

/** Begins a trace of the city of `seed`, anew. Throws a StellwerkError when the file cannot be written. */
export const openTrace = async (path: string, seed: string): Promise<TraceOut> => {
  if (path !== '-') must(await removeFile(path));
  const file = must(await openLines(path));
  const euis = new Map<string, string>();
  const devEuiOf = (bay: string): string => {
    const known = euis.get(bay) ?? identity(seed, bay).devEui;
    euis.set(bay, known);
    return known;
  };
  const ears = traceEars((record) => file.line(writeRecord(record)), devEuiOf);
  return {
    ears: { truth: ears, outcome: ears.outcome, descent: ears.descent },
    async close() {
      const closed = await file.close();
      if (!closed.ok) throw new StellwerkError(closed.problem);
    },
  };
};

/** A file that takes the truth of a simulation. */
export interface TruthOut extends TruthEars {
  close(): Promise<void>;
}

/** Begins a truth file, anew. Throws a StellwerkError when it cannot be written. */
export const openTruth = async (path: string): Promise<TruthOut> => {
  if (path !== '-') must(await removeFile(path));
  const file = must(await openLines(path));
  return {
    ...truthEars((record) => file.line(writeRecord(record))),
    async close() {
      const closed = await file.close();
      if (!closed.ok) throw new StellwerkError(closed.problem);
    },
  };
};
