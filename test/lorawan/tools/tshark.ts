import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '../../../src/base/hex.js';

/** A capture file of LoRaTap v0 frames (LINKTYPE_LORATAP 270; eriknl/LoRaTap README): what every tshark reads. */
const pcap = (frames: readonly Uint8Array[]): Buffer => {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(270, 20);
  const packets = frames.map((phy, i) => {
    const tap = Buffer.alloc(15);
    tap.writeUInt16BE(15, 2);
    tap.writeUInt32BE(868_100_000, 4);
    tap.writeUInt8(1, 8);
    tap.writeUInt8(7, 9);
    tap.writeUInt8(60, 10);
    tap.writeUInt8(0x34, 14);
    const record = Buffer.alloc(16);
    record.writeUInt32LE(i, 0);
    record.writeUInt32LE(tap.length + phy.length, 8);
    record.writeUInt32LE(tap.length + phy.length, 12);
    return Buffer.concat([record, tap, phy]);
  });
  return Buffer.concat([head, ...packets]);
};

/** The keys that tshark is told. */
export interface TsharkKeys {
  readonly sessions: readonly { readonly devAddr: number; readonly nwk: Uint8Array; readonly app: Uint8Array }[];
  readonly roots: readonly { readonly joinEui: string; readonly devEui: string; readonly appKey: Uint8Array }[];
}

/** Whether this tshark has the LoRaWAN dissector that was rewritten for Wireshark 4.2: other key tables, fewer bugs. */
export const isModern = (): boolean => {
  const text = execFileSync('tshark', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [, major, minor] = /(\d+)\.(\d+)\.\d+/.exec(text)!;
  return Number(major) * 100 + Number(minor) >= 402;
};

const reversed = (text: string): string => text.match(/../g)!.reverse().join('');

/** Key tables as preferences; in the old one an AppKey stands beside its JoinEUI, both in the order of the wire. */
const preferences = ({ sessions, roots }: TsharkKeys, modern: boolean): readonly string[] => {
  const row = (...cells: readonly string[]): string => cells.map((cell) => `"${cell}"`).join(',');
  const addr = (devAddr: number): string => devAddr.toString(16).padStart(8, '0');
  if (modern)
    return [
      ...sessions.map((s) => `uat:session_keys_lorawan:${row(addr(s.devAddr), toHex(s.nwk), toHex(s.app))}`),
      ...roots.map((r) => `uat:root_keys_lorawan:${row(r.devEui, toHex(r.appKey))}`),
    ];
  const none = '00'.repeat(8);
  return [
    ...sessions.map((s) => row(reversed(addr(s.devAddr)), toHex(s.nwk), toHex(s.app), none)),
    ...roots.map((r) => row('00000000', '00'.repeat(16), toHex(r.appKey), reversed(r.joinEui))),
  ].map((cells) => `uat:encryption_keys_lorawan:${cells}`);
};

/** What tshark says of each frame: its fields by name, several values of one separated by commas. */
export const dissect = (
  frames: readonly Uint8Array[],
  keys: TsharkKeys,
  { fields, modern }: { readonly fields: readonly string[]; readonly modern: boolean },
): readonly Readonly<Record<string, string>>[] => {
  const folder = mkdtempSync(join(tmpdir(), 'stellwerk-tshark-'));
  try {
    const file = join(folder, 'frames.pcap');
    writeFileSync(file, pcap(frames));
    const options = [
      ...preferences(keys, modern).flatMap((preference) => ['-o', preference]),
      ...fields.flatMap((field) => ['-e', field]),
    ];
    const text = execFileSync('tshark', ['-r', file, '-T', 'fields', ...options], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64 * 1024 * 1024,
    });
    return text
      .split('\n')
      .slice(0, frames.length)
      .map((line) => Object.fromEntries(line.split('\t').map((cell, i) => [fields[i]!, cell])));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
