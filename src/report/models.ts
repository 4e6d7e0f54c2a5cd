import type { Format, SensorModel } from '../codec/sensor.js';
import { textTable } from './table.js';

/** The ways in which a model speaks: up, and down where its commands are public. */
export const directionsOf = ({ commandTypes }: SensorModel): readonly Format['direction'][] =>
  commandTypes.length > 0 ? ['uplink', 'downlink'] : ['uplink'];

export const directionsText = (model: SensorModel): string => (directionsOf(model).length > 1 ? 'up and down' : 'up');

/** The ports of its uplinks: `1 2 6`, or `any`. */
export const portsText = ({ fPorts }: SensorModel, between = ' '): string =>
  fPorts === 'any' ? 'any' : fPorts.join(between);

/** One payload as a table of its bytes. */
export const formatLines = ({ type, fPort, direction, rows }: Format): readonly string[] => [
  `${direction}, ${fPort === 'any' ? 'any port' : `port ${fPort}`}: ${type}`,
  ...textTable(
    rows.map(({ where, name, says, personal }) => [where, name, personal ? `${says}; personal` : says]),
    { indent: '  ' },
  ),
];
