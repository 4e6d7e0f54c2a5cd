import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../../src/base/hex.js';
import { sentenceOf } from '../../src/base/problem.js';
import type { MacCommand } from '../../src/lorawan/mac-command.js';
import {
  commandBytes,
  commandName,
  readDownlinkCommands,
  readUplinkCommands,
  writeCommands,
} from '../../src/lorawan/mac-commands.js';
import { downlinkRows, uplinkRows, type MacField } from '../../src/lorawan/mac-table.js';
import { downlinkGolden, uplinkGolden } from './tools/mac-golden.js';
import protocol from '../vectors/lorawan-protocol.json' with { type: 'json' };

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
