import model from '../../devices/sensors/bosch-tps110.js';
import { dayMs, hourMs, usPerSecond } from '../../src/base/time.js';
import type { Message } from '../../src/codec/sensor.js';
import { defineBehaviour, type SensorPort } from '../../src/sim/behaviour.js';
import type { Row } from '../../src/sim/columns.js';
import { dualSensor } from '../../src/sim/detection.js';
import { watch, watcherColumns } from '../../src/sim/watcher.js';

const columns = {
  ...watcherColumns,
  cause: 'u8',
  /** Downlink port 51: 0 confirmed, else the number of unconfirmed transmissions. */
  unconfirmed: 'u8',
  heartbeat: 'u8',
  sequence: 'u16',
  /** Downlink port 56: 0 off, else the number of transmissions of a debug record. */
  debug: 'u8',
  changes: 'u32',
  occupiedS: 'u32',
  occupiedSinceUs: 'f64',
  bootUs: 'f64',
} as const;
type Bosch = Row<typeof columns>;

const heartbeatSlot = 1;
const firmware = '0.39.2';
const confirmedTries = 8;
const causes = ['power-on', 'watchdog', 'brownout', 'external-pin', 'lockup', 'request', 'rejoin', 'other'] as const;
const confirmations = ['confirmed', 'unconfirmed-1', 'unconfirmed-2', 'unconfirmed-3', 'unconfirmed-4'];
// Normal is 24 h; what short, long and test are is not public (assumed).
const heartbeats: readonly (readonly [name: string, ms: number])[] = [
  ['normal', dayMs],
  ['short', 6 * hourMs],
  ['long', 2 * dayMs],
  ['test', 60_000],
];

const heartbeatMs = (row: Bosch): number => heartbeats[row.heartbeat]![1];
const secondsSince = (port: SensorPort, us: number): number => Math.floor((port.nowUs - us) / usPerSecond);

const reportStatus = (row: Bosch, port: SensorPort): void => {
  row.changes++;
  if (row.occupied) row.occupiedSinceUs = port.nowUs;
  else row.occupiedS += secondsSince(port, row.occupiedSinceUs);
  const how = row.unconfirmed === 0 ? { confirmed: true, tries: confirmedTries } : { confirmed: false };
  port.send({ type: 'status', occupied: row.occupied }, how);
};

const reportHeartbeat = (row: Bosch, port: SensorPort): void => {
  const message = { type: 'heartbeat', occupied: row.occupied, temperatureC: Math.round(port.temperatureC) };
  port.send(message, { confirmed: true, tries: confirmedTries });
  port.wakeInMs(heartbeatSlot, heartbeatMs(row));
};

/** A record of the sensor's own log; line and severity as in captures. */
const debugRecord = (row: Bosch, port: SensorPort, code: number) => ({
  uptimeS: secondsSince(port, row.bootUs),
  line: code === 205 ? '9703' : '970b',
  severity: 2,
  code,
  sequence: row.sequence++,
});

/** Tells of something when it has been asked to tell. */
const note = (row: Bosch, port: SensorPort, code: number): void => {
  if (row.debug > 0) port.send({ type: 'debug', ...debugRecord(row, port, code) });
};

const reportStartup = (row: Bosch, port: SensorPort): void => {
  const cause = causes[row.cause]!;
  const message = {
    type: 'startup',
    ...debugRecord(row, port, 205),
    firmware,
    resetCause: cause === 'rejoin' ? 'other' : cause,
    occupied: row.occupied,
  };
  port.send(message);
};

