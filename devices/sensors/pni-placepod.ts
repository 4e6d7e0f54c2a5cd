import { cayenne, type LppItem } from '../../src/codec/cayenne.js';
import { defineSensor } from '../../src/codec/define.js';
import type { Example, Reading } from '../../src/codec/sensor.js';
import known from './pni-placepod.examples.json' with { type: 'json' };

/** The channels that PNI gives a meaning, by `channel/type name`. */
const meanings: Readonly<Record<string, (value: number) => Reading>> = {
  '21/presence': (value) => ({ occupied: value !== 0 }),
  '55/presence': (value) => ({ occupied: value !== 0 }),
  '33/digitalIn': (value) => countOf(value),
  '55/digitalIn': (value) => countOf(value),
  '2/temperature': (value) => ({ temperatureC: value }),
  '3/analogIn': (value) => ({ batteryV: value }),
  '1/digitalOut': (value) => (value === 1 ? {} : { fault: 'recalibration-failed' }),
  // A sensor that has been put to sleep watches nothing: what it said before is in doubt from now on.
  '28/digitalOut': (value) => ({ fault: value === 1 ? 'deactivated' : 'deactivation-failed' }),
  '63/digitalOut': (value) => (value === 1 ? { restart: 'request' } : { fault: 'reboot-failed' }),
  // PNI's own error register. What its bits mean is not public: anything but zero is a doubt. The state beside it (06) is
  // no complaint, as far as frames from the field tell; it stands in the message.
  '5/digitalIn': (value) => (value === 0 ? {} : { fault: `error-register-${value}` }),
};

/** A rolling count of vehicles, 0 to 127; the top bit says that the sensor has restarted or recalibrated. */
const countOf = (value: number): Reading =>
  value & 0x80 ? { count: value & 0x7f, restart: 'other' } : { count: value };

/**
 * One reading per status item, oldest first: a frame may tell of several moments. What is no status belongs to the whole
 * frame and goes into its newest reading; of two complaints on one channel the later one holds.
 */
const toReadings = (items: readonly LppItem[]): readonly Reading[] => {
  const moments: Reading[] = [];
  const faults = new Map<string, string | undefined>();
  let rest: Reading = {};
  for (const { channel, type, value } of items) {
    const key = `${channel}/${type}`;
    const said = typeof value === 'number' ? meanings[key]?.(value) : undefined;
    if (said?.occupied !== undefined) {
      moments.push(said);
      continue;
    }
    const { fault, ...others } = said ?? {};
    faults.set(key, fault);
    rest = { ...rest, ...others };
  }
  const fault = [...faults.values()].filter((one) => one !== undefined).join(',');
  const last = { ...moments.pop(), ...rest, ...(fault && { fault }) };
  return Object.keys(last).length > 0 ? [...moments, last] : moments;
};

/**
 * PNI PlacePod: Cayenne LPP on fixed channels. The error register (05) and state (06) that real frames begin with are no
 * end of the frame, as a German city's parser has it: the status behind them is read, and the doubt is told beside it.
 * Commands are in a document that is not public.
 */
export default defineSensor({
  id: 'pni-placepod',
  vendor: 'PNI',
  model: 'PlacePod',
  source: 'PNI-Cloud/PlacePod-Api, sjkp/PNI.PlacePod, ZENNER element-parsers, captures from Karlsruhe in ParkAPI',
  // akenza's tests name port 2; the content is the same on every port.
  defaultFPort: 2,
  ports: {
    any: {
      report: cayenne([
        { channel: 21, type: 102, says: 'status' },
        { channel: 55, type: 102, says: 'keep-alive with status' },
        { channel: 33, type: 0, says: 'vehicle count' },
        { channel: 55, type: 0, says: 'keep-alive with vehicle count' },
        { channel: 2, type: 103, says: 'temperature' },
        { channel: 3, type: 2, says: 'battery in V' },
        { channel: 1, type: 1, says: 'answer to recalibrate' },
        { channel: 28, type: 1, says: 'answer to deactivate' },
        { channel: 63, type: 1, says: 'answer to reboot' },
        { channel: 5, type: 0, says: 'error register' },
        { channel: 6, type: 0, says: 'state' },
      ]),
    },
  },
  toReadings: ({ items }) => toReadings(items),
  // Every payload known to us; the same file lists those whose published decode we do not follow, and why.
  examples: known.examples as readonly Example[],
});
