import { dirname, join } from 'node:path';
import type { Problem } from '../base/problem.js';
import { failed, ok, type Result } from '../base/result.js';
import type { SensorModel } from '../codec/sensor.js';
import { readText } from '../io/disk.js';

/** The functions of payload codecs for The Things Stack, ChirpStack and their forerunners, however they are made. */
const entryPoints = /\b(decodeUplink|encodeDownlink|decodeDownlink|Decoder|Decode)\b/;
/** A file of ours has a default export. */
const defaultExport = /\bexport\s+default\b|\bas\s+default\b/;

/** Whether a file is somebody else's payload codec and no file of ours: then it must not be loaded with our rights. */
export const looksForeign = async (path: string): Promise<boolean> => {
  const text = await readText(path);
  return text.ok && entryPoints.test(text.value) && !defaultExport.test(text.value);
};

/**
 * The sensor of a map `<id>.map.yaml`: the codec that it names runs in the sandbox, and the map says what its words mean.
 * Problems: those of the map with file, line and column (the first, and how many more there are), those of the codec with
 * the codec's own line.
 */
export const openForeign = async (id: string, path: string): Promise<Result<SensorModel>> => {
  const text = await readText(path);
  if (!text.ok) return text;
  // YAML, zod and the sandbox: only for those who have such a codec.
  const { readDocument, readAs } = await import('../config/document.js');
  const { codecMapSchema } = await import('../config/codec-map.js');
  const document = readDocument(text.value, path);
  if (!document.ok) return document;
  const map = readAs(document.value, codecMapSchema);
  if (!map.ok) return failed(map.problems[0]!);
  const { codec, fPort, fPorts, reading, readings, personal, ...said } = map.value;
  const file = join(dirname(path), codec);
  const source = await readText(file);
  if (!source.ok) return failed(at(source.problem, document.value.at(['codec'])));
  const { openSandbox } = await import('../io/sandbox.js');
  const engine = await openSandbox({ source: source.value, file });
  if (!engine.ok) return failed(at(engine.problem, { file, line: 1, column: 1 }));
  const { foreignSensor } = await import('../codec/ts013.js');
  return ok(
    foreignSensor({
      ...said,
      id,
      defaultFPort: fPort,
      ...(fPorts && { fPorts }),
      map: { reading, ...(readings && { readings }), ...(personal && { personal }) },
      engine: engine.value,
      placeOfRule: document.value.at,
    }),
  );
};

const at = (what: Problem, place: NonNullable<Problem['at']>): Problem => ({ ...what, at: what.at ?? place });
