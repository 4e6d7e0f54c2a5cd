import { z } from 'zod';
import { placed, problem, type Problem } from '../base/problem.js';
import { nearest } from '../base/nearest.js';
import type { Result } from '../base/result.js';
import type { SensorModel } from '../codec/sensor.js';
import type { SinkKind } from '../sinks/define.js';
import type { SourceKind } from '../sources/define.js';
import { carry } from './document.js';
import { lotSchema } from './lots.js';
import { networkSchema } from './network.js';
import { outboxSchema } from './outbox.js';
import { privacySchema } from './privacy.js';
import { logSchema, watchSchema } from './watch.js';
import { devAddr, eui, name } from './pieces.js';

/** What a configuration needs of the catalogue: models by their ids, and every source and sink with its schema. */
export interface ConfigShelves {
  ids(room: 'sensors'): Promise<readonly string[]>;
  load(room: 'sensors', id: string): Promise<Result<SensorModel>>;
  all<R extends 'sources' | 'sinks'>(
    room: R,
  ): Promise<readonly { readonly entry: Result<{ sources: SourceKind; sinks: SinkKind }[R]> }[]>;
}

/** The sources and sinks of a catalogue, whose own schemas become part of the configuration's. */
export interface ConfigParts {
  readonly sources: readonly SourceKind[];
  readonly sinks: readonly SinkKind[];
  readonly sensorIds: readonly string[];
}

/** Reads the parts that a configuration may name; a catalogue file that is wrong is left out here and told by `ls`. */
export const configParts = async (catalogue: ConfigShelves): Promise<ConfigParts> => {
  const good = <T>(all: readonly { readonly entry: { ok: true; value: T } | { ok: false; problem: Problem } }[]): T[] =>
    all.flatMap(({ entry }) => (entry.ok ? [entry.value] : []));
  return {
    sources: good(await catalogue.all('sources')),
    sinks: good(await catalogue.all('sinks')),
    sensorIds: await catalogue.ids('sensors'),
  };
};

const key = z.string().min(1).describe('AES-128 key: 32 hexadecimal digits, or env:NAME, or file:PATH');

const counter = z.int().min(0).max(0xffff_ffff);
const otaa = z.strictObject({ joinEui: eui.optional().describe('Checked when given'), appKey: key });
const abp = z.strictObject({
  devAddr: devAddr.describe('8 hexadecimal digits'),
  nwkSKey: key,
  appSKey: key,
  fCntUp: counter.optional().describe('Uplink counter to begin with, for a device that comes from another network'),
  fCntDown: counter.optional().describe('Downlink counter to begin with'),
});

const millimetres = z.int().min(1).max(20_000);
/** How a distance sensor hangs over its bay. */
export const mountingSchema = z
  .strictObject({
    heightMm: millimetres.describe('Millimetres from the sensor to the ground'),
    thresholdMm: millimetres.default(500).describe('Something higher than this is a car'),
    hysteresisMm: z
      .int()
      .min(0)
      .max(5_000)
      .default(200)
      .describe('Around the threshold, where the bay stays what it was'),
  })
  .superRefine(({ heightMm, thresholdMm, hysteresisMm }, context) => {
    if (thresholdMm + hysteresisMm / 2 < heightMm && hysteresisMm / 2 < thresholdMm) return;
    context.addIssue(carry(problem('config-mounting', { heightMm, thresholdMm, hysteresisMm })));
  });

