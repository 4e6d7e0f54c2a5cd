import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../../src/base/hex.js';
import { sentenceOf } from '../../src/base/problem.js';
import type { DownlinkCommand, MacCommand, UplinkCommand } from '../../src/lorawan/mac-command.js';
import {
  commandBytes,
  commandName,
  readDownlinkCommands,
  readUplinkCommands,
  writeCommands,
} from '../../src/lorawan/mac-commands.js';
import { downlinkRows, uplinkRows, type MacField } from '../../src/lorawan/mac-table.js';
import protocol from '../vectors/lorawan-protocol.json' with { type: 'json' };

/** Bytes by hand from the figures of LoRaWAN 1.0.4 §5 and §12, and of LoRaWAN 1.1 §5; (CS): also a test of ChirpStack. */
const uplinkGolden: readonly (readonly [string, UplinkCommand])[] = [
  ['0101', { kind: 'reset-ind', minor: 1 }], // (CS)
  ['02', { kind: 'link-check-req' }], // (CS)
  ['0307', { kind: 'link-adr-ans', channelMaskOk: true, dataRateOk: true, powerOk: true }], // (CS)
  ['0301', { kind: 'link-adr-ans', channelMaskOk: true, dataRateOk: false, powerOk: false }],
  ['0302', { kind: 'link-adr-ans', channelMaskOk: false, dataRateOk: true, powerOk: false }],
  ['0304', { kind: 'link-adr-ans', channelMaskOk: false, dataRateOk: false, powerOk: true }],
  ['04', { kind: 'duty-cycle-ans' }],
  ['0505', { kind: 'rx-param-setup-ans', channelOk: true, rx2DataRateOk: false, rx1DrOffsetOk: true }], // (CS)
  ['0502', { kind: 'rx-param-setup-ans', channelOk: false, rx2DataRateOk: true, rx1DrOffsetOk: false }],
  ['06ff14', { kind: 'dev-status-ans', battery: 255, marginDb: 20 }],
  ['060020', { kind: 'dev-status-ans', battery: 0, marginDb: -32 }],
  ['06fe3f', { kind: 'dev-status-ans', battery: 254, marginDb: -1 }],
  ['06011f', { kind: 'dev-status-ans', battery: 1, marginDb: 31 }],
  ['0703', { kind: 'new-channel-ans', frequencyOk: true, dataRatesOk: true }], // (CS)
  ['0702', { kind: 'new-channel-ans', frequencyOk: false, dataRatesOk: true }],
  ['08', { kind: 'rx-timing-setup-ans' }],
  ['09', { kind: 'tx-param-setup-ans' }],
  ['0a01', { kind: 'dl-channel-ans', frequencyOk: true, uplinkExists: false }],
  ['0a02', { kind: 'dl-channel-ans', frequencyOk: false, uplinkExists: true }],
  ['0b01', { kind: 'rekey-ind', minor: 1 }],
  ['0c', { kind: 'adr-param-setup-ans' }],
  ['0d', { kind: 'device-time-req' }],
  ['0f01', { kind: 'rejoin-param-setup-ans', timeOk: true }],
  ['1005', { kind: 'ping-slot-info-req', periodicity: 5 }],
  ['1101', { kind: 'ping-slot-channel-ans', frequencyOk: true, dataRateOk: false }],
  ['1102', { kind: 'ping-slot-channel-ans', frequencyOk: false, dataRateOk: true }],
  ['12', { kind: 'beacon-timing-req' }],
  ['1301', { kind: 'beacon-freq-ans', frequencyOk: true }],
  ['2002', { kind: 'device-mode-ind', deviceClass: 'C' }],
  ['2000', { kind: 'device-mode-ind', deviceClass: 'A' }],
];