/** What the sensor answers to a question about its usage (downlink port 55). */
const usage = (row: Bosch, port: SensorPort, what: string): Message => {
  const uptimeS = secondsSince(port, row.bootUs);
  switch (what) {
    case 'statusChanges':
      return { type: 'usageStatusChanges', statusChanges: row.changes };
    case 'secondsOccupied':
      return { type: 'usageOccupied', occupiedS: row.occupiedS };
    case 'radarTriggers':
      return { type: 'usageRadar', radarTriggers: row.changes };
    case 'framesByDataRate':
      return { type: 'usageFrames', dr0: 0, dr1: 0, dr2: row.changes, dr3: 0, dr4: 0, dr5: 0 };
    case 'resets':
      return { type: 'usageResets', brownout: 0, lockup: 0, externalPin: 0, powerOn: 1, watchdog: 0, request: 0 };
    case 'secondsSinceRestart':
      return { type: 'usageSinceRestart', sinceRestartS: uptimeS };
    default:
      return { type: 'usageSinceInstallation', sinceInstallationS: uptimeS };
  }
};

const alreadyActive = 805;
const testMode = 886;
/** Debug codes for a value that the command of a port does not take; a wrong length is the number after. */
const badValue: Readonly<Record<number, number>> = {
  51: 884,
  52: 880,
  53: 887,
  54: 882,
  55: 893,
  56: 889,
  57: 891,
  58: 895,
  59: 897,
};
const badPort = 800;

const refuse = (
  row: Bosch,
  port: SensorPort,
  { fPort, why }: { readonly fPort: number; readonly why: string },
): void => {
  const code = badValue[fPort];
  note(row, port, code === undefined ? badPort : why === 'bad-value' ? code : code + 1);
};

const obey = (row: Bosch, port: SensorPort, command: Message): void => {
  switch (command.type) {
    case 'setConfirmation': {
      const unconfirmed = confirmations.indexOf(String(command['mode']));
      if (unconfirmed === row.unconfirmed) note(row, port, alreadyActive);
      row.unconfirmed = unconfirmed;
      return;
    }
    case 'setHeartbeat': {
      const { interval } = command;
      row.heartbeat = heartbeats.findIndex(([name]) => name === interval);
      if (interval === 'test') note(row, port, testMode);
      return port.wakeInMs(heartbeatSlot, heartbeatMs(row));
    }
    case 'setDebug':
      row.debug = command['transmissions'] === 'off' ? 0 : Number(command['transmissions']);
      return;
    case 'requestInfo':
      return port.send(
        command['what'] === 'firmware'
          ? { type: 'firmware', firmware }
          : { type: 'urn', devEui: 'fcd6bd0000000001', productClass: 1, variant: 0, region: 'eu868' },
      );
    case 'requestUsage':
      return port.send(usage(row, port, String(command['what'])));
    default:
      // Data rate and temperature settings change nothing that this simulation shows.
      return;
  }
};

/**
 * Bosch TPS110: start-up after each join, confirmed status on change, confirmed heartbeat every 24 h; a confirmed uplink
 * that stays unacknowledged for eight tries makes it restart with cause "request". Debug records are off until asked for
 * (assumed).
 */
export default defineBehaviour({
  id: 'bosch-tps110',
  model,
  mac: {
    lorawan: '1.0.2',
    joinDataRates: [2, 2, 2, 1, 0],
    dataRate: 2,
    confirmedTries,
    // The device repository says 16 dBm, the limit of EU868.
    eirpDbm: 16,
  },
  source: 'Bosch communication interface 0.23.3 (join data rates, tries, restart); delays and bounce assumed',
  columns,
  step(row, input, port) {
    if (watch(row, input, { port, how: dualSensor })) return reportStatus(row, port);
    switch (input.kind) {
      case 'boot':
        row.cause = causes.indexOf(input.cause);
        row.bootUs = port.nowUs;
        row.occupiedSinceUs = port.nowUs;
        return;
      case 'joined':
        reportStartup(row, port);
        return port.wakeInMs(heartbeatSlot, port.dice.next() * heartbeatMs(row));
      case 'wake':
        return input.slot === heartbeatSlot ? reportHeartbeat(row, port) : undefined;
      case 'delivered':
        return input.acknowledged ? undefined : port.reboot('request');
      case 'downlink': {
        const command = model.decodeCommand(input.fPort, input.bytes);
        return command.ok
          ? obey(row, port, command.value)
          : refuse(row, port, { fPort: input.fPort, why: command.problem.code });
      }
      default:
        return;
    }
  },
});
