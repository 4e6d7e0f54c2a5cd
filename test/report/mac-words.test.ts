import { expect, test } from 'vitest';
import { hex } from '../../src/base/hex.js';
import { readDownlinkCommands, readUplinkCommands } from '../../src/lorawan/mac-commands.js';
import { macJson, macLines } from '../../src/report/explain-mac.js';
import { bitsText, commandWords } from '../../src/report/mac-words.js';
import { downlinkGolden, uplinkGolden } from '../lorawan/tools/mac-golden.js';

const words = (direction: 'up' | 'down', text: string): string =>
  commandWords((direction === 'up' ? readUplinkCommands : readDownlinkCommands)(hex(text)).commands[0]!);

test.each([
  ['down', '020a0f', 'heard by 15 gateways, 10 dB above the floor'],
  ['down', '020001', 'heard by 1 gateway, 0 dB above the floor'],
  ['down', '0352ff0001', 'data rate 5, power index 2, channels 0 to 7 on, 1 transmission per frame'],
  ['down', '03ff070003', 'data rate as it is, power index as it is, channels 0 to 2 on, 3 transmissions per frame'],
  [
    'down',
    '0350ff0060',
    'data rate 5, power index 0, channel mask 00ff under control 6, as the region has it, 1 transmission per frame',
  ],
  ['up', '0305', 'channel mask, power accepted; data rate refused'],
  ['up', '0307', 'channel mask, data rate, power accepted'],
  ['up', '0300', 'channel mask, data rate, power refused'],
  ['down', '0400', 'no limit'],
  ['down', '0407', 'at most 1/128 of the time on the air'],
  ['down', '0523d2ad84', 'RX2 at 869.5250 MHz with data rate 3, RX1 data rate lowered by 2'],
  ['up', '06ff3f', 'battery not measured, SNR of the request -1 dB'],
  ['up', '060005', 'external power, SNR of the request 5 dB'],
  ['up', '067f05', 'battery 50 %, SNR of the request 5 dB'],
  ['down', '0703184f8450', 'channel 3 at 867.1000 MHz, data rates 0 to 5'],
  ['down', '070300000050', 'channel 3 off'],
  ['down', '0800', 'RX1 opens after 1 s'],
  ['down', '0925', 'at most 16 dBm EIRP, dwell time up not limited, down 400 ms'],
  ['down', '0d0100000002', 'the uplink ended at GPS second 1 and 2/256'],
  ['down', '0c65', 'ADR_ACK_LIMIT 64, ADR_ACK_DELAY 32'],
  ['down', '0e252b', 'rejoin with type 2 at data rate 5, 3 repetitions 1024 s apart'],
  ['down', '0f4c', 'rejoin every 2^14 s, and every 2^16 uplinks'],
  ['down', '12020001', 'the next beacon in 60 to 90 ms on channel 1'],
] as const)('%s %s: %s', (direction, text, expected) => expect(words(direction, text)).toBe(expected));

test('no command speaks of what it does not know', () => {
  for (const [, command] of [...uplinkGolden, ...downlinkGolden])
    expect(commandWords(command)).not.toMatch(/undefined|NaN|object/);
});

test('a mask as channels', () => {
  expect(bitsText(0)).toBe('none');
  expect(bitsText(0b1011)).toBe('0 to 1, 3');
  expect(bitsText(0xffff, 16)).toBe('16 to 31');
  expect(bitsText(0x8001, 64)).toBe('64, 79');
});

test('a list shows its bytes, and what could not be read with the reason', () => {
  const bytes = hex('030706ff1480aa');
  const list = readUplinkCommands(bytes);
  expect(macLines(bytes, list)).toEqual([
    expect.stringMatching(/^ {2}0307 +bytes 0-1 +LinkADRAns +channel mask, data rate, power accepted$/),
    expect.stringMatching(/^ {2}06ff14 +bytes 2-4 +DevStatusAns +battery not measured/),
    expect.stringMatching(/^ {2}80aa +bytes 5-6 +not read/),
    "  the MAC command 80 at byte 5 of the uplink is a manufacturer's own",
    expect.stringContaining('Its length is unknown'),
  ]);
  expect(macJson(list)).toMatchObject({ rest: '80aa', problem: { code: 'mac-command-proprietary' } });
  expect(macLines(hex(''), readUplinkCommands(hex('')))).toEqual([]);
});