const downlinkGolden: readonly (readonly [string, DownlinkCommand])[] = [
  ['0101', { kind: 'reset-conf', minor: 1 }],
  ['020a0f', { kind: 'link-check-ans', marginDb: 10, gateways: 15 }], // (CS)
  [
    '0312040045', // (CS)
    { kind: 'link-adr-req', dataRate: 1, txPower: 2, channelMask: 0x0004, channelMaskControl: 4, nbTrans: 5 },
  ],
  [
    '035134127f',
    { kind: 'link-adr-req', dataRate: 5, txPower: 1, channelMask: 0x1234, channelMaskControl: 7, nbTrans: 15 },
  ],
  ['0407', { kind: 'duty-cycle-req', exponent: 7 }],
  ['053b010204', { kind: 'rx-param-setup-req', rx1DrOffset: 3, rx2DataRate: 11, freqHz: 26_265_700 }], // (CS)
  ['0503d2ad84', { kind: 'rx-param-setup-req', rx1DrOffset: 0, rx2DataRate: 3, freqHz: 869_525_000 }],
  ['06', { kind: 'dev-status-req' }],
  ['07030102045a', { kind: 'new-channel-req', index: 3, freqHz: 26_265_700, minDr: 10, maxDr: 5 }], // (CS)
  ['0703184f8450', { kind: 'new-channel-req', index: 3, freqHz: 867_100_000, minDr: 0, maxDr: 5 }],
  ['0805', { kind: 'rx-timing-setup-req', delayS: 5 }],
  ['091f', { kind: 'tx-param-setup-req', downlinkDwell: false, uplinkDwell: true, maxEirpIndex: 15 }], // (CS)
  ['0925', { kind: 'tx-param-setup-req', downlinkDwell: true, uplinkDwell: false, maxEirpIndex: 5 }],
  ['0a01107a84', { kind: 'dl-channel-req', index: 1, freqHz: 868_200_000 }], // (CS)
  ['0b01', { kind: 'rekey-conf', minor: 1 }],
  ['0c65', { kind: 'adr-param-setup-req', limitExponent: 6, delayExponent: 5 }],
  ['0d0100000002', { kind: 'device-time-ans', gpsSeconds: 1, fraction: 2 }], // (CS)
  ['0dffffffff80', { kind: 'device-time-ans', gpsSeconds: 0xffff_ffff, fraction: 128 }],
  ['0e252b', { kind: 'force-rejoin-req', period: 5, maxRetries: 3, rejoinType: 2, dataRate: 5 }],
  ['0f4c', { kind: 'rejoin-param-setup-req', maxTimeExponent: 4, maxCountExponent: 12 }],
  ['10', { kind: 'ping-slot-info-ans' }],
  ['11d2ad8403', { kind: 'ping-slot-channel-req', freqHz: 869_525_000, dataRate: 3 }],
  ['12341205', { kind: 'beacon-timing-ans', delay: 0x1234, channel: 5 }],
  ['13d2ad84', { kind: 'beacon-freq-req', freqHz: 869_525_000 }],
  ['13000000', { kind: 'beacon-freq-req', freqHz: 0 }],
  ['2002', { kind: 'device-mode-conf', deviceClass: 'C' }],
];

const sides = [
  { side: 'uplink', golden: uplinkGolden, rows: uplinkRows, read: readUplinkCommands },
  { side: 'downlink', golden: downlinkGolden, rows: downlinkRows, read: readDownlinkCommands },
] as const;

for (const { side, golden, rows, read } of sides)
  describe(side, () => {
    for (const [bytes, command] of golden)
      test(`${commandName(command)} ${bytes}`, () => {
        expect(read(hex(bytes))).toEqual({ commands: [command], rest: new Uint8Array(0) });
        expect(toHex(writeCommands([command]))).toBe(bytes);
        expect(commandBytes(command)).toBe(bytes.length / 2);
      });

    test('there is a golden vector for every command of the table, and the names are in their order', () => {
      expect([...new Set(golden.map(([, { kind }]) => kind))].sort()).toEqual(Object.keys(rows).sort());
      for (const [kind, row] of Object.entries(rows as Record<string, { name: string }>))
        expect(row.name.toLowerCase()).toBe(kind.replaceAll('-', ''));
    });

    test('all of them in one list', () => {
      const all = golden.map(([, command]) => command) as readonly MacCommand[];
      expect(read(writeCommands(all))).toEqual({ commands: all, rest: new Uint8Array(0) });
    });

    test('a cut command ends the list; what stands before it holds', () => {
      const [first] = golden.find(([, { kind }]) => kind.startsWith('link-adr'))!;
      for (const [bytes] of golden.filter(([text]) => text.length > 2))
        for (let cut = 2; cut < bytes.length; cut += 2) {
          const list = read(hex(first + bytes.slice(0, cut)));
          expect(list.commands).toEqual(read(hex(first)).commands);
          expect(toHex(list.rest)).toBe(bytes.slice(0, cut));
          expect(list.problem?.code).toBe('mac-command-cut');
        }
    });
  });

test("the golden vectors hold every one of ChirpStack's", () => {
  const { uplink, downlink } = protocol.macCommands;
  expect(uplinkGolden.map(([bytes]) => bytes)).toEqual(expect.arrayContaining(Object.values(uplink)));
  expect(downlinkGolden.map(([bytes]) => bytes)).toEqual(expect.arrayContaining(Object.values(downlink)));
});

