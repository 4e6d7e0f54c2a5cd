import { fail } from '../base/problem.js';
import type { Result } from '../base/result.js';
import type { SensorModel } from '../codec/sensor.js';
import { readText } from '../io/disk.js';

/** How payload codecs for The Things Stack, ChirpStack and their forerunners begin. */
const entryPoints = /\bfunction\s+(decodeUplink|Decoder|Decode)\s*\(|\b(decodeUplink|Decoder)\s*=\s*(function|\()/;

/** Whether a file is somebody else's payload codec and no file of ours: then it must not be loaded with our rights. */
export const looksForeign = async (path: string): Promise<boolean> => {
  const text = await readText(path);
  return text.ok && entryPoints.test(text.value) && !/^\s*export\s/m.test(text.value);
};

export const openForeign = (id: string, path: string): Promise<Result<SensorModel>> =>
  Promise.resolve(fail('file-unreadable', { file: path, why: id }));
