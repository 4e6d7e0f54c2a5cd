import { z } from 'zod';
import { defineSensor } from '../../src/codec/define.js';
import { layout } from '../../src/codec/layout.js';
import {
  constant,
  flag,
  inUnit,
  int,
  littleEndian,
  oneOf,
  optional,
  spare,
  uint,
  version,
  zeroOne,
} from '../../src/codec/parts.js';
import type { Example } from '../../src/codec/sensor.js';
import known from './bosch-tps110.examples.json' with { type: 'json' };
import { debugRecord, opaqueRecord, readingsOf } from './bosch/debug.js';
import { causeOf, startup, startupOpaque } from './bosch/startup.js';
import { urn } from './bosch/urn.js';

const seconds = inUnit(uint(32), 's');
const celsius = inUnit(int(8), '°C');

const usage = (id: number) => ({ _id: constant(8, id) });
const usageIds = {
  statusChanges: 0,
  secondsOccupied: 1,
  framesByDataRate: 2,
  radarTriggers: 3,
  secondsSinceRestart: 4,
  resets: 5,
  secondsSinceInstallation: 6,
} as const;

/** Types that a firmware has (true) or has not (false), where firmwares differ. */
const only023: Readonly<Record<string, boolean>> = {
  startup: false,
  debug: false,
  setConfirmation: false,
  debugOpaque: true,
  setConfirmationOnOff: true,
};

/**
 * Bosch TPS110 (Parking Lot Sensor), firmware 0.23 to 0.39. A start-up message shows its firmware; a debug record does not,
 * so records of 0.23 are taken as opaque when the device's `firmware` option says so, else the newest layout that fits is
 * taken. Heartbeats have a temperature from 0.29 on.
 * Firmware numbers are major first: all captures and four of six public decoders agree; the two others follow the bit
 * notation of Bosch's PDF and print 2.29.0. Resets by request are counted low byte first, as the 0.39.2 codec has it.
 * Downlink port 60 (temperature thresholds) has no public layout and is left out.
 */
export default defineSensor({
  id: 'bosch-tps110',
  vendor: 'Bosch',
  model: 'TPS110',
  // Heartbeats every 24 h by default (PLS communication interface 0.23.3, port 2).
  heartbeatS: 24 * 3600,
  source:
    'TheThingsNetwork/lorawan-devices vendor/bosch (0.29.2 and 0.39.2 codecs), Bosch communication interface 0.23.3',
  defaultFPort: 1,
  options: z.strictObject({
    firmware: z
      .enum(['0.23', '0.29', '0.39'])
      .optional()
      .describe('Firmware of the sensor; 0.23 has debug records of its own; default: the newest that fits'),
  }),
  only: (type, { firmware }) =>
    firmware === '0.23' ? only023[type] !== false : type === 'startupOpaque' || only023[type] !== true,
  ports: {
    1: { status: layout({ _spare: spare(7), occupied: flag }) },
    2: { heartbeat: layout({ _spare: spare(7), occupied: flag, temperatureC: optional(celsius) }) },
    3: { startup, startupOpaque },
    4: { firmware: layout({ firmware: version }), urn },
    5: {
      usageStatusChanges: layout({ ...usage(usageIds.statusChanges), statusChanges: uint(32) }),
      usageOccupied: layout({ ...usage(usageIds.secondsOccupied), occupiedS: seconds }),
      usageFrames: layout({
        ...usage(usageIds.framesByDataRate),
        dr0: uint(24),
        dr1: uint(24),
        dr2: uint(24),
        dr3: uint(24),
        dr4: uint(24),
        dr5: uint(24),
      }),
      usageRadar: layout({ ...usage(usageIds.radarTriggers), radarTriggers: uint(32) }),
      usageSinceRestart: layout({ ...usage(usageIds.secondsSinceRestart), sinceRestartS: seconds }),
      usageResets: layout({
        ...usage(usageIds.resets),
        brownout: uint(8),
        lockup: uint(8),
        externalPin: uint(8),
        powerOn: uint(8),
        watchdog: uint(8),
        request: littleEndian(uint(16)),
      }),
      usageSinceInstallation: layout({ ...usage(usageIds.secondsSinceInstallation), sinceInstallationS: seconds }),
    },
    6: { debug: layout(debugRecord), debugOpaque: layout(opaqueRecord) },
    7: { temperatureAlert: layout({ temperatureC: celsius }) },
  },
  downlinks: {
    51: {
      setConfirmation: layout({
        mode: oneOf(8, ['confirmed', 'unconfirmed-1', 'unconfirmed-2', 'unconfirmed-3', 'unconfirmed-4']),
      }),
      // Firmware 0.23 knows no number of transmissions.
      setConfirmationOnOff: layout({ mode: oneOf(8, ['confirmed', 'unconfirmed']) }),
    },
    52: { setDataRate: layout({ dataRate: oneOf(8, ['dr0', 'dr1', 'dr2', 'dr3', 'dr4', 'dr5']) }) },
    53: { setHeartbeat: layout({ interval: oneOf(8, ['short', 'normal', 'long', 'test']) }) },
    54: { requestInfo: layout({ what: oneOf(8, ['urn', 'firmware']) }) },
    55: { requestUsage: layout({ what: oneOf(8, usageIds) }) },
    56: { setDebug: layout({ transmissions: oneOf(8, ['off', '1', '2', '3', '4']) }) },
    57: { setTemperature: layout({ mode: oneOf(8, ['off', 'periodic', 'threshold']) }) },
    58: { setAdr: layout({ adr: { ...zeroOne, takes: '0 (off) or 1 (on)' } }) },
    59: { setAdrOffset: layout({ offset: oneOf(8, ['0', '1', '2', '3', '4', '5']) }) },
  },
  toReadings(message) {
    switch (message.type) {
      case 'status':
        return [{ occupied: message.occupied }];
      case 'heartbeat': {
        const { occupied, temperatureC } = message;
        return [{ occupied, ...(temperatureC !== undefined && { temperatureC }) }];
      }
      case 'startup':
      case 'startupOpaque':
        return [{ occupied: message.occupied, firmware: message.firmware, restart: causeOf(message.resetCause) }];
      case 'firmware':
        return [{ firmware: message.firmware }];
      case 'temperatureAlert':
        return [{ temperatureC: message.temperatureC, fault: 'temperature-alert' }];
      case 'debug':
        return readingsOf(message.code);
      default:
        return [];
    }
  },
  // Every payload known to us; the same file lists those whose published decode we do not follow, and why.
  examples: known.examples as readonly Example[],
});
