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
import known from './dingtek-do202.examples.json' with { type: 'json' };

const kind = { model: 'DO202', type: 0x32 } as const;
const set = setter('9999', ['01', '05', '08', '0F']);

/**
 * CNDingtek DO202: microwave radar, magnetometer, thermometer and hygrometer, frames of type 32. Where the DO201 has level
 * and level threshold the frames carry a number as well, but the vendor's decoder passes over both and nobody says what a
 * radar measures there: they stay in the message as raw numbers, and no distance follows from them. An implausible
 * temperature is read as the byte has it, as with the DO201.
 */
export default defineSensor({
  id: 'dingtek-do202',
  vendor: 'Dingtek',
  model: 'DO202',
  source: 'TheThingsNetwork/lorawan-devices vendor/dingtek (do202.js, do202-codec.yaml)',
  defaultFPort: 3,
  ports: {
    3: {
      telemetry: layout({ ...telemetryHead(kind, 23), levelRaw: uint(16), ...senses, ...climate, ...telemetryTail }),
      parameters: layout({
        ...parametersHead(kind, 16),
        detectionIntervalMin: minutes,
        levelThresholdRaw: uint(8),
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
      setBatteryThreshold: set('batteryThresholdPercent', shared.batteryThreshold),
      setDetectionInterval: set('detectionIntervalMin', newer.detectionInterval),
      setMagnetThreshold: set('magnetThresholdMilligauss', newer.magnetThreshold),
    },
  },
  toReadings(message) {
    if (message.type === 'parameters') return [{ firmware: message.firmware }];
    const { temperatureC, humidityPercent } = message;
    return [{ ...readingOf(message), temperatureC, humidityPercent }];
  },
  examples: known.examples as readonly Example[],
});
