import { whole } from '../../../src/base/dice.js';
import { defineSensor } from '../../../src/codec/define.js';
import { layout } from '../../../src/codec/layout.js';
import {
  constant,
  flag,
  inUnit,
  oneOfOrUnknown,
  scaled,
  spare,
  uint,
  zeroOne,
  type Part,
} from '../../../src/codec/parts.js';
import type { Example, SensorModel } from '../../../src/codec/sensor.js';

/** A byte that says which frame this is, and what the frames of its place are called. */
const mark = (value: number, takes: string): Part<number> => ({ ...constant(8, value), takes });

const reports = '0 (versions) or 1 (status)';
const report = (number: number): Part<number> => mark(number, reports);
const answer = (number: number): Part<number> => mark(number, '129 (configuration set) or 130 (configuration read)');
const request = (number: number): Part<number> => mark(number, '1 (set the configuration) or 2 (read it)');

/** Another number is no state of a bay. */
const car: Part<boolean> = { ...zeroOne, takes: '0 (no car) or 1 (car)' };

/**
 * Four bytes of which each half is a digit of YYYYMMDD. Digits above 9 are shown as they are, since a date that was never
 * set should not cost the versions beside it; only digits from 0 to 9 are written.
 */
const dateCode: Part<string> = {
  bits: 32,
  read: (raw) => raw.toString(16).padStart(8, '0'),
  write: (value) => (typeof value === 'string' && /^\d{8}$/.test(value) ? Number.parseInt(value, 16) : undefined),
  show: String,
  sample: (dice) => String(whole(dice, 2015, 2035) * 10_000 + whole(dice, 1, 12) * 100 + whole(dice, 1, 28)),
  takes: 'eight decimal digits YYYYMMDD',
};

const tenthVolts = (bits: number): Part<number> => scaled(uint(bits), { factor: 0.1, unit: 'V' });
const seconds = inUnit(uint(16), 's');

/** What a R719 can be told, and tells when asked. */
const configuration = {
  minTimeS: seconds,
  maxTimeS: seconds,
  batteryChangeV: tenthVolts(8),
  _reserved: spare(32),
} as const;

/**
 * The frames of Netvox's R719 parking sensors: eleven bytes each; the models differ in their device type alone, and a
 * frame of another device type is a problem. Minimum and maximum time are seconds: Netvox's examples for its whole family
 * write 5 minutes as 012C, and 0384 is decoded as 900. Whether the minimum may exceed the maximum is the sensor's to
 * judge, which answers a configuration that it refuses; the format itself holds any two numbers of 16 bits.
 * The version report is published as the one of the start-up: a restart whose cause it does not tell.
 */
export const r719 = (what: {
  readonly id: string;
  readonly model: string;
  readonly deviceType: number;
  readonly examples: readonly Example[];
}): SensorModel => {
  const { id, model, deviceType, examples } = what;
  const _deviceType = mark(deviceType, `${deviceType} (0x${deviceType.toString(16)}, ${model})`);
  const head = { _version: mark(1, 'always 1'), _deviceType } as const;
  return defineSensor({
    id,
    vendor: 'Netvox',
    model,
    source: 'TheThingsNetwork/lorawan-devices vendor/netvox (r719a.js, r719a-codec.yaml)',
    defaultFPort: 6,
    ports: {
      6: {
        versions: layout({
          ...head,
          _report: report(0),
          softwareVersion: scaled(uint(8), { factor: 0.1, unit: 'version' }),
          hardwareVersion: uint(8),
          dateCode,
          _reserved: spare(16),
        }),
        status: layout({
          ...head,
          _report: report(1),
          batteryLow: flag,
          batteryV: tenthVolts(7),
          occupied: car,
          _reserved: spare(48),
        }),
      },
      7: {
        configurationSet: layout({
          _command: answer(0x81),
          _deviceType,
          status: oneOfOrUnknown(8, { success: 0, failure: 1 }),
          _reserved: spare(48),
          _more: spare(16),
        }),
        configuration: layout({ _command: answer(0x82), _deviceType, ...configuration }),
      },
    },
    downlinks: {
      7: {
        setConfiguration: layout({ _command: request(0x01), _deviceType, ...configuration }),
        requestConfiguration: layout({ _command: request(0x02), _deviceType, _reserved: spare(48), _more: spare(24) }),
      },
    },
    toReadings(message) {
      switch (message.type) {
        case 'versions':
          return [{ firmware: message.softwareVersion.toFixed(1), restart: 'other' }];
        case 'status': {
          const { occupied, batteryV, batteryLow } = message;
          return [{ occupied, batteryV, batteryLow }];
        }
        default:
          return [];
      }
    },
    examples,
  });
};
