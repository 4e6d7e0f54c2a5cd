import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import { isText, judgeBauds, printableRatio, talkBauds } from '../../src/console/printable.js';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** What a UART at `readBaud` makes of a line on which `text` is sent at `sentBaud`, 8N1, with a pause after each line. */
const misread = (text: string, sentBaud: number, readBaud: number): Uint8Array => {
  const bits: number[] = [1, 1, 1];
  for (const byte of ascii(text)) {
    bits.push(0, ...Array.from({ length: 8 }, (_, i) => (byte >> i) & 1), 1);
    if (byte === 0x0a) bits.push(...Array.from({ length: 12 }, () => 1));
  }
  const level = (at: number): number => bits[Math.floor(at * sentBaud)] ?? 1;
  const end = bits.length / sentBaud;
  const bit = 1 / readBaud;
  const read: number[] = [];
  for (let at = 0; at < end;) {
    if (level(at) === 1) {
      at += bit / 16;
      continue;
    }
    let byte = 0;
    for (let i = 0; i < 8; i++) byte |= level(at + (1.5 + i) * bit) << i;
    read.push(byte);
    at += 9.5 * bit;
    // After a bad stop bit the line must rise before another start is one.
    while (level(at) === 0 && at < end) at += bit / 16;
  }
  return Uint8Array.from(read);
};

const bootLog = [
  'RAKwireless RAK3172-E Example\r\n',
  '+EVT:JOINED\r\n+EVT:SEND_CONFIRMED_OK\r\n',
  'ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n',
  'LoRaWAN EU868 Class A start!\r\njoining...joined\r\nunconfirmed uplink sending ...\r\n',
].join('');

test('the model of a line reads what is sent at the same speed', () => {
  for (const baud of talkBauds) expect(misread(bootLog, baud, baud)).toEqual(ascii(bootLog));
});

test.each(talkBauds)('a log that is sent at %i is found there and nowhere else', (sent) => {
  const samples = talkBauds.map((baud) => ({ baud, bytes: misread(bootLog, sent, baud) }));
  expect(judgeBauds(samples)).toEqual({ kind: 'text', baud: sent, ratio: 1 });
  expect(samples.filter(({ bytes }) => isText(bytes)).map(({ baud }) => baud)).toEqual([sent]);
});

test('silence, a few bytes and noise are told apart', () => {
  const none = new Uint8Array();
  expect(judgeBauds([])).toEqual({ kind: 'silent' });
  expect(judgeBauds([{ baud: 9_600, bytes: none }])).toEqual({ kind: 'silent' });
  expect(judgeBauds([{ baud: 9_600, bytes: ascii('OK\r\n') }])).toEqual({ kind: 'too-little', bytes: 4 });
  const noise = Uint8Array.from({ length: 64 }, (_, i) => (i * 73) & 0xff);
  expect(judgeBauds([{ baud: 9_600, bytes: noise }])).toMatchObject({ kind: 'noise', bestBaud: 9_600 });
});

test('a ratio is a ratio, and the order of the bytes is nothing to it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const ratio = printableRatio(bytes);
      return ratio >= 0 && ratio <= 1 && printableRatio(bytes.toReversed()) === ratio;
    }),
  );
});

test('any ASCII text that is long enough is text; random bytes never are', () => {
  const letters = fc.array(fc.integer({ min: 0x20, max: 0x7e }), { minLength: 16, maxLength: 200 });
  fc.assert(fc.property(letters, (codes) => isText(Uint8Array.from(codes))));
  // 99 of 256 bytes are printable: 64 random ones come to nine tenths once in 10^15 times.
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 64, max: 300 }), (seed, length) => {
      const noise = dice('noise', seed);
      return !isText(Uint8Array.from({ length }, () => Math.floor(noise.next() * 256)));
    }),
  );
});

test('whatever was heard, a verdict comes back that names a speed that was tried', () => {
  const samples = fc.array(
    fc.record({ baud: fc.constantFrom(...talkBauds), bytes: fc.uint8Array({ maxLength: 64 }) }),
    { maxLength: 9 },
  );
  fc.assert(
    fc.property(samples, (heard) => {
      const verdict = judgeBauds(heard);
      const bauds = heard.map(({ baud }) => baud);
      if (verdict.kind === 'text') return bauds.includes(verdict.baud);
      return verdict.kind !== 'noise' || bauds.includes(verdict.bestBaud);
    }),
  );
});
