import { expect, test } from 'vitest';
import { describe as said, must } from '../../src/base/problem.js';
import { codecMapSchema, type CodecMap } from '../../src/config/codec-map.js';
import { readAs, readDocument } from '../../src/config/document.js';

const read = (text: string): CodecMap | readonly string[] => {
  const result = readAs(must(readDocument(text, 'map.yaml')), codecMapSchema);
  return result.ok ? result.value : result.problems.map(said);
};
const head = 'vendor: Bay\nmodel: Guard 2\nsource: https://example.org/codec\ncodec: guard.js\nfPort: 2\n';

test('reads every kind of rule as what it is', () => {
  expect(
    read(`${head}fPorts: [2, 3]
personal: [driver.tag]
reading:
  occupied: { from: parking.status, is: [1, busy, true] }
  tamper: { from: moved, is: 1 }
  batteryLow: low
  batteryV: { from: battery, factor: 0.001, offset: -0.5 }
  temperatureC: temp
  fault: { from: error, text: { 7: radar-failed, both: 'radar-failed,magnetometer-failed' } }
  restart: { from: reset, text: { wd: watchdog } }
readings:
  - { head: 1, occupied: heads.0.occupied }
  - { head: 2, distanceMm: { from: heads.1.distance, factor: 10 } }
`),
  ).toEqual({
    vendor: 'Bay',
    model: 'Guard 2',
    source: 'https://example.org/codec',
    codec: 'guard.js',
    fPort: 2,
    fPorts: [2, 3],
    personal: ['driver.tag'],
    reading: {
      occupied: { from: 'parking.status', is: ['1', 'busy', 'true'] },
      tamper: { from: 'moved', is: '1' },
      batteryLow: 'low',
      batteryV: { from: 'battery', factor: 0.001, offset: -0.5 },
      temperatureC: 'temp',
      fault: { from: 'error', text: { 7: 'radar-failed', both: 'radar-failed,magnetometer-failed' } },
      restart: { from: 'reset', text: { wd: 'watchdog' } },
    },
    readings: [
      { head: 1, occupied: 'heads.0.occupied' },
      { head: 2, distanceMm: { from: 'heads.1.distance', factor: 10 } },
    ],
  });
});

test.each([
  ['reading: { ocupied: a }', 'map.yaml:6:12: reading.ocupied: '],
  ['reading: { occupied: { from: a, factor: 2 } }', 'map.yaml:6:'],
  ['reading: { batteryV: { from: a, is: 2 } }', 'map.yaml:6:'],
  ['reading: { batteryV: { from: a, factor: much } }', 'map.yaml:6:'],
  ['reading: { restart: { from: a, text: { x: exploded } } }', 'map.yaml:6:'],
  ['reading: { fault: { from: a, text: { x: A Sentence. } } }', 'map.yaml:6:'],
  ['reading: { head: 0 }', 'map.yaml:6:'],
  ['reading: { head: 999 }', 'map.yaml:6:'],
  ['reading: { occupied: a..b }', 'expected is a path in the data'],
  ['reading: { occupied: a.constructor }', 'a path leads through data'],
  ['reading: { firmware: tag }\npersonal: [tag]', 'nothing personal enters a reading'],
  ['reading: { firmware: driver.name }\npersonal: [driver]', 'nothing personal enters a reading'],
  ['reading: {}\nreadings: [{ firmware: driver }]\npersonal: [driver.name]', 'nothing personal enters a reading'],
  ['reading: {}\nreadings: []', 'readings'],
])('says what is wrong with %s', (text, sentence) => {
  const problems = read(head + text);
  expect(problems).toBeInstanceOf(Array);
  expect((problems as readonly string[]).join('\n')).toContain(sentence);
});

test.each(['../guard.js', 'a/guard.js', 'guard.ts', 'C:\\guard.js'])('a codec does not lie at %s', (codec) => {
  expect(read(`${head.replace('guard.js', codec)}reading: {}`)).toEqual([
    expect.stringContaining('map.yaml:4:8: codec: expected is the name of a .js file'),
  ]);
});
