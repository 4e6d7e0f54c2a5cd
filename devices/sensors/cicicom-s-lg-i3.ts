import { ascii, decimal, letter, rawBytes, restText, zeroOne } from '../../src/codec/ascii.js';
import { defineSensor } from '../../src/codec/define.js';
import { whole } from '../../src/base/dice.js';

const batteryV = decimal({ before: 1, after: 2, unit: 'V' });
// Published are +30.0 and +22.0 only; how +5 or -12 °C is padded is not, so one to three digits are read and two written.
const temperatureC = decimal({ before: 2, after: 1, signed: true, loose: true, unit: '°C' });
const firmware = restText(
  /^V\d+\.\d+\.\d+$/,
  'a version such as V1.4.0',
  (dice) => `V${whole(dice, 0, 9)}.${whole(dice, 0, 9)}.${whole(dice, 0, 99)}`,
);

const published =
  'actility/device-catalog PR #127, vendor comment of 2024-04-09 (bytes and label published; field split read off the ASCII)';

/**
 * Cicicom S-LG-I3: payloads are ASCII. The source names no port: every port is taken, and port 2 is assumed to send on.
 * `R` and `Q` both start a boot message; the difference is not published, so the letter is kept.
 */
export default defineSensor({
  id: 'cicicom-s-lg-i3',
  vendor: 'Cicicom',
  model: 'S-LG-I3',
  source: 'actility/device-catalog PR #127',
  defaultFPort: 2,
  ports: {
    any: {
      boot: ascii({ letter: letter('R', 'Q'), occupied: zeroOne, batteryV, temperatureC, firmware }),
      change: ascii({ _letter: letter('C'), occupied: zeroOne }),
      keepAlive: ascii({ _letter: letter('K'), occupied: zeroOne, batteryV, temperatureC }),
      malfunction: ascii({ _letter: letter('E'), batteryV, status: rawBytes(3) }),
    },
  },
  toReadings(message) {
    switch (message.type) {
      case 'boot': {
        const { occupied, batteryV: v, temperatureC: t, firmware: f } = message;
        return [{ occupied, batteryV: v, temperatureC: t, firmware: f.slice(1), restart: 'power-on' }];
      }
      case 'change':
        return [{ occupied: message.occupied }];
      case 'keepAlive':
        return [{ occupied: message.occupied, batteryV: message.batteryV, temperatureC: message.temperatureC }];
      case 'malfunction':
        return [{ batteryV: message.batteryV, fault: `malfunction-${message.status}` }];
    }
  },
  examples: [
    {
      what: 'boot, occupied',
      fPort: 2,
      hex: '5231332e36362b33302e3056312e342e30',
      message: { type: 'boot', letter: 'R', occupied: true, batteryV: 3.66, temperatureC: 30, firmware: 'V1.4.0' },
      readings: [{ occupied: true, batteryV: 3.66, temperatureC: 30, firmware: '1.4.0', restart: 'power-on' }],
      source: published,
    },
    {
      what: 'a car came',
      fPort: 2,
      hex: '4331',
      message: { type: 'change', occupied: true },
      readings: [{ occupied: true }],
      source: published,
    },
    {
      what: 'keep-alive, free',
      fPort: 2,
      hex: '4b30332e35352b32322e30',
      message: { type: 'keepAlive', occupied: false, batteryV: 3.55, temperatureC: 22 },
      readings: [{ occupied: false, batteryV: 3.55, temperatureC: 22 }],
      source: published,
    },
    {
      what: 'keep-alive, occupied',
      fPort: 2,
      hex: '4b31332e35352b32322e30',
      message: { type: 'keepAlive', occupied: true, batteryV: 3.55, temperatureC: 22 },
      source: published,
    },
    {
      what: 'malfunction with three status bytes',
      fPort: 2,
      hex: '45332e3535112233',
      message: { type: 'malfunction', batteryV: 3.55, status: '112233' },
      readings: [{ batteryV: 3.55, fault: 'malfunction-112233' }],
      source: `${published}; expectation quoted there`,
    },
  ],
});
