import { dayMs, minuteMs, usPerMs } from '../../../src/base/time.js';
import type { Message, SensorModel } from '../../../src/codec/sensor.js';
import { lithiumV } from '../../../src/sim/battery.js';
import { defineBehaviour, type SensorBehaviour, type SensorPort } from '../../../src/sim/behaviour.js';
import type { Row } from '../../../src/sim/columns.js';
import { sampled } from '../../../src/sim/detection.js';
import { watch } from '../../../src/sim/watcher.js';
import {
  clockOf,
  keepAliveMs,
  keepAliveSlot,
  mac,
  nodeColumns,
  sampleMs,
  sendFrame,
  setClock,
  startClock,
  untilHourMs,
} from './node.js';

const columns = {
  ...nodeColumns,
  noDaily: 'flag',
  configId: 'u8',
  /** Whether it started anew in the last 24 hours for another reason than power. */
  restarted: 'flag',
  frames: 'u16',
  bootUs: 'f64',
} as const;
type Magnetic = Row<typeof columns>;

const dailySlot = 2;
const dailyHour = 1;
const mostMeasurements = dayMs / sampleMs;
// Every minute is the example of the manual; a magnetometer alone changes its mind more often than two sensors.
const detection = sampled(sampleMs, 0.03);

/** How the two generations of firmware say the same things. */
interface Dialect {
  readonly id: string;
  readonly model: SensorModel;
  readonly source: string;
  temperature(celsius: number): Readonly<Record<string, number>>;
  /** What stands at the end of some frames: reserved bytes, and the battery where there is room. */
  readonly tails: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Whether info frames carry the battery. */
  readonly batteryInInfo: boolean;
  /** What it sends when it has taken a downlink, if anything. */
  readonly receipt?: string;
}

/** Nothing below 2.8 V has a number in a battery byte. */
const voltage = (port: SensorPort): number => Math.max(2.8, lithiumV(port.charge, { temperatureC: port.temperatureC }));

/** The earth's field and a car's share of it, in the sensor's units (assumed: the size of the public examples). */
const field = (row: Magnetic, port: SensorPort): Readonly<Record<string, number>> => {
  const noise = (): number => Math.round((port.dice.next() - 0.5) * 40);
  const car = row.occupied ? 1 : 0;
  return { xAxis: 400 - 900 * car + noise(), yAxis: 4_200 + noise(), zAxis: -3_000 + 1_600 * car + noise() };
};

const settings = {
  nightStartHour: 0,
  nightHours: 0,
  nightSleepTime: 0,
  nightKeepAlive: 0,
  radioMode: 1,
  sleepTime: 1,
  keepAlive: 2,
  threshold: 75,
} as const;

/**
 * The magnetic Libelium sensors: two start frames after each join, info on change, keep-alive after two hours of silence,
 * a daily frame at one o'clock of their own time, which the answers to start and daily frame set. Night mode is off.
 */
export const magneticNode = (dialect: Dialect): SensorBehaviour => {
  const { id, model, source, tails, batteryInInfo, receipt } = dialect;
  const send = (row: Magnetic, port: SensorPort, message: Message): void => {
    row.frames = (row.frames + 1) & 0xffff;
    sendFrame(row, port, { ...message, ...tails[message.type] });
  };
  const measured = (row: Magnetic, port: SensorPort): Readonly<Record<string, number>> => ({
    ...dialect.temperature(port.temperatureC),
    ...field(row, port),
  });
  const timed = (row: Magnetic, port: SensorPort, type: string): void =>
    send(row, port, { type, ...clockOf(row, port), ...measured(row, port) });

  const daily = (row: Magnetic, port: SensorPort): void => {
    const minutes = Math.floor((port.nowUs - row.bootUs) / usPerMs / minuteMs);
    const { frames } = row;
    row.frames = 0;
    send(row, port, {
      type: 'dailyUpdate',
      measurements: Math.min(mostMeasurements, minutes),
      sigfoxTransmissions: 0,
      lorawanTransmissions: frames,
      resets: Number(row.restarted),
      configId: row.configId,
    });
    row.restarted = false;
    port.wakeInMs(dailySlot, dayMs);
  };

  const scheduleDaily = (row: Magnetic, port: SensorPort): void =>
    row.noDaily ? port.cancel(dailySlot) : port.wakeInMs(dailySlot, untilHourMs(row, port, dailyHour));

  const obey = (row: Magnetic, port: SensorPort, command: Message): void => {
    setClock(row, port, 60 * Number(command['hour']) + Number(command['minute']));
    if (command.type === 'setConfiguration') {
      row.configId = Number.parseInt(String(command['settings']).slice(0, 2), 16);
      row.noDaily = command['dailyFrame'] !== true;
      if (command['reset'] === true) return port.reboot('request');
    }
    scheduleDaily(row, port);
    if (receipt) timed(row, port, receipt);
  };

  return defineBehaviour({
    id,
    model,
    mac,
    source,
    columns,
    step(row, input, port) {
      if (watch(row, input, { port, how: detection }))
        return send(row, port, {
          type: 'info',
          ...measured(row, port),
          ...(batteryInInfo && { batteryV: voltage(port) }),
        });
      switch (input.kind) {
        case 'boot':
          row.bootUs = port.nowUs;
          row.restarted = input.cause !== 'power-on';
          return startClock(row, port);
        case 'joined':
          send(row, port, { type: 'start1', ...measured(row, port), batteryV: voltage(port) });
          send(row, port, { type: 'start2', firmware: 6, ...settings });
          scheduleDaily(row, port);
          // Only the first keep-alive is early by chance: a street is not switched on in one second.
          return port.wakeInMs(keepAliveSlot, port.dice.next() * keepAliveMs);
        case 'wake':
          if (input.slot === keepAliveSlot) return timed(row, port, 'keepAlive');
          return input.slot === dailySlot ? daily(row, port) : undefined;
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
