import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dice, whole } from '../../src/base/dice.js';
import { toHex } from '../../src/base/hex.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { sealData } from '../../src/lorawan/frame.js';
import { havePeer } from '../peers/peer.js';

/** A capture file of LoRaTap v0 frames (LINKTYPE_LORATAP 270; eriknl/LoRaTap README): what Debian's tshark reads. */
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

describe.skipIf(!havePeer('tshark'))('tshark, a third and independent reader', () => {
  test('finds every MIC right and decrypts every payload of two thousand frames', () => {
    const d = dice('tshark', 'frames');
    const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => whole(d, 0, 255));
    const nwk = bytes(16);
    const app = bytes(16);
    const devAddr = 0x26011bda;
    // tshark knows 16 bits of the counter and takes the AppSKey on port 0, so the frames keep to what it can judge.
    const made = Array.from({ length: 2_000 }, (_, i) => {
      const payload = bytes(whole(d, 1, 51));
      const frame = {
        uplink: i % 3 !== 0,
        confirmed: i % 5 === 0,
        devAddr,
        fCnt: whole(d, 0, 65_535),
        fPort: whole(d, 1, 223),
        payload,
      };
      return { ...frame, phy: sealData({ ...frame, adr: i % 2 === 0, nwkSKey: aesKey(nwk), appSKey: aesKey(app) }) };
    });
    const folder = mkdtempSync(join(tmpdir(), 'stellwerk-tshark-'));
    const file = join(folder, 'frames.pcap');
    writeFileSync(file, pcap(made.map(({ phy }) => phy)));
    // DevAddr in wire order (Wireshark's UAT of this version).
    const keys = `uat:encryption_keys_lorawan:"da1b0126","${toHex(nwk)}","${toHex(app)}","0000000000000000"`;
    const fields = [
      'lorawan.fhdr.devaddr',
      'lorawan.fhdr.fcnt',
      'lorawan.fport',
      'lorawan.frmpayload_decrypted',
      'lorawan.mic.status',
    ];
    const text = execFileSync(
      'tshark',
      ['-r', file, '-o', keys, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    rmSync(folder, { recursive: true, force: true });
    const lines = text.trim().split('\n');
    expect(lines).toHaveLength(made.length);
    lines.forEach((line, i) => {
      const { fCnt, fPort, payload } = made[i]!;
      const [addr, count, port, plain, mic] = line.split('\t');
      expect(Number(addr)).toBe(devAddr);
      expect(Number(count)).toBe(fCnt);
      expect(Number(port)).toBe(fPort);
      expect(plain!.replace(/[:]/g, '')).toBe(toHex(payload));
      expect(mic).toBe('1');
    });
  });
});
