import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describe as sentence } from '../../src/base/problem.js';
import { redact } from '../../src/base/secrets.js';
import { mostLineBytes, readRecord, writeRecord } from '../../src/trace/json-lines.js';

const record = { us: 1_780_293_600_000_000, source: 'gateway:00800000a00009ef', kind: 'rx', body: { rssiDbm: -97 } };

test('a record is one line, in a fixed order of fields', () =>
  expect(writeRecord(record)).toBe(
    '{"us":1780293600000000,"source":"gateway:00800000a00009ef","kind":"rx","body":{"rssiDbm":-97}}',
  ));

test('what is written is read again, less its secrets', () =>
  fc.assert(
    fc.property(
      fc.maxSafeInteger(),
      fc.string({ minLength: 1 }),
      fc.string({ minLength: 1 }),
      fc.dictionary(fc.string(), fc.jsonValue()),
      (us, source, kind, body) => {
        const line = writeRecord({ us, source, kind, body });
        expect(line).not.toMatch(/[\r\n]/);
        const read = readRecord(line);
        const plain = JSON.parse(JSON.stringify({ us, source, kind, body: redact(body) })) as unknown;
        expect(read).toEqual({ ok: true, value: plain });
      },
    ),
  ));

test('keys do not get into a recording, however they are called', () => {
  const appKey = '00112233445566778899aabbccddeeff';
  const line = writeRecord({ ...record, body: { device: { appKey }, at: `AT+APPKEY=${appKey}`, nwkSKey: appKey } });
  expect(line).not.toContain('0011');
  expect(line).toContain('[redacted]');
});

test.each([
  ['', 'not JSON'],
  ['{', 'not JSON'],
  ['[]', 'not a JSON object'],
  ['null', 'not a JSON object'],
  ['{"us":"1","source":"a","kind":"b","body":{}}', 'us is not a whole number of microseconds'],
  ['{"us":1.5,"source":"a","kind":"b","body":{}}', 'us is not a whole number of microseconds'],
  ['{"us":1e300,"source":"a","kind":"b","body":{}}', 'us is not a whole number of microseconds'],
  ['{"us":1,"kind":"b","body":{}}', 'source is missing'],
  ['{"us":1,"source":"a","kind":"","body":{}}', 'kind is missing'],
  ['{"us":1,"source":"a","kind":"b","body":[]}', 'body is not an object'],
])('%s is no record, and its line is named', (line, why) => {
  const read = readRecord(line, 17);
  expect(!read.ok && sentence(read.problem)).toBe(`line 17 is no record: ${why}`);
});

test('a line beyond the bound is refused before it is parsed', () => {
  const read = readRecord(`"${'x'.repeat(mostLineBytes)}"`, 3);
  expect(!read.ok && read.problem.code).toBe('record-too-long');
});

test('noise never throws', () =>
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), (text) => {
      const read = readRecord(text);
      if (!read.ok) expect(['bad-record', 'record-too-long']).toContain(read.problem.code);
    }),
    { numRuns: 2000 },
  ));
