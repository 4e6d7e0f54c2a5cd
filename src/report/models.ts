import { dice } from '../base/dice.js';
import type { Format, Reading, SensorModel } from '../codec/sensor.js';
import { textTable } from './table.js';

/** The ways in which a model speaks: up, and down where its commands are public. */
export const directionsOf = ({ commandTypes }: SensorModel): readonly Format['direction'][] =>
  commandTypes.length > 0 ? ['uplink', 'downlink'] : ['uplink'];

export const directionsText = (model: SensorModel): string => (directionsOf(model).length > 1 ? 'up and down' : 'up');

/** The ports of its uplinks: `1 2 6`, or `any`. */
export const portsText = ({ fPorts }: SensorModel, between = ' '): string =>
  fPorts === 'any' ? 'any' : fPorts.join(between);

// Stands for a space at which no line is broken: between a number and its name, before a unit.
const joint = '\u00a0';
const joined = (says: string): string => says.replace(/(?<=^|, )(-?\d+) | (?=\()/g, `$1${joint}`);

/** One payload as a table of its bytes, which stays within `width` columns. */
export const formatLines = ({ type, fPort, direction, rows }: Format, width: number): readonly string[] => [
  `${direction}, ${fPort === 'any' ? 'any port' : `port ${fPort}`}: ${type}`,
  ...textTable(
    rows.map(({ where, name, says, personal }) => [where, name, joined(personal ? `${says}; personal` : says)]),
    { indent: '  ', width },
  ).map((line) => line.replaceAll(joint, ' ')),
];

const facts: readonly (readonly [name: string, fields: readonly (keyof Reading)[]])[] = [
  ['bay', ['occupied']],
  ['distance', ['distanceMm']],
  ['count', ['count']],
  ['battery', ['batteryV', 'batteryPercent', 'batteryLow']],
  ['temperature', ['temperatureC']],
  ['humidity', ['humidityPercent']],
  ['faults', ['fault']],
  ['tamper', ['tamper']],
  ['restarts', ['restart']],
  ['firmware', ['firmware']],
];
const samples = 200;

/** What the readings of a model can tell, found by trying: `bay`, `distance`, `count`, `battery` and so on. */
export const tells = (model: SensorModel): readonly string[] => {
  const d = dice('tells', model.id);
  const seen = new Set<string>();
  const messages = [
    ...model.examples.filter(({ direction }) => direction !== 'downlink').map(({ message }) => message),
    ...model.messageTypes.flatMap((type) => Array.from({ length: samples }, () => model.sample(type, d))),
  ];
  for (const message of messages)
    for (const reading of model.toReadings(message))
      for (const [field, value] of Object.entries(reading)) if (value !== undefined) seen.add(field);
  return facts.filter(([, fields]) => fields.some((field) => seen.has(field))).map(([name]) => name);
};
