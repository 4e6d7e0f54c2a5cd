import { z } from 'zod';
import type { Dice } from '../../src/base/dice.js';
import type { Codec } from '../../src/codec/codec.js';
import { defineSensor } from '../../src/codec/define.js';
import { layout } from '../../src/codec/layout.js';
import { withList } from '../../src/codec/list.js';
import { flag, inUnit, int, personal, spare, uint } from '../../src/codec/parts.js';
import type { Example, Reading } from '../../src/codec/sensor.js';
import known from './tekzitel-tekzipark.examples.json' with { type: 'json' };

const state = {
  occupied: flag,
  _spare: spare(1),
  goodBattery: flag,
  obstruction: flag,
  radar: flag,
  noBeacon: flag,
  reset: flag,
  keepAlive: flag,
  temperatureC: inUnit(int(8), '°C'),
  parkingId: uint(8),
} as const;

const plain = layout(state);
const withBeacons = withList({
  head: { ...state, beaconRssiDbm: inUnit(int(8), 'dBm') },
  list: 'beacons',
  item: { id: personal(uint(16)) },
});

interface Beacon {
  readonly id: number;
}
interface Status {
  readonly occupied: boolean;
  readonly goodBattery: boolean;
  readonly obstruction: boolean;
  readonly radar: boolean;
  readonly noBeacon: boolean;
  readonly reset: boolean;
  readonly keepAlive: boolean;
  readonly temperatureC: number;
  readonly parkingId: number;
  readonly beaconRssiDbm?: number;
  readonly beacons?: readonly Beacon[];
  readonly rest?: string;
}

/** Three bytes, or those with a signal strength and a list of beacons behind them: by its length. */
const of = (bytes: Uint8Array): Codec<Status> => (bytes.length > plain.most ? withBeacons : plain) as Codec<Status>;
const status: Codec<Status> = {
  decode: (bytes) => of(bytes).decode(bytes),
  encode(message) {
    const { beaconRssiDbm, beacons, rest } = message;
    const long = beaconRssiDbm !== undefined || beacons !== undefined || rest !== undefined;
    return ((long ? withBeacons : plain) as Codec<Status>).encode(message);
  },
  annotate: (bytes) => of(bytes).annotate(bytes),
  sample: (dice: Dice) => (dice.next() < 0.5 ? plain : withBeacons).sample(dice),
  rows: withBeacons.rows.map((row, i) =>
    i < plain.rows.length ? row : { ...row, says: `${row.says}; may be missing` },
  ),
};

const faultOf = (faults: readonly (string | false)[]): Pick<Reading, 'fault'> => {
  const found = faults.filter((fault) => fault !== false);
  return found.length > 0 ? { fault: found.join(',') } : {};
};

/**
 * TEKZITEL TEKZIPARK: radar, magnetometer and a Bluetooth receiver that notes the beacons near the bay (a driver's tag or
 * telephone: personal). The vendor's codec fills a truncated last beacon with a zero byte and so makes up a beacon; here
 * the odd byte is the `rest`. In debug messages the vendor's codec lets byte 10 overwrite the obstruction flag of byte 0;
 * here they are two fields, and either is a fault. The threshold of the Bluetooth scan is a signal strength: signed,
 * where the vendor's codec prints 170 for -86 dBm.
 */
export default defineSensor({
  id: 'tekzitel-tekzipark',
  vendor: 'TEKZITEL',
  model: 'TEKZIPARK',
  source: 'TheThingsNetwork/lorawan-devices vendor/tekzitel (tekzipark.js, tekzipark-codec.yaml)',
  defaultFPort: 1,
  options: z.strictObject({}),
  ports: {
    1: { status },
    2: {
      debug: layout({
        ...state,
        deflectionX: int(8),
        deflectionY: int(8),
        deflectionZ: int(8),
        baselineX: int(8),
        baselineY: int(8),
        baselineZ: int(8),
        faultCode: uint(8),
        obstructionLevel: uint(8),
        reflection: uint(8),
      }),
    },
  },
  downlinks: {
    3: {
      setConfiguration: layout({
        suppressBaselineOffset: flag,
        radarStartRange: uint(3),
        fluctuationsCount: uint(4),
        downlinkFrequency: uint(1),
        axisDeflection: uint(2),
        debugMode: flag,
        deflectionThreshold: uint(4),
        zeroNegDrop: flag,
        oversampling: uint(2),
        hwAccSamples: uint(2),
        fluctuationThresholdXY: uint(3),
        sleepTime: uint(3),
        resetControl: flag,
        magReboot: flag,
        fluctuationDelay: uint(3),
        axisFluctuations: uint(2),
        fluctuationThresholdZ: uint(3),
        selfHeal: flag,
        keepAlivePeriod: uint(2),
        radarScanCount: uint(4),
        obstructionCheck: flag,
        reflectionThreshold: uint(3),
        // The vendor's codec calls this bit OI and says no more.
        oi: flag,
        sendRssi: flag,
        beaconScans: uint(3),
        bleScanWindow: uint(3),
        bleScanRssiDbm: inUnit(int(8), 'dBm'),
      }),
    },
  },
  toReadings(message) {
    const { occupied, goodBattery, temperatureC, obstruction, reset } = message;
    const [code, level] = message.type === 'debug' ? [message.faultCode, message.obstructionLevel] : [0, 0];
    const faults = [(obstruction || level > 0) && 'obstructed', code > 0 && `fault-code-${code}`];
    return [
      {
        occupied,
        batteryLow: !goodBattery,
        temperatureC,
        ...faultOf(faults),
        // Why it started anew is not told.
        ...(reset && { restart: 'other' as const }),
      },
    ];
  },
  identifiers: (message) => (message.type === 'status' ? (message.beacons ?? []).map(({ id }) => String(id)) : []),
  examples: known.examples as readonly Example[],
});
