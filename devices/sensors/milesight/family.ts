import { z } from 'zod';
import { defineSensor } from '../../../src/codec/define.js';
import { hexBytes, inUnit, int, littleEndian, oneOfOrUnknown, scaled, uint } from '../../../src/codec/parts.js';
import type { Example, Reading, SensorModel } from '../../../src/codec/sensor.js';
import { tagged, type Tags } from '../../../src/codec/tagged.js';
import { firmwareVersion, hardwareVersion, mark, modelVersion, protocolVersion } from './parts.js';
import {
  commandsOf,
  em310Settings,
  em400MudSettings,
  em400UdlSettings,
  settingTags,
  type Settings,
} from './settings.js';

const batteryPercent = inUnit(uint(8), '%');
const temperatureC = scaled(littleEndian(int(16)), { factor: 0.1, unit: '°C' });
const distanceMm = inUnit(littleEndian(uint(16)), 'mm');
const position = oneOfOrUnknown(8, { normal: 0, tilt: 1 });
const alarm = oneOfOrUnknown(8, { released: 0, alarm: 1 });

const em400: Tags = {
  batteryPercent: ['0175', batteryPercent],
  temperatureC: ['0367', temperatureC],
  distanceMm: ['0482', distanceMm],
  position: ['0500', position],
  temperature: ['8367', { temperatureC, alarm }],
  distance: ['8482', { distanceMm, alarm }],
};
/** No thermometer, and so distance and position one channel earlier; its alarms are ordinary reports. */
const em310: Tags = {
  batteryPercent: ['0175', batteryPercent],
  distanceMm: ['0382', distanceMm],
  position: ['0400', position],
};

const deviceInfo: Tags = {
  powerOn: ['ff0b', mark(0xff)],
  protocol: ['ff01', protocolVersion],
  serial: ['ff16', hexBytes(8)],
  hardware: ['ff09', hardwareVersion],
  firmware: ['ff0a', firmwareVersion],
  loraClass: ['ff0f', oneOfOrUnknown(8, { A: 0, B: 1, C: 2, 'C-to-B': 3 })],
  thingModel: ['ffff', modelVersion],
  reset: ['fffe', mark(0xff)],
};

const models = {
  'em400-mud': { model: 'EM400-MUD', report: em400, settings: em400MudSettings },
  'em400-udl': { model: 'EM400-UDL', report: em400, settings: em400UdlSettings },
  'em310-udl': { model: 'EM310-UDL', report: em310, settings: em310Settings },
} as const satisfies Readonly<Record<string, { model: string; report: Tags; settings: Settings }>>;
/** One of the Milesight distance sensors that people hang over bays. */
export type MilesightModel = keyof typeof models;

/** What a model can be told to do, by the names of its answers. */
export const settingsOf = (model: MilesightModel): Settings => models[model].settings;

/** The fields of every message type of the family that a reading is made of. */
interface Told {
  readonly batteryPercent?: number;
  readonly temperatureC?: number;
  readonly distanceMm?: number;
  readonly position?: string;
  readonly temperature?: { readonly temperatureC: number; readonly alarm: string };
  readonly distance?: { readonly distanceMm: number; readonly alarm: string };
  readonly powerOn?: true;
  readonly reset?: true;
  readonly firmware?: string;
}

/** No model measures 0 mm or 65 m (its thresholds end at 10 m). No document says what these stand for: no echo is assumed. */
const noEcho = (mm: number): boolean => mm === 0 || mm === 0xffff;

const readingOf = (told: Told): Reading => {
  // A value with an alarm is the one that raised it, and newer than the one of the report that it travels with.
  const celsius = told.temperature?.temperatureC ?? told.temperatureC;
  const mm = told.distance?.distanceMm ?? told.distanceMm;
  const faults = [
    ...(told.temperature?.alarm === 'alarm' ? ['temperature-alarm'] : []),
    ...(mm !== undefined && noEcho(mm) ? ['no-echo'] : []),
  ];
  return {
    ...(told.batteryPercent !== undefined && told.batteryPercent <= 100 && { batteryPercent: told.batteryPercent }),
    ...(celsius !== undefined && { temperatureC: celsius }),
    ...(mm !== undefined && !noEcho(mm) && { distanceMm: mm }),
    ...(faults.length > 0 && { fault: faults.join(',') }),
    ...((told.position === 'tilt' || told.position === 'normal') && { tamper: told.position === 'tilt' }),
    ...(told.reset ? { restart: 'other' as const } : told.powerOn && { restart: 'power-on' as const }),
    ...(told.firmware !== undefined && { firmware: told.firmware }),
  };
};

/**
 * A Milesight distance sensor: values behind two-byte tags, lowest byte first. The first tag says what kind of message it
 * is; other values may follow. An `echo` is a command as it was sent (ff), an `answer` the same with fe in front.
 * The application port is a setting (85 unless somebody changed it; Actility's examples stand on 100): any is read, 85 written.
 *
 * Each model knows only the tags and commands of its own decoder and encoder; others are the rest, or an unknown item.
 * Where the two disagree: thresholds are millimetres, although the encoder of EM310-UDL multiplies by ten; they are unsigned.
 * None of them says occupied, not even in the parking mode: that is derived from the distance, and `distance.alarm` is kept.
 */
export const milesight = (name: MilesightModel, examples: readonly Example[]): SensorModel => {
  const { model, report, settings } = models[name];
  const commands = settingTags(settings, 'ff');
  return defineSensor({
    id: `milesight-${name}`,
    vendor: 'Milesight',
    model,
    source: `Milesight-IoT/SensorDecoders@e79c9d8 em-series/${name}, ${model} user guide (application port, device information)`,
    defaultFPort: 85,
    options: z.strictObject({}),
    ports: {
      any: {
        report: tagged(report, { also: { ...deviceInfo, ...commands } }),
        deviceInfo: tagged(deviceInfo, { also: { ...report, ...commands } }),
        echo: tagged(commands, { also: { ...report, ...deviceInfo } }),
        answer: tagged(settingTags(settings, 'fe'), { also: { ...report, ...deviceInfo } }),
      },
    },
    downlinks: { any: commandsOf(settings) },
    toReadings(message) {
      const reading = readingOf(message as Told);
      return Object.keys(reading).length > 0 ? [reading] : [];
    },
    examples,
  });
};
