import { z } from 'zod';
import { cayenne, lppTypes } from '../../src/codec/cayenne.js';
import { defineSensor } from '../../src/codec/define.js';
import type { Example } from '../../src/codec/sensor.js';
import known from './generic-cayenne.examples.json' with { type: 'json' };
import { lppReadings } from './generic/lpp.js';

const channel = z.int().min(0).max(255).describe('Channel of the item');
const type = z
  .enum(
    Object.values(lppTypes)
      .filter(({ numbers }) => numbers.length === 1)
      .map(({ name }) => name),
  )
  .describe('Name of its type, such as presence or digitalIn');
const which = z
  .strictObject({ channel: channel.optional(), type: type.optional() })
  .refine((one) => one.channel !== undefined || one.type !== undefined, { error: 'name a channel, a type, or both' });
const where = z.strictObject({ channel });

/**
 * Cayenne LPP of anybody's own firmware (RAK, Heltec and others), on any port and any channel.
 *
 * What says that a car is there: the option `occupied` (channel, type or both); without it the first type that the frame
 * has of presence (66), digitalIn (00) and switch (8e), on the channel that comes first with this type. Anything but zero
 * is a car, with `invert: true` zero is. Several items of it are several moments, the newest last.
 * A voltage (74) is the battery in volts and a percentage (78) its level, whatever their channel; an analogIn (02) is the
 * battery only where the option `battery` names its channel. Temperature, humidity and distance are found by their type.
 * A unixTime (85) belongs to the status behind it. There is no type for a counter: the option `count` names one.
 *
 * Types, bytes and scales are those of myDevices' list and its community extensions (from 100 on; ElectronicCats). Type
 * f0, polyline, says its length in its first byte; one that is cut short or has a reserved factor ends what is understood,
 * and with what follows it is the `rest`.
 * The smallest frame is three bytes: `01 66 01`, channel 1, presence, a car.
 */
export default defineSensor({
  id: 'generic-cayenne',
  vendor: '(generic)',
  model: 'Cayenne LPP',
  source: 'myDevicesIoT/cayenne-docs docs/LORA.md, ElectronicCats/CayenneLPP',
  // The examples of RAK and Heltec send on port 2; the content is the same on every port.
  defaultFPort: 2,
  options: z.strictObject({
    occupied: which.optional().describe('The item that says whether a car is there'),
    invert: z.boolean().optional().describe('Zero means that a car is there'),
    battery: where.optional().describe('Channel of the battery: voltage, analogIn or percentage'),
    temperature: where.optional(),
    humidity: where.optional(),
    distance: where.optional(),
    count: which.optional().describe('The item that counts vehicles; without a type generic, digitalIn or analogIn'),
  }),
  ports: { any: { report: cayenne('any') } },
  toReadings: ({ items }, context) => lppReadings(items, context),
  // Every payload known to us; the same file lists those whose published decode we do not follow, and why.
  examples: known.examples as readonly Example[],
});
