import { describe, expect, test } from 'vitest';
import { dice, whole } from '../../src/base/dice.js';
import { hex, toHex } from '../../src/base/hex.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { sealData, type ClearFields } from '../../src/lorawan/frame.js';
import { sealData11 } from '../../src/lorawan/frame11.js';
import { sealJoinAccept, sealJoinRequest } from '../../src/lorawan/join.js';
import type { MacCommand } from '../../src/lorawan/mac-command.js';
import { commandName, writeCommands } from '../../src/lorawan/mac-commands.js';
import { sealRejoin } from '../../src/lorawan/rejoin.js';
import { havePeer } from '../peers/peer.js';
import { downlinkGolden, uplinkGolden } from './tools/mac-golden.js';
import { dissect, isModern } from './tools/tshark.js';

const d = dice('tshark', 'frames');
const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => whole(d, 0, 255));
const nwk = bytes(16);
const app = bytes(16);
const appKey = bytes(16);
const devAddr = 0x26011bda;
/** A session whose two keys are one: the dissector of Wireshark 4.0 opens port 0 with the AppSKey. */
const oneKeyAddr = 0x26011bdb;
const joinEui = '70b3d57ed0000001';
const devEui = '0004a30b001c0530';
const keys = {
  sessions: [
    { devAddr, nwk, app },
    { devAddr: oneKeyAddr, nwk, app: nwk },
  ],
  roots: [{ joinEui, devEui, appKey }],
};

/** CIDs that a dissector knows; after any other it stops reading the list, without calling it malformed. */
const knows = (modern: boolean, cid: number): boolean =>
  modern ? (cid >= 2 && cid <= 0x0a) || cid === 0x0d || (cid >= 0x10 && cid <= 0x13) : cid >= 2 && cid <= 8;
/** Wireshark from 4.2 on takes BeaconTimingAns for a DeviceTimeAns: five bytes for three. */
const misreads = (modern: boolean, name: string): boolean => modern && name === 'BeaconTimingAns';

const installed = havePeer('tshark');

