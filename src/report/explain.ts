import { toHex } from '../base/hex.js';
import { oneLine } from '../base/one-line.js';
import { placeText, type Field } from '../codec/codec.js';
import type { Message, Reading, SensorModel } from '../codec/sensor.js';
import { textTable } from './table.js';

/** An annotated hex dump: which bytes, what they are called, what they say. */
export const annotatedDump = (bytes: Uint8Array, fields: readonly Field[]): readonly string[] =>
  textTable(
    fields.map((field) => {
      const from = Math.floor(field.bit / 8);
      const to = Math.floor((field.bit + field.bits - 1) / 8) + 1;
      return [toHex(bytes.subarray(from, to)), placeText(field), oneLine(field.name), oneLine(field.value)];
    }),
    { indent: '  ' },
  );

const valueText = (value: unknown): string => oneLine(typeof value === 'string' ? value : JSON.stringify(value));

/** The fields of a message, one to a line. */
export const messageLines = ({ type, ...fields }: Message): readonly string[] =>
  textTable([['type', type], ...Object.entries(fields).map(([name, value]) => [name, valueText(value)])], {
    indent: '  ',
  });

/** What a reading means for its bay, in one sentence. */
export const meaningOf = (reading: Reading): string => {
  const bay = reading.head === undefined ? 'the bay' : `bay ${reading.head} of this sensor`;
  const state =
    reading.occupied === undefined
      ? `says nothing about whether ${bay} is taken`
      : `${bay} is ${reading.occupied ? 'occupied' : 'free'}`;
  const more = [
    ...(reading.restart === undefined ? [] : [`the sensor has restarted (${reading.restart})`]),
    ...(reading.fault === undefined ? [] : [`it doubts itself (${reading.fault})`]),
    ...(reading.batteryLow === true ? ['its battery is low'] : []),
    ...(reading.batteryV === undefined ? [] : [`battery ${reading.batteryV} V`]),
    ...(reading.batteryPercent === undefined ? [] : [`battery ${reading.batteryPercent} %`]),
    ...(reading.temperatureC === undefined ? [] : [`${reading.temperatureC} °C`]),
    ...(reading.humidityPercent === undefined ? [] : [`${reading.humidityPercent} % humidity`]),
    ...(reading.distanceMm === undefined ? [] : [`${reading.distanceMm} mm to what is in front of it`]),
    ...(reading.count === undefined ? [] : [`${reading.count} vehicles counted`]),
    ...(reading.tamper === undefined ? [] : [reading.tamper ? 'it was moved or opened' : 'it sits as it should']),
    ...(reading.firmware === undefined ? [] : [`firmware ${reading.firmware}`]),
  ];
  return oneLine([state, ...more].join('; '));
};

/** The fields of a type of message that say something about a person or their telephone. */
export const personalFields = ({ formats }: SensorModel, type: string): readonly string[] => [
  ...new Set(
    formats
      .filter((one) => one.type === type)
      .flatMap(({ rows }) => rows.filter((row) => row.personal).map((row) => row.name)),
  ),
];