/** One device of a devices file. */
export const deviceSchema = (sensorIds: readonly string[]) =>
  z
    .strictObject({
      devEui: eui.describe('16 hexadecimal digits'),
      name: name.optional().describe('What people call it; default: the bay'),
      bay: name.optional().describe('Bay that it watches; default: its DevEUI'),
      lot: name.default('default').describe('Lot that the bay belongs to'),
      model: z
        .string()
        .superRefine((id, context) => {
          if (sensorIds.includes(id)) return;
          const facts = { id, near: nearest(id, sensorIds).join(', ') };
          context.addIssue({
            code: 'custom',
            message: id,
            params: { problem: problem('config-unknown-model', facts) },
          });
        })
        .describe('Sensor model: stellwerk ls models'),
      lorawan: z.enum(['1.0.2', '1.0.3', '1.0.4']).default('1.0.3').describe('Decides how join nonces are checked'),
      class: z.enum(['A', 'C']).default('A').describe('When it listens: A after its uplinks, C always'),
      counters: z
        .enum(['strict', 'may-reset'])
        .default('strict')
        .describe(
          '`may-reset`: a personalised device that forgets its counters; weakens the protection against replays',
        ),
      adr: z
        .boolean()
        .default(true)
        .describe('Whether the network may set data rate and power of a device that asks for it'),
      heartbeatS: z
        .int()
        .min(10)
        .max(30 * 86_400)
        .optional()
        .describe(
          'Seconds between two signs of life; default: what the model says, else a day; twice as long and an hour, and its bay is lost',
        ),
      debounceS: z
        .number()
        .min(0)
        .max(600)
        .default(0)
        .describe('Seconds for which a change has to hold before it is told'),
      singleUser: z
        .boolean()
        .default(false)
        .describe("One person's own bay: nothing about it leaves but as part of a lot of at least five"),
      otaa: otaa.optional().describe('Keys of a device that joins'),
      abp: abp.optional().describe('Keys of a personalised device'),
      options: z.record(z.string(), z.unknown()).optional().describe('Options of the model: stellwerk ls models MODEL'),
      mounting: z
        .union([mountingSchema, z.array(mountingSchema).min(1).max(8)])
        .optional()
        .describe('How a distance sensor hangs over its bay; a list has one for each head'),
    })
    .superRefine((device, context) => {
      if ((device.otaa === undefined) === (device.abp === undefined))
        context.addIssue({ code: 'custom', message: 'keys', params: { problem: problem('config-one-activation') } });
    });
export type DeviceConfig = z.infer<ReturnType<typeof deviceSchema>>;

const union = <K extends { readonly config: z.ZodType }>(kinds: readonly K[]) =>
  z.discriminatedUnion('type', kinds.map((kind) => kind.config) as never) as z.ZodType<{ readonly type: string }>;

/** The configuration of `stellwerk gateway`. */
export const gatewaySchema = ({ sources, sinks, sensorIds }: ConfigParts) =>
  z.strictObject({
    name: name.default('stellwerk').describe('Names this gateway in topics and logs'),
    simulation: z
      .boolean()
      .default(false)
      .describe('Everything that comes in is simulated: events say so, and simulated keys are taken'),
    region: z.literal('EU868').default('EU868').describe('LoRaWAN region'),
    network: networkSchema.prefault({}).describe('How the embedded network treats devices and air'),
    netId: z
      .string()
      .regex(/^[0-9a-fA-F]{6}$/, 'expected are 6 hexadecimal digits')
      .default('000000')
      .describe('NetID of this network'),
    gateways: z.array(eui).optional().describe('EUIs of the gateways that may speak; needed beyond loopback'),
    devices: z
      .union([z.string(), z.array(deviceSchema(sensorIds))])
      .describe('The devices, or a YAML or JSON file that lists them (its path starts at this file)'),
    sources: z.array(union(sources)).min(1).describe('Where frames come from'),
    sinks: z.array(union(sinks)).min(1).describe('Where events go'),
    lots: z.array(lotSchema).default([]).describe('What is known of lots beside their bays'),
    privacy: privacySchema.prefault({}).describe('What may become of personal data'),
    state: z
      .string()
      .optional()
      .describe('Folder that keeps nonces, counters, sessions, bays and events on their way over restarts'),
    outbox: outboxSchema.prefault({}).describe('Events that wait for sinks; on disk when there is a state folder'),
    watch: watchSchema.optional().describe('A port for those who watch over the gateway; absent: none'),
    log: logSchema.prefault({}).describe('What is logged'),
    control: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Socket for stellwerk status, downlink and why: a path, or off; default: in the state folder, else in a folder of the user',
      ),
  });
export type GatewayConfig = z.infer<ReturnType<typeof gatewaySchema>>;

/** Problems that only show when devices stand side by side: each DevEUI once, each bay once. */
export const twiceIn = (
  devices: readonly DeviceConfig[],
  at: (index: number, key: string) => Problem['at'],
): readonly Problem[] =>
  (['devEui', 'bay'] as const).flatMap((field) => {
    const first = new Map<string, number>();
    return devices.flatMap((device, index) => {
      const value = device[field];
      if (value === undefined) return [];
      const earlier = first.get(value);
      if (earlier === undefined) {
        first.set(value, index);
        return [];
      }
      const other = at(earlier, field);
      const twice = problem('config-device-twice', { field, value, other: other ? `${other.file}:${other.line}` : '' });
      const here = at(index, field);
      return [here ? placed(twice, here) : twice];
    });
  });
