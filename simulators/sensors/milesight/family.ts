import em310Udl from '../../../devices/sensors/milesight-em310-udl.js';
import em400Mud from '../../../devices/sensors/milesight-em400-mud.js';
import em400Udl from '../../../devices/sensors/milesight-em400-udl.js';
import { settingsOf, type MilesightModel } from '../../../devices/sensors/milesight/family.js';
import { settingsIn } from '../../../devices/sensors/milesight/settings.js';
import { toHex } from '../../../src/base/hex.js';
import { secondMs } from '../../../src/base/time.js';
import { defineBehaviour, type SensorBehaviour, type SensorPort } from '../../../src/sim/behaviour.js';
import { sampled } from '../../../src/sim/detection.js';
import { overBay, rangeMm, roofMm } from '../../../src/sim/ranging.js';
import { watch, watcherColumns } from '../../../src/sim/watcher.js';
import { alarmed, apply, defaults, settingColumns, type Limits, type SettingsRow } from './settings.js';

const columns = {
  ...watcherColumns,
  ...settingColumns,
  /** Of the car below, kept while it stands there. */
  roof: 'u16',
  inAlarm: 'flag',
  lastC: 'f64',
  serial: 'u32',
} as const;
type Milesight = SettingsRow & { roof: number; inAlarm: boolean; lastC: number; serial: number; occupied: boolean };

const models = { 'em400-mud': em400Mud, 'em400-udl': em400Udl, 'em310-udl': em310Udl } as const;
// The ranges are those of the vendor's encoders; that the EM310 reports no faster than it can measure is assumed.
const em400Limits: Limits = { collectS: [60, 64_800], reportS: [60, 64_800] };
const em310Limits: Limits = { collectS: [10, 60], reportS: [10, 65_535] };

const reportSlot = 1;
/** A jump of the temperature that the user guide calls an alarm. */
const jumpC = 5;

const measure = (row: Milesight, port: SensorPort): number =>
  rangeMm(overBay, { roof: row.occupied ? row.roof : 0, dice: port.dice });

const batteryPercent = (port: SensorPort): number => Math.max(1, Math.round(port.charge * 100));

const temperature = (row: Milesight, port: SensorPort): object => {
  const temperatureC = Number(port.temperatureC.toFixed(1));
  const jumped = Math.abs(temperatureC - row.lastC) > jumpC;
  row.lastC = temperatureC;
  return jumped ? { temperature: { temperatureC, alarm: 'alarm' } } : { temperatureC };
};

const report = (row: Milesight, port: SensorPort, hasThermometer: boolean): void => {
  const distanceMm = measure(row, port);
  row.inAlarm = alarmed(row, distanceMm);
  port.send({
    type: 'report',
    batteryPercent: batteryPercent(port),
    ...(hasThermometer && temperature(row, port)),
    distanceMm,
    position: 'normal',
  });
};

/** The edge of the alarm, when there is one: with the distance alone, or as a report on the model that knows no alarms. */
const reportEdge = (row: Milesight, port: SensorPort, hasAlarms: boolean): void => {
  const distanceMm = measure(row, port);
  const now = alarmed(row, distanceMm);
  if (now === row.inAlarm) return;
  row.inAlarm = now;
  if (!now && !row.release) return;
  if (!hasAlarms) return report(row, port, false);
  port.send({ type: 'report', distance: { distanceMm, alarm: now ? 'alarm' : 'released' } });
};

/** The serial number begins as in the user guide; the rest is thrown. */
const serialOf = ({ serial }: Milesight): string =>
  `6329c425${toHex(Uint8Array.from([24, 16, 8, 0], (shift) => (serial >>> shift) & 255))}`;

const introduce = (row: Milesight, port: SensorPort): void => {
  const versions = { protocol: '0.1', serial: serialOf(row), hardware: '1.0', firmware: '1.1' };
  port.send({ type: 'deviceInfo', powerOn: true, ...versions, loraClass: 'A' });
};

/**
 * How a Milesight distance sensor lives: it introduces itself after each join, reports every ten minutes and when the
 * distance crosses the threshold, obeys its settings and answers each with the command behind fe; what is out of range it
 * neither obeys nor answers (assumed). A restart brings the settings of the installer back (assumed).
 */
export const milesightBehaviour = (name: MilesightModel): SensorBehaviour => {
  const model = models[name];
  const settings = settingsOf(name);
  const isEm400 = name !== 'em310-udl';
  const limits = isEm400 ? em400Limits : em310Limits;

  const obey = (row: Milesight, port: SensorPort, asked: Readonly<Record<string, unknown>>): void => {
    const done = Object.entries(asked).filter(([setting, value]) => apply(row, { setting, value, limits }));
    if (done.length === 0) return;
    const names = done.map(([setting]) => setting);
    port.send({ type: 'answer', ...Object.fromEntries(done) });
    if (names.includes('reportIntervalS')) port.wakeInMs(reportSlot, row.reportS * secondMs);
    if (names.includes('query')) report(row, port, isEm400);
    if (names.includes('reboot')) port.reboot('request');
  };

  return defineBehaviour({
    id: model.id,
    model,
    mac: { lorawan: '1.0.3', joinDataRates: [5, 4, 3, 2, 1, 0], dataRate: 5, confirmedTries: 3, eirpDbm: 16 },
    source:
      'Milesight EM400-UDL user guide (device information, report interval, alarms; assumed alike for the others); measuring interval, mounting, alarm thresholds and data rates assumed',
    columns,
    mounting: overBay,
    step(row, input, port) {
      if (input.kind === 'car' && input.present) row.roof = roofMm(port.dice);
      if (watch(row, input, { port, how: sampled(row.collectS * secondMs) })) return reportEdge(row, port, isEm400);
      switch (input.kind) {
        case 'boot':
          Object.assign(row, defaults(name === 'em400-mud'));
          row.roof = roofMm(port.dice);
          row.lastC = port.temperatureC;
          row.serial = Math.floor(port.dice.next() * 2 ** 32);
          return;
        case 'joined':
          introduce(row, port);
          report(row, port, isEm400);
          return port.wakeInMs(reportSlot, port.dice.next() * row.reportS * secondMs);
        case 'wake':
          if (input.slot !== reportSlot) return;
          report(row, port, isEm400);
          return port.wakeInMs(reportSlot, row.reportS * secondMs);
        case 'downlink': {
          const command = model.decodeCommand(input.fPort, input.bytes);
          return command.ok ? obey(row, port, settingsIn(settings, command.value)) : undefined;
        }
        default:
          return;
      }
    },
  });
};
