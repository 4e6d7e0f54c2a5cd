import { inUnit, uint, type Part } from '../../../src/codec/parts.js';

/** Seconds since 1970. */
export const unixSeconds = inUnit(uint(32), 's since 1970');

const none = 0x7f;

/** Whole degrees in two's complement; 7F stands for a thermometer that said nothing. */
export const celsiusOrNone: Part<number | 'none'> = {
  bits: 8,
  read: (raw) => (raw === none ? 'none' : raw > none ? raw - 256 : raw),
  write(value) {
    if (value === 'none') return none;
    return Number.isInteger(value) && value >= -128 && value < none ? value & 0xff : undefined;
  },
  show: (value) => (value === 'none' ? value : `${value} °C`),
  sample: (dice) => (dice.next() < 0.1 ? 'none' : Math.floor(dice.next() * 255) - 128),
  takes: 'a whole number from -128 to 126 (°C), or none',
};
