import { whole } from '../../../src/base/dice.js';
import { hourMs, minuteMs, secondMs } from '../../../src/base/time.js';
import type { Message, SensorModel } from '../../../src/codec/sensor.js';
import { lithiumV } from '../../../src/sim/battery.js';
import { defineBehaviour, type SensorBehaviour, type SensorPort } from '../../../src/sim/behaviour.js';
import type { Row } from '../../../src/sim/columns.js';
import { magnetometer, sampled, type Detection } from '../../../src/sim/detection.js';
import { watch, watcherColumns } from '../../../src/sim/watcher.js';

const columns = {
  ...watcherColumns,
  uploadIntervalH: 'u8',
  /** How often ultrasound or radar looks by itself. */
  lookMin: 'u8',
  /** How often the DO200's magnetometer looks; 0 where nobody can set it. */
  magnetS: 'u8',
  levelCm: 'u8',
  magnetThreshold: 'u16',
  batteryPercent: 'u8',
  frameCounter: 'u16',
} as const;
type Dingtek = Row<typeof columns>;
type Settings = Omit<Dingtek, keyof typeof watcherColumns | 'frameCounter'>;

const uploadSlot = 1;

// 24 h, 60 cm, 60 mG and 20 % are those of the published parameter packets. These say 30 min for the detection interval;
// ten, as in the published downlink, is assumed for a bay where cars come and go.
const defaults: Settings = {
  uploadIntervalH: 24,
  lookMin: 10,
  magnetS: 0,
  levelCm: 60,
  magnetThreshold: 60,
  batteryPercent: 20,
};

/** The magnetometer notices nine cars of ten; the others are found when ultrasound or radar looks next (assumed). */
const detection = (row: Dingtek, port: SensorPort): Detection => {
  if (port.dice.next() < 0.1) return sampled(row.lookMin * minuteMs, 0);
  return row.magnetS > 0 ? sampled(row.magnetS * secondMs) : magnetometer;
};

/** Telemetry as all models have it: a car stands 15 to 35 cm above the road, and its iron shows. */
const telemetry = (row: Dingtek, port: SensorPort, cmd: 1 | 2): Message & { readonly levelMm: number } => {
  const { occupied } = row;
  const levelMm = occupied ? whole(port.dice, 150, 350) : whole(port.dice, 1_500, 2_000);
  const field = (): number => (occupied ? whole(port.dice, 100, 400) : whole(port.dice, -30, 30));
  const [magnetX, magnetY, magnetZ] = [field(), -field(), field()];
  return {
    type: 'telemetry',
    cmd,
    levelMm,
    parkAlarm: occupied,
    levelAlarm: levelMm < row.levelCm * 10,
    magnetAlarm: Math.max(Math.abs(magnetX), Math.abs(magnetY), Math.abs(magnetZ)) > row.magnetThreshold,
    batteryAlarm: port.charge * 100 < row.batteryPercent,
    batteryV: Number(lithiumV(port.charge, { temperatureC: port.temperatureC }).toFixed(2)),
    magnetX,
    magnetY,
    magnetZ,
    frameCounter: row.frameCounter++,
  };
};

/** What the thermometer and the hygrometer of the two newer models add. */
export const climate = (port: SensorPort) => ({
  temperatureC: Math.round(port.temperatureC),
  humidityPercent: whole(port.dice, 40, 95),
});

/** The column that each command sets, from its one field. */
const commands: Readonly<Record<string, keyof Settings>> = {
  setUploadInterval: 'uploadIntervalH',
  setUltrasonicInterval: 'lookMin',
  setDetectionInterval: 'lookMin',
  setMagnetInterval: 'magnetS',
  setLevelThreshold: 'levelCm',
  setMagnetThreshold: 'magnetThreshold',
  setBatteryThreshold: 'batteryPercent',
};

/** What tells one model from another. */
export interface Habits {
  readonly id: string;
  readonly model: SensorModel;
  readonly settings?: Partial<Settings>;
  /** The telemetry of this model from what all have. */
  telemetry(common: Message & { readonly levelMm: number }, port: SensorPort): Message;
  /** Its parameters behind firmware and upload interval. */
  parameters(row: Settings): Readonly<Record<string, unknown>>;
}

/**
 * Dingtek DO200, DO201, DO202: parameters and telemetry after each join, telemetry on change and every 24 h. All settings
 * of the downlinks change what the sensor does or says, and it answers with its parameters. Command byte 2 for a change
 * and 1 for the interval are assumed, as is that it asks for no acknowledgement.
 */
export const parking = (habits: Habits): SensorBehaviour => {
  const { id, model } = habits;
  const report = (row: Dingtek, port: SensorPort, cmd: 1 | 2): void =>
    port.send(habits.telemetry(telemetry(row, port, cmd), port));
  const uploadMs = (row: Dingtek): number => row.uploadIntervalH * hourMs;
  const tellParameters = (row: Dingtek, port: SensorPort): void => {
    const { uploadIntervalH } = row;
    port.send({ type: 'parameters', firmware: '1.1', uploadIntervalH, ...habits.parameters(row) });
  };
  const obey = (row: Dingtek, port: SensorPort, { type, ...fields }: Message): void => {
    row[commands[type]!] = Number(Object.values(fields)[0]);
    if (type === 'setUploadInterval') port.wakeInMs(uploadSlot, uploadMs(row));
    tellParameters(row, port);
  };
  return defineBehaviour({
    id,
    model,
    mac: { lorawan: '1.0.3', joinDataRates: [5, 4, 3, 2, 1, 0], dataRate: 5, confirmedTries: 3, eirpDbm: 14 },
    source:
      'TheThingsNetwork/lorawan-devices vendor/dingtek (parameters, downlinks); the rest of its habits assumed: what the command byte means, answers, data rates, detection',
    columns,
    step(row, input, port) {
      const how = input.kind === 'car' ? detection(row, port) : magnetometer;
      if (watch(row, input, { port, how })) return report(row, port, 2);
      switch (input.kind) {
        case 'boot':
          Object.assign(row, defaults, habits.settings);
          return;
        case 'joined':
          tellParameters(row, port);
          report(row, port, 1);
          return port.wakeInMs(uploadSlot, port.dice.next() * uploadMs(row));
        case 'wake':
          if (input.slot !== uploadSlot) return;
          report(row, port, 1);
          return port.wakeInMs(uploadSlot, uploadMs(row));
        case 'downlink': {
          const command = model.decodeCommand(input.fPort, input.bytes);
          return command.ok ? obey(row, port, command.value) : undefined;
        }
        default:
          return;
      }
    },
  });
};
