import { z } from 'zod';
import {
  fieldRules,
  readingKinds,
  touches,
  type ReadingField,
  type ReadingMap,
  type ReadingRules,
} from '../codec/reading-map.js';
import { restartCauses } from '../codec/sensor.js';
import { name } from './pieces.js';

const path = z
  .string()
  .max(200)
  .regex(/^[^.]+(\.[^.]+)*$/, 'expected is a path in the data, such as parking.status or heads.0.occupied')
  .refine(
    (text) => !text.split('.').some((step) => ['__proto__', 'constructor', 'prototype'].includes(step)),
    'a path leads through data, not through the language',
  );
const word = z.union([z.string(), z.number(), z.boolean()]);
const fPort = z.int().min(1).max(223);

const truth = z.union([path, z.strictObject({ from: path, is: z.union([word, z.array(word).min(1)]) })]);
const number = z.union([
  path,
  z.strictObject({ from: path, factor: z.number().optional(), offset: z.number().optional() }),
]);
const text = (ours: z.ZodType<string>) =>
  z.union([path, z.strictObject({ from: path, text: z.record(z.string(), ours) })]);
const faults = z.string().regex(/^[a-z0-9]+([-,][a-z0-9]+)*$/, 'expected are short words such as radar-failed');

const kinds = { truth, number, text: text(z.string().min(1)) };
const own: Readonly<Partial<Record<ReadingField, z.ZodType>>> = {
  // Not a bare path: in a YAML file 1 is the text 1 until a schema says otherwise.
  head: z.union([z.int().min(1).max(255), z.strictObject({ from: path })]),
  fault: text(faults),
  restart: text(z.enum(restartCauses)),
};
const rules = z.strictObject(
  Object.fromEntries(
    (Object.keys(readingKinds) as ReadingField[]).map((field) => [
      field,
      (own[field] ?? kinds[readingKinds[field]]).optional(),
    ]),
  ),
) as unknown as z.ZodType<ReadingRules>;

/** The file that lies beside a codec of LoRa Alliance TS013 and makes a sensor model of it. */
export const codecMapSchema = z
  .strictObject({
    vendor: name.describe('Who makes the sensor'),
    model: name.describe('What the vendor calls it'),
    source: z.string().min(1).max(300).describe('Where the codec is published'),
    codec: z
      .string()
      .regex(/^[^/\\]+\.js$/, 'expected is the name of a .js file that lies beside this one')
      .describe('The file of the codec, unchanged'),
    fPort: fPort.describe('Port of messages, when nothing else names one'),
    fPorts: z.array(fPort).min(1).optional().describe('Ports that uplinks come on; any when absent'),
    personal: z.array(path).optional().describe('Paths of what tells a person or their telephone apart'),
    reading: rules.describe('How each field of a reading follows from the data'),
    readings: z.array(rules).min(1).optional().describe('For several heads: what each adds to the reading'),
  })
  .superRefine((map, context) => {
    for (const { name: field, path: taken } of fieldRules(map satisfies ReadingMap))
      if (map.personal?.some((one) => touches(taken, one)))
        context.addIssue({
          code: 'custom',
          path: field.startsWith('readings.') ? ['readings', Number(field.split('.')[1])] : ['reading', field],
          message: `${taken} is personal, and nothing personal enters a reading`,
        });
  });

export type CodecMap = z.infer<typeof codecMapSchema>;