test('an unknown CID ends the list, a proprietary one with a reason of its own', () => {
  const known = { uplink: Object.values(uplinkRows), downlink: Object.values(downlinkRows) };
  for (const { side, read } of sides)
    for (let cid = 0; cid < 256; cid++) {
      if (known[side].some((row) => row.cid === cid)) continue;
      const code = cid >= 0x80 ? 'mac-command-proprietary' : 'mac-command-unknown';
      expect(read(Uint8Array.of(cid, 7))).toMatchObject({
        commands: [],
        rest: Uint8Array.of(cid, 7),
        problem: { code, facts: { at: 0, direction: side } },
      });
    }
  const { commands, rest, problem } = readUplinkCommands(hex('02800102'));
  expect(commands).toEqual([{ kind: 'link-check-req' }]);
  expect(toHex(rest)).toBe('800102');
  expect(sentenceOf(problem!)).toBe("the MAC command 80 at byte 1 of the uplink is a manufacturer's own");
  expect(readDownlinkCommands(hex('0630')).problem).toMatchObject({ code: 'mac-command-unknown', facts: { at: 1 } });
  // ForceRejoinReq is the one command that has no answer in frames: its CID means nothing upwards.
  expect(readUplinkCommands(hex('0e')).problem?.code).toBe('mac-command-unknown');
});

test('reserved bits are ignored, a reserved device class is not guessed', () => {
  expect(readUplinkCommands(hex('03ff')).commands).toEqual(readUplinkCommands(hex('0307')).commands);
  expect(readUplinkCommands(hex('06ffd4')).commands).toEqual(readUplinkCommands(hex('06ff14')).commands);
  expect(readDownlinkCommands(hex('03120400c5')).commands).toEqual(readDownlinkCommands(hex('0312040045')).commands);
  expect(readUplinkCommands(hex('022001'))).toMatchObject({
    commands: [{ kind: 'link-check-req' }],
    problem: { code: 'bad-field', facts: { field: 'DeviceModeInd deviceClass', value: 1 } },
  });
});

describe('a value that does not fit is a broken promise of ours', () => {
  const adr = {
    kind: 'link-adr-req',
    dataRate: 1,
    txPower: 2,
    channelMask: 7,
    channelMaskControl: 0,
    nbTrans: 1,
  } as const;
  const wrong: readonly MacCommand[] = [
    { ...adr, dataRate: 16 },
    { ...adr, channelMask: 0x10000 },
    { ...adr, nbTrans: -1 },
    { ...adr, txPower: 1.5 },
    { kind: 'dev-status-ans', battery: 255, marginDb: 32 },
    { kind: 'dev-status-ans', battery: 255, marginDb: -33 },
    { kind: 'dev-status-ans', battery: Number.NaN, marginDb: 0 },
    { kind: 'beacon-freq-req', freqHz: 869_525_050 },
    { kind: 'beacon-freq-req', freqHz: 2_422_000_000 },
    { kind: 'device-time-ans', gpsSeconds: 0x1_0000_0000, fraction: 0 },
    { kind: 'no-such-command' } as unknown as MacCommand,
  ];
  for (const command of wrong)
    test(JSON.stringify(command), () => expect(() => writeCommands([command])).toThrow(RangeError));
});

/** Any command, from the table itself: a raw number for every field that the field understands. */
const anyCommand = (rows: object): fc.Arbitrary<MacCommand> =>
  fc.oneof(
    ...Object.entries(rows as Record<string, { fields: Record<string, MacField<unknown>> }>).map(([kind, { fields }]) =>
      fc.record({
        kind: fc.constant(kind),
        ...Object.fromEntries(
          Object.entries(fields).map(([name, { bits, read }]) => [
            name,
            fc
              .nat(2 ** bits - 1)
              .map(read)
              .filter((value) => value !== undefined),
          ]),
        ),
      }),
    ),
  ) as unknown as fc.Arbitrary<MacCommand>;

for (const { side, rows, read } of sides)
  test(`${side}: what is written is read again, whatever follows`, () => {
    fc.assert(
      fc.property(fc.array(anyCommand(rows), { maxLength: 12 }), fc.uint8Array({ maxLength: 4 }), (commands, tail) => {
        const bytes = writeCommands(commands);
        expect(bytes.length).toBe(commands.reduce((sum, command) => sum + commandBytes(command), 0));
        expect(read(bytes)).toEqual({ commands, rest: new Uint8Array(0) });
        const more = read(Uint8Array.of(...bytes, ...tail));
        expect(more.commands.slice(0, commands.length)).toEqual(commands);
      }),
      { numRuns: 500 },
    );
  });

test('noise: never a throw; what was read and what was left are the whole, and a reason stands for every rest', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      for (const read of [readUplinkCommands, readDownlinkCommands]) {
        const { commands, rest, problem } = read(bytes);
        const readBytes = (commands as readonly MacCommand[]).reduce((sum, command) => sum + commandBytes(command), 0);
        expect(readBytes + rest.length).toBe(bytes.length);
        expect(toHex(bytes)).toMatch(new RegExp(`${toHex(rest)}$`));
        expect(problem !== undefined).toBe(rest.length > 0);
        // Reserved bits apart, the commands are the bytes.
        expect(read(writeCommands(commands as readonly MacCommand[])).commands).toEqual(commands);
      }
    }),
    { numRuns: 2_000 },
  );
});