describe.skipIf(!installed)('tshark, a third and independent reader', () => {
  const modern = installed && isModern();
  const typeField = modern ? 'lorawan.mhdr.ftype' : 'lorawan.mhdr.mtype';
  const commandFields = ['lorawan.mac_command_uplink', 'lorawan.mac_command_downlink'];
  const common = [typeField, 'lorawan.mic.status', '_ws.malformed', '_ws.expert.message'];
  const ask = (frames: readonly Uint8Array[], fields: readonly string[]) =>
    dissect(frames, keys, { fields: [...common, ...fields], modern });
  /** 1: verified, 0: wrong, 2 (or a note that keys are missing): it cannot say. */
  const mic = (row: Readonly<Record<string, string>>): string => row['lorawan.mic.status'] ?? '';
  const wellFormed = (row: Readonly<Record<string, string>>): void => {
    expect(row['_ws.malformed']).toBe('');
    expect(row['_ws.expert.message']).not.toMatch(/malformed|not according to/i);
  };
  const sealed = (f: Omit<ClearFields, 'devAddr' | 'confirmed'> & Partial<ClearFields>): Uint8Array => {
    const one = f.devAddr === oneKeyAddr;
    const session = { nwkSKey: aesKey(nwk), appSKey: aesKey(one ? nwk : app) };
    return sealData({ confirmed: false, devAddr, ...f, ...session });
  };

  test('finds every MIC right and decrypts every payload of two thousand frames', () => {
    // It knows 16 bits of the counter, so the frames keep to what it can judge.
    const made = Array.from({ length: 2_000 }, (_, i) => {
      const payload = bytes(whole(d, 1, 51));
      const frame = {
        ...{ uplink: i % 3 !== 0, confirmed: i % 5 === 0, adr: i % 2 === 0, ack: i % 7 === 0 },
        ...{ fCnt: whole(d, 0, 65_535), fPort: whole(d, 1, 223), payload },
      };
      return { ...frame, phy: sealed(frame) };
    });
    const fields = ['devaddr', 'fcnt', 'fctrl.adr', 'fctrl.ack'].map((name) => `lorawan.fhdr.${name}`);
    const rows = ask(
      made.map(({ phy }) => phy),
      [...fields, 'lorawan.fport', 'lorawan.frmpayload_decrypted'],
    );
    expect(rows).toHaveLength(made.length);
    const truth = (value: string | undefined): boolean => value === '1' || value === 'True';
    rows.forEach((row, i) => {
      const { uplink, confirmed, fCnt, fPort, payload, adr, ack } = made[i]!;
      wellFormed(row);
      expect(Number(row[typeField])).toBe((confirmed ? 4 : 2) + (uplink ? 0 : 1));
      expect(Number(row['lorawan.fhdr.devaddr'])).toBe(devAddr);
      expect(Number(row['lorawan.fhdr.fcnt'])).toBe(fCnt);
      expect(truth(row['lorawan.fhdr.fctrl.adr'])).toBe(adr);
      expect(truth(row['lorawan.fhdr.fctrl.ack'])).toBe(ack);
      expect(Number(row['lorawan.fport'])).toBe(fPort);
      expect(row['lorawan.frmpayload_decrypted']!.replaceAll(':', '')).toBe(toHex(payload));
      expect(mic(row)).toBe('1');
    });
  });

  test('reads every MAC command in FOpts and on port 0, and verifies the MIC', () => {
    const made = [...uplinkGolden, ...downlinkGolden].flatMap(([text, command], i) => {
      const uplink = i < uplinkGolden.length;
      const after: MacCommand = { kind: uplink ? 'link-check-req' : 'dev-status-req' };
      const list = Uint8Array.of(...hex(text), ...writeCommands([after]));
      const one = { command, uplink, cid: list[0]!, after: writeCommands([after])[0]! };
      const base = { uplink, fCnt: i };
      return [
        { ...one, phy: sealed({ ...base, fOpts: list, fPort: 3, payload: hex('0102') }), bare: false },
        { ...one, phy: sealed({ ...base, devAddr: oneKeyAddr, fPort: 0, payload: list }), bare: false },
        { ...one, phy: sealed({ ...base, fOpts: list }), bare: true },
      ];
    });
    const rows = ask(
      made.map(({ phy }) => phy),
      commandFields,
    );
    rows.forEach((row, i) => {
      const { command, uplink, cid, after, bare } = made[i]!;
      const name = commandName(command);
      // Wireshark 4.0 takes the MIC's first byte for an FPort where there is none, and then misses the MIC's last one.
      if (bare && !modern) {
        expect(row['_ws.malformed'], name).not.toBe('');
        expect(row[commandFields[uplink ? 0 : 1]!], name).toMatch(new RegExp(`^${cid}\\b`));
        return;
      }
      wellFormed(row);
      expect(mic(row), name).toBe('1');
      const read = row[commandFields[uplink ? 0 : 1]!]!.split(',').map(Number);
      if (!misreads(modern, name)) expect(read, name).toEqual(knows(modern, cid) ? [cid, after] : [cid]);
      expect(row[commandFields[uplink ? 1 : 0]!], name).toBe('');
    });
  });

  test('reads the fields of commands as they were written', () => {
    const cases: readonly (readonly [MacCommand, Readonly<Record<string, number>>])[] = [
      [
        { kind: 'link-adr-req', dataRate: 5, txPower: 2, channelMask: 0x80ff, channelMaskControl: 6, nbTrans: 3 },
        {
          ...{ 'link_adr_request.datarate': 5, 'link_adr_request.txpower': 2, 'link_adr_request.channel': 0x80ff },
          ...{ 'link_adr_request.chmaskctl': 6, 'link_adr_request.nbrep': 3 },
        },
      ],
      [
        { kind: 'rx-param-setup-req', rx1DrOffset: 5, rx2DataRate: 3, freqHz: 869_525_000 },
        {
          ...{ 'rx_setup_request.rx1droffset': 5, 'rx_setup_request.rx2datarate': 3 },
          'rx_setup_request.frequency': 8_695_250,
        },
      ],
      [
        { kind: 'new-channel-req', index: 7, freqHz: 867_900_000, minDr: 0, maxDr: 5 },
        {
          ...{ 'new_channel_request.index': 7, 'new_channel_request.frequency': 8_679_000 },
          ...{ 'new_channel_request.drrange_max': 5, 'new_channel_request.drrange_min': 0 },
        },
      ],
      [
        { kind: 'link-check-ans', marginDb: 20, gateways: 2 },
        { 'link_check_answer.margin': 20, 'link_check_answer.gwcnt': 2 },
      ],
      [{ kind: 'duty-cycle-req', exponent: 7 }, { 'dutycycle_request.dutycycle': 7 }],
      [{ kind: 'rx-timing-setup-req', delayS: 5 }, { 'rx_timing_request.delay': 5 }],
      [
        { kind: 'dev-status-ans', battery: 254, marginDb: 12 },
        { 'device_status_response.battery': 254, 'device_status_response.margin': 12 },
      ],
      // It shows the margin's six bits without their sign.
      [{ kind: 'dev-status-ans', battery: 1, marginDb: -1 }, { 'device_status_response.margin': 63 }],
      [
        { kind: 'link-adr-ans', channelMaskOk: true, dataRateOk: false, powerOk: true },
        {
          ...{ 'link_adr_response.txpower': 1, 'link_adr_response.datarate': 0 },
          'link_adr_response.channelmask': 1,
        },
      ],
      [
        { kind: 'rx-param-setup-ans', channelOk: false, rx2DataRateOk: true, rx1DrOffsetOk: false },
        {
          ...{ 'rx_setup_response.rx1droffset': 0, 'rx_setup_response.rx2datarate': 1 },
          'rx_setup_response.frequency': 0,
        },
      ],
      [
        { kind: 'new-channel-ans', frequencyOk: true, dataRatesOk: false },
        { 'new_channel_response.datarate': 0, 'new_channel_response.frequency': 1 },
      ],
    ];
    const uplinkKinds = uplinkGolden.map(([, { kind }]) => kind as string);
    const frames = cases.map(([command]) =>
      sealed({
        ...{ uplink: uplinkKinds.includes(command.kind), fCnt: 1, fPort: 3, payload: hex('01') },
        fOpts: writeCommands([command]),
      }),
    );
    const fields = cases.flatMap(([, said]) => Object.keys(said).map((name) => `lorawan.${name}`));
    const number = (text: string): number => (text === 'True' ? 1 : text === 'False' ? 0 : Number(text));
    ask(frames, [...new Set(fields)]).forEach((row, i) => {
      wellFormed(row);
      for (const [name, value] of Object.entries(cases[i]![1]))
        expect(number(row[`lorawan.${name}`]!), `${commandName(cases[i]![0])} ${name}`).toBe(value);
    });
  });

  test('takes joins, rejoins, proprietary frames, long counters and frames of 1.1 for what they are', () => {
    const root = aesKey(appKey);
    const accept = {
      ...{ joinNonce: 0x010203, netId: 0x13, devAddr, optNeg: false },
      ...{ rx1DrOffset: 1, rx2DataRate: 3, rxDelayS: 5 },
    };
    const v11 = { jsIntKey: aesKey(bytes(16)), joinReqType: 0xff, joinEui, devNonce: 7 };
    const keys11 = { fNwkSIntKey: aesKey(nwk), sNwkSIntKey: root, nwkSEncKey: root, appSKey: aesKey(app) };
    const up = { uplink: true, confirmed: false, devAddr, fCnt: 5, fPort: 7, payload: hex('0102') };
    // Accepts: Wireshark 4.0 shows them without decrypting, later versions open them with the AppKey.
    const opened = modern ? '1' : '2';
    // What cannot be verified has no status or says that the keys are missing.
    const rows: readonly (readonly [string, Uint8Array, type: number, mic: string])[] = [
      ['join request', sealJoinRequest({ joinEui, devEui, devNonce: 0x4142, appKey: root }), 0, '1'],
      ['join request, wrong key', sealJoinRequest({ joinEui, devEui, devNonce: 1, appKey: aesKey(nwk) }), 0, '0'],
      ['join accept', sealJoinAccept(accept, root), 1, opened],
      ['join accept, frequencies', sealJoinAccept({ ...accept, cfList: [867_100_000] }, root), 1, opened],
      ['join accept, masks', sealJoinAccept({ ...accept, channelMasks: [0xff00, 0, 0, 0, 2] }, root), 1, opened],
      ['join accept of 1.1', sealJoinAccept({ ...accept, optNeg: true }, root, v11), 1, modern ? '' : '2'],
      ['rejoin 0', sealRejoin({ rejoinType: 0, netId: 0x13, devEui, rjCount: 1 }, root), 6, modern ? '' : '2'],
      ['rejoin 1', sealRejoin({ rejoinType: 1, joinEui, devEui, rjCount: 1 }, root), 6, modern ? '' : '2'],
      ['rejoin 2', sealRejoin({ rejoinType: 2, netId: 0x13, devEui, rjCount: 2 }, root), 6, modern ? '' : '2'],
      ['proprietary', hex('e00102030405'), 7, modern ? '' : '2'],
      ['a port without a payload', sealed({ uplink: true, fCnt: 5, fPort: 7 }), 2, '1'],
      // Only 16 bits of the counter are known to it: beyond them every MIC is wrong.
      ['a counter of 17 bits', sealed({ ...up, fCnt: 0x1_0005 }), 2, '0'],
      // It knows one key for a MIC: the half of an uplink of 1.1 that 1.0 has as well is not enough.
      ['an uplink of 1.1', sealData11({ ...up, keys: keys11, fOpts: hex('02') }), 2, '0'],
      [
        'a downlink of 1.1',
        sealData11({ ...up, uplink: false, keys: { ...keys11, sNwkSIntKey: aesKey(nwk) } }),
        3,
        '1',
      ],
    ];
    const fields = ['lorawan.join_request.deveui', ...(modern ? ['lorawan.join_accept.cflist'] : [])];
    const said = ask(
      rows.map(([, phy]) => phy),
      fields,
    );
    rows.forEach(([what, , type, status], i) => {
      const row = said[i]!;
      wellFormed(row);
      expect(Number(row[typeField]), what).toBe(type);
      expect(mic(row), what).toBe(status);
    });
    expect(said[0]!['lorawan.join_request.deveui']!.replaceAll(':', '')).toBe(devEui);
    if (modern) expect(said[4]!['lorawan.join_accept.cflist']).toBe('00ff0000000000000200000000000001');
  });

  test('a frame without a port is sound; Wireshark 4.0 reads its MIC as a port, and is the only one to complain', () => {
    const [empty, listed] = ask(
      [sealed({ uplink: false, ack: true, fCnt: 5 }), sealed({ uplink: true, fCnt: 6, fOpts: hex('02') })],
      ['lorawan.fport'],
    );
    for (const row of [empty!, listed!])
      if (modern) {
        wellFormed(row);
        expect(mic(row)).toBe('1');
      } else {
        expect(row['_ws.malformed']).not.toBe('');
        expect(row['lorawan.fport']).not.toBe('');
      }
  });
});
