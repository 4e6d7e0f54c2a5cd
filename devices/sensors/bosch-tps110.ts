import { z } from 'zod';
import { defineSensor } from '../../src/codec/define.js';
import { layout } from '../../src/codec/layout.js';
import { reshape } from '../../src/codec/reshape.js';
import {
  constant,
  flag,
  hexBytes,
  inUnit,
  int,
  littleEndian,
  oneOf,
  oneOfOrUnknown,
  optional,
  spare,
  uint,
  version,
} from '../../src/codec/parts.js';
import type { Example, RestartCause } from '../../src/codec/sensor.js';
import known from './bosch-tps110.examples.json' with { type: 'json' };

const seconds = inUnit(uint(32), 's');
const celsius = inUnit(int(8), '°C');

/**
 * A record of the sensor's own log. Uptime is little-endian: only so do the captures make sense, although the public
 * decoders read it the other way round. Below firmware 0.29 the record looks different; its fields are then opaque.
 */
const debugRecord = {
  uptimeS: littleEndian(seconds),
  line: hexBytes(2),
  severity: uint(4),
  code: uint(12),
  sequence: uint(16),
} as const;

const resetCauses = {
  watchdog: 1,
  'power-on': 2,
  request: 3,
  'external-pin': 4,
  lockup: 5,
  brownout: 6,
  other: 7,
} as const satisfies Partial<Record<RestartCause, number>>;

/** Bytes 0-2 and 6-10 of the URN are the DevEUI; the product class stands in two pieces around the variant. */
const urn = reshape(
  layout({
    oui: hexBytes(3),
    classLow: uint(4),
    variant: uint(4),
    classHigh: uint(8),
    region: oneOfOrUnknown(8, { eu868: 0, as923: 1 }),
    serial: hexBytes(5),
  }),
  {
    to: ({ oui, classLow, classHigh, serial, variant, region }) => ({
      devEui: oui + serial,
      productClass: classHigh * 16 + classLow,
      variant,
      region,
    }),
    from: ({ devEui, productClass, variant, region }) =>
      /^[0-9a-f]{16}$/.test(devEui) && Number.isInteger(productClass) && productClass >= 0 && productClass < 4096
        ? {
            oui: devEui.slice(0, 6),
            classLow: productClass & 15,
            variant,
            classHigh: productClass >> 4,
            region,
            serial: devEui.slice(6),
          }
        : undefined,
    takes: 'devEui (16 hexadecimal digits), productClass (0 to 4095), variant and region',
  },
);

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

/** Debug codes that say trouble; the rest are notes (public table of the 0.39.2 codec). */
const faults: Readonly<Record<number, string>> = {
  201: 'join-failed',
  720: 'join-failed',
  404: 'recalibrating',
  717: 'uplink-unacknowledged',
  729: 'uplink-unacknowledged',
  1001: 'user-configuration-recovered',
  1003: 'communication-parameters-recovered',
};

const causeOf = (cause: string): RestartCause => (cause in resetCauses ? (cause as RestartCause) : 'other');

/**
 * Bosch TPS110 (Parking Lot Sensor), firmware 0.23 to 0.39. Firmware numbers are major first: all captures and four of
 * six public decoders agree; the two others follow the bit notation of Bosch's PDF and print 2.29.0.
 * Downlink port 60 (temperature thresholds) has no public layout and is left out.
 */
export default defineSensor({
  id: 'bosch-tps110',
  vendor: 'Bosch',
  model: 'TPS110',
  source:
    'TheThingsNetwork/lorawan-devices vendor/bosch (0.29.2 and 0.39.2 codecs), Bosch communication interface 0.23.3',
  defaultFPort: 1,
  options: z.strictObject({}),
  ports: {
    1: { status: layout({ _spare: spare(7), occupied: flag }) },
    2: { heartbeat: layout({ _spare: spare(7), occupied: flag, temperatureC: optional(celsius) }) },
    3: {
      startup: layout({
        ...debugRecord,
        _reserved: spare(16),
        firmware: version,
        resetCause: oneOfOrUnknown(8, resetCauses),
        _spare: spare(7),
        occupied: flag,
      }),
    },
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
    6: { debug: layout(debugRecord) },
    7: { temperatureAlert: layout({ temperatureC: celsius }) },
  },
  downlinks: {
    51: {
      setConfirmation: layout({
        mode: oneOf(8, ['confirmed', 'unconfirmed-1', 'unconfirmed-2', 'unconfirmed-3', 'unconfirmed-4']),
      }),
    },
    52: { setDataRate: layout({ dataRate: oneOf(8, ['dr0', 'dr1', 'dr2', 'dr3', 'dr4', 'dr5']) }) },
    53: { setHeartbeat: layout({ interval: oneOf(8, ['short', 'normal', 'long', 'test']) }) },
    54: { requestInfo: layout({ what: oneOf(8, ['urn', 'firmware']) }) },
    55: { requestUsage: layout({ what: oneOf(8, usageIds) }) },
    56: { setDebug: layout({ transmissions: oneOf(8, ['off', '1', '2', '3', '4']) }) },
    57: { setTemperature: layout({ mode: oneOf(8, ['off', 'periodic', 'threshold']) }) },
    58: { setAdr: layout({ _spare: spare(7), adr: flag }) },
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
        return [{ occupied: message.occupied, firmware: message.firmware, restart: causeOf(message.resetCause) }];
      case 'firmware':
        return [{ firmware: message.firmware }];
      case 'temperatureAlert':
        return [{ temperatureC: message.temperatureC, fault: 'temperature-alert' }];
      case 'debug': {
        const fault = faults[message.code];
        return fault ? [{ fault }] : [];
      }
      default:
        return [];
    }
  },
  // Every payload known to us; the same file lists those whose published decode we do not follow, and why.
  examples: known.examples as readonly Example[],
});
