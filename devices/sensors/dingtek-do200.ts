import { defineSensor } from '../../src/codec/define.js';
import { layout } from '../../src/codec/layout.js';
import { inUnit, uint } from '../../src/codec/parts.js';
import type { Example } from '../../src/codec/sensor.js';
import { setter, shared } from './dingtek/commands.js';
import {
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
import known from './dingtek-do200.examples.json' with { type: 'json' };

const kind = { model: 'DO200', type: 0x02 } as const;
const set = setter('8888', ['01', '02', '03', '04', '05']);

/**
 * CNDingtek DO200: ultrasound and magnetometer in the road, frames of type 02. Bytes 10-11 and 14-15 of the parameters are
 * in no public document and kept as they are. Its thresholds are milligauss: the vendor calls 3C in a downlink 60 mGs.
 */
export default defineSensor({
  id: 'dingtek-do200',
  vendor: 'Dingtek',
  model: 'DO200',
  source: 'TheThingsNetwork/lorawan-devices vendor/dingtek (do200.js, do200-codec.yaml)',
  defaultFPort: 3,
  ports: {
    3: {
      telemetry: layout({
        ...telemetryHead(kind, 21),
        levelMm: inUnit(uint(16), 'mm'),
        ...senses,
        ...telemetryTail,
      }),
      parameters: layout({
        ...parametersHead(kind, 17),
        ultrasonicIntervalMin: minutes,
        magnetIntervalS: inUnit(uint(8), 's'),
        bytes10to11: unexplained,
        magnetThresholdMilligauss: milligauss,
        bytes14to15: unexplained,
        ...parametersEnd,
      }),
    },
  },
  downlinks: {
    3: {
      setUploadInterval: set('uploadIntervalH', shared.uploadInterval),
      setMagnetThreshold: set('magnetThresholdMilligauss', { key: '02', digits: 2, least: 1, most: 255, unit: 'mG' }),
      setUltrasonicInterval: set('ultrasonicIntervalMin', { key: '03', digits: 2, least: 1, most: 60, unit: 'min' }),
      setMagnetInterval: set('magnetIntervalS', { key: '04', digits: 2, least: 1, most: 60, unit: 's' }),
      setBatteryThreshold: set('batteryThresholdPercent', shared.batteryThreshold),
    },
  },
  toReadings: (message) =>
    message.type === 'telemetry'
      ? [{ ...readingOf(message), distanceMm: message.levelMm }]
      : [{ firmware: message.firmware }],
  examples: known.examples as readonly Example[],
});
