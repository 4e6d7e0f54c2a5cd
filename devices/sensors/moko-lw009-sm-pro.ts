import { ageOf } from '../../src/codec/age.js';
import { defineSensor } from '../../src/codec/define.js';
import { layout } from '../../src/codec/layout.js';
import { withList } from '../../src/codec/list.js';
import { hexBytes, inUnit, int, oneOfOrUnknown, personal, scaled, uint, yesIsOne } from '../../src/codec/parts.js';
import type { Example, Reading } from '../../src/codec/sensor.js';
import { celsiusOrNone, unixSeconds } from './moko/parts.js';
import known from './moko-lw009-sm-pro.examples.json' with { type: 'json' };

/** In front of every message. */
const head = {
  lowPower: yesIsOne,
  batteryV: scaled(uint(16), { factor: 0.001, unit: 'V' }),
  timeS: unixSeconds,
  timezoneH: scaled(int(8), { factor: 0.5, unit: 'h' }),
  temperatureC: celsiusOrNone,
} as const;

const parking = {
  ...head,
  mode: oneOfOrUnknown(8, { magnetic: 0, radar: 1, both: 2 }),
  occupied: yesIsOne,
  info: oneOfOrUnknown(8, {
    heartbeat: 0,
    empty: 1,
    occupied: 2,
    'magnetic-interference': 3,
    'magnetometer-broken': 4,
    'radar-broken': 5,
  }),
  radar: uint(16),
  x: int(16),
  y: int(16),
  z: int(16),
  /** When the bay last changed. */
  parkingTimeS: unixSeconds,
} as const;

/** What a person's telephone or key ring sends; the sensor listens for it while a car parks. */
const beacon = { mac: personal(hexBytes(6)), rssiDbm: inUnit(int(8), 'dBm'), timeS: unixSeconds } as const;

const faults: Readonly<Record<string, string>> = {
  'magnetic-interference': 'magnetic-interference',
  'magnetometer-broken': 'magnetometer-failed',
  'radar-broken': 'radar-failed',
};

/**
 * MOKOSmart LW009-SM PRO: one message per port behind a common head. The zone counts half hours and is only for people:
 * the times are UTC. Decided against some of the vendor's codecs, all in one repository:
 * - The axes are in two's complement, as in the LW009-SM. The codec prints them as hexadecimal words and takes no side, but
 *   a payload that it quotes has 0CD5 beside F04F, which are of one size only so.
 * - Lengths are those of its newer codecs; older ones expect others on ports 1 and 4 to 6 than their own branches read.
 * - On port 3 one stored version counts the info from 1 on; all others, and the vectors, read it as on port 2.
 */
export default defineSensor({
  id: 'moko-lw009-sm-pro',
  vendor: 'MOKOSmart',
  model: 'LW009-SM PRO',
  source: 'LoRaWAN-Product-Decoder/MOKOSMART-LoRaWAN-Product-Decoder LW009-SM PRO (vendor codecs)',
  defaultFPort: 2,
  ports: {
    1: { heartbeat: layout({ ...head, occupied: yesIsOne }) },
    2: { parking: layout(parking) },
    3: { parkingBeacons: withList({ head: parking, list: 'beacons', item: beacon, counted: true }) },
    4: { lowPower: layout(head) },
    5: { powerOff: layout({ ...head, by: oneOfOrUnknown(8, { bluetooth: 0, lorawan: 1 }) }) },
    6: {
      event: layout({
        ...head,
        event: oneOfOrUnknown(8, { 'downlink-trigger': 0, 'calibration-ok': 1, 'calibration-failed': 2 }),
      }),
    },
    7: { counter: layout({ ...head, detections: uint(32) }) },
  },
  toReadings(message, { heardUs }) {
    const { lowPower, batteryV, temperatureC } = message;
    const common: Reading = {
      batteryV,
      batteryLow: lowPower || message.type === 'lowPower',
      ...(temperatureC !== 'none' && { temperatureC }),
    };
    switch (message.type) {
      case 'heartbeat':
        return [{ occupied: message.occupied, ...common }];
      case 'parking':
      case 'parkingBeacons': {
        const { info, occupied, parkingTimeS } = message;
        // In a heartbeat or with a fault the time is that of an older change, and the state is that of now.
        const changed = info === 'empty' || info === 'occupied';
        const fault = faults[info] ?? (info.startsWith('unknown') ? `info-${info}` : undefined);
        return [
          { occupied, ...common, ...(changed && ageOf(parkingTimeS, heardUs)), ...(fault !== undefined && { fault }) },
        ];
      }
      case 'lowPower':
        return [common];
      case 'powerOff':
        return [{ ...common, fault: 'powered-off' }];
      case 'event':
        return [{ ...common, ...(message.event === 'calibration-failed' && { fault: 'calibration-failed' }) }];
      case 'counter':
        return [{ ...common, count: message.detections }];
    }
  },
  identifiers: (message) => (message.type === 'parkingBeacons' ? message.beacons.map(({ mac }) => mac) : []),
  examples: known.examples as readonly Example[],
});
