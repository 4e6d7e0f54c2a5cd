import { expect, test } from 'vitest';
import { problem, sentenceOf } from '../../src/base/problem.js';
import { oneLine } from '../../src/base/one-line.js';
import { annotatedDump, messageLines } from '../../src/report/explain.js';

const orders = '\u001b[2J\u009b31m\r\nforged\u2028line\u202e';

test('a text gives no orders to a terminal and begins no line of a log', () => {
  expect(oneLine(orders)).toBe(' [2J 31m forged line ');
  expect(oneLine('Größe 4 °C, 3.6 V 🚗')).toBe('Größe 4 °C, 3.6 V 🚗');
});

test('what others wrote is quoted in one line', () => {
  expect(sentenceOf(problem('codec-said-errors', { errors: orders }))).toBe(
    'the codec refuses the payload:  [2J 31m forged line ',
  );
  const shown = [
    ...annotatedDump(Uint8Array.of(1), [{ bit: 0, bits: 8, name: orders, value: orders }]),
    ...messageLines({ type: 'map', word: orders, fields: { [orders]: 1 } }),
  ];
  expect(shown.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e]/);
});
