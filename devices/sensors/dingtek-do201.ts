import { defineSensor } from '../../src/codec/define.js';
import { layout } from '../../src/codec/layout.js';
import { inUnit, uint } from '../../src/codec/parts.js';
import type { Example } from '../../src/codec/sensor.js';
import { newer, setter, shared } from './dingtek/commands.js';
import {
  climate,
  milligauss,
  minutes,
  parametersEnd,
  parametersHead,
  senses,
  telemetryHead,
  telemetryTail,
  unexplained,
} from './dingtek/frame.js';
import { readingOf } from './dingtek/reading.js';
import known from './dingtek-do201.examples.json' with { type: 'json' };

const kind = { model: 'DO201', type: 0x31 } as const;
const set = setter('9999', ['01', '02', '05', '08', '0F']);

/**
 * CNDingtek DO201: ultrasound, magnetometer, thermometer and hygrometer, frames of type 31. The temperature is a signed
 * byte for the vendor's decoder and for the table; that its published example then shows -117 °C at 3.53 V and 45 %
 * humidity is a doubt about that frame, not about the scale, and we read what the byte says. Bytes 13-14 of the
 * parameters are in no public document and kept as they are. The magnet threshold's unit is taken from the DO200.
 */
export default defineSensor({
  id: 'dingtek-do201',
  vendor: 'Dingtek',
  model: 'DO201',
  source: 'TheThingsNetwork/lorawan-devices vendor/dingtek (do201.js, do201-codec.yaml)',
  defaultFPort: 3,
  ports: {
    3: {
      telemetry: layout({
        ...telemetryHead(kind, 23),
        levelMm: inUnit(uint(16), 'mm'),
        ...senses,
        ...climate,
        ...telemetryTail,
      }),
      parameters: layout({
        ...parametersHead(kind, 16),
        detectionIntervalMin: minutes,
        levelThresholdCm: inUnit(uint(8), 'cm'),
        magnetThresholdMilligauss: milligauss,
        batteryThresholdPercent: inUnit(uint(8), '%'),
        bytes13to14: unexplained,
        ...parametersEnd,
      }),
    },
  },
  downlinks: {
    3: {
      setUploadInterval: set('uploadIntervalH', shared.uploadInterval),
      setLevelThreshold: set('levelThresholdCm', { key: '02', digits: 2, least: 15, most: 255, unit: 'cm' }),
      setBatteryThreshold: set('batteryThresholdPercent', shared.batteryThreshold),
      setDetectionInterval: set('detectionIntervalMin', newer.detectionInterval),
      setMagnetThreshold: set('magnetThresholdMilligauss', newer.magnetThreshold),
    },
  },
  toReadings(message) {
    if (message.type === 'parameters') return [{ firmware: message.firmware }];
    const { levelMm: distanceMm, temperatureC, humidityPercent } = message;
    return [{ ...readingOf(message), temperatureC, humidityPercent, distanceMm }];
  },
  examples: known.examples as readonly Example[],
});
