import { whole } from '../../../src/base/dice.js';
import { hourMs, usPerSecond } from '../../../src/base/time.js';
import type { Message, SensorModel } from '../../../src/codec/sensor.js';
import { lithiumV, lowCharge } from '../../../src/sim/battery.js';
import { defineBehaviour, type MacProfile, type SensorBehaviour, type SensorPort } from '../../../src/sim/behaviour.js';
import type { Row } from '../../../src/sim/columns.js';
import type { Detection } from '../../../src/sim/detection.js';
import { watch, watcherColumns } from '../../../src/sim/watcher.js';

/** No document says how an LW009 uses LoRaWAN: all assumed. */
export const mokoMac: MacProfile = {
  lorawan: '1.0.3',
  joinDataRates: [3, 3, 2, 1, 0],
  dataRate: 3,
  confirmedTries: 4,
  eirpDbm: 14,
};

const columns = { ...watcherColumns, frameCounter: 'u16', lowTold: 'flag' } as const;
type Lw009 = Row<typeof columns>;

const heartbeatSlot = 1;
/** The frame counts it in units of 30 s; the value out of the box is not public (assumed). */
const heartbeatMs = 12 * hourMs;

/** Seconds since 1970, as the sensor's clock shows them. */
export const nowS = (port: SensorPort): number => Math.floor(port.nowUs / usPerSecond);
/** An axis of the magnetometer: it trembles a little, and a car bends the field. */
export const axis = (port: SensorPort, restsAt: number, moved: number): number =>
  restsAt + moved + whole(port.dice, -20, 20);

/** What differs between the LW009 that lies on the ground and the one that lies in it. */
interface Kind {
  readonly id: string;
  readonly model: SensorModel;
  readonly detection: Detection;
  readonly protocolVersion: '10' | '11';
  /** It looks with a radar too. */
  readonly radar: boolean;
  /** It has a thermometer and a hygrometer. */
  readonly air: boolean;
  readonly source: string;
}

/** The frame around everything. */
const frameOf = (type: string, row: Lw009, { kind, port }: { kind: Kind; port: SensorPort }): Message => ({
  type,
  protocolVersion: kind.protocolVersion,
  timeS: nowS(port),
  frameCounter: row.frameCounter++,
  instruction: 1,
});

const stateOf = (state: string, row: Lw009, { kind, port }: { kind: Kind; port: SensorPort }): Message => {
  const { charge, temperatureC } = port;
  const moved = row.occupied ? 1 : 0;
  return {
    ...frameOf('state', row, { kind, port }),
    state,
    // Both as captured from an LW009-SM with and without a car; without a radar there are zeros.
    radar: !kind.radar ? '000000' : row.occupied ? 'dc012f' : '1c003c',
    ...(kind.protocolVersion === '10'
      ? { batteryPercent: Math.round(charge * 100) }
      : { batteryV: lithiumV(charge, { temperatureC }) }),
    magnetic: {
      x: axis(port, -4067, moved * 490),
      y: axis(port, -4032, moved * -900),
      z: axis(port, -657, moved * 1500),
    },
    occupied: row.occupied,
    ...(kind.air && { temperatureC: Math.round(temperatureC), humidityPercent: whole(port.dice, 40, 95) }),
    check: '0000',
  };
};

const parametersOf = (row: Lw009, how: { kind: Kind; port: SensorPort }): Message => ({
  ...frameOf('parameters', row, how),
  deviceType: how.kind.id.replace('moko-', ''),
  deviceVersion: '12',
  heartbeatS: heartbeatMs / 1_000,
  sensitivity: 3,
  check: '0000',
});

/**
 * An LW009: after each join its parameters and its state, then a heartbeat; a change and a low battery are said at once
 * and confirmed. Commands to it are not public.
 */
export const lw009 = (kind: Kind): SensorBehaviour =>
  defineBehaviour({
    id: kind.id,
    model: kind.model,
    mac: mokoMac,
    source: kind.source,
    columns,
    step(row, input, port) {
      const how = { kind, port };
      if (watch(row, input, { port, how: kind.detection }))
        return port.send(stateOf(row.occupied ? 'occupied' : 'empty', row, how), { confirmed: true });
      switch (input.kind) {
        case 'joined':
          port.send(parametersOf(row, how));
          port.send(stateOf('heartbeat', row, how));
          return port.wakeInMs(heartbeatSlot, port.dice.next() * heartbeatMs);
        case 'wake':
          if (input.slot !== heartbeatSlot) return;
          if (port.charge < lowCharge && !row.lowTold) {
            row.lowTold = true;
            port.send(stateOf('low-battery', row, how), { confirmed: true });
          }
          port.send(stateOf('heartbeat', row, how));
          return port.wakeInMs(heartbeatSlot, heartbeatMs);
        default:
          return;
      }
    },
  });
