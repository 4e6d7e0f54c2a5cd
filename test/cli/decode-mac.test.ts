import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../../src/base/hex.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { sealData } from '../../src/lorawan/frame.js';
import { sealData11 } from '../../src/lorawan/frame11.js';
import { sealJoinAccept } from '../../src/lorawan/join.js';
import { joinServerKeys } from '../../src/lorawan/keys11.js';
import { sealRejoin } from '../../src/lorawan/rejoin.js';
import { jsonOf, stellwerk } from './stellwerk.js';

const nwk = '44024241ed4ce9a68c6a8bc055233fd3';
const app = 'ec925802ae430ca77fd3dd73cb2cc588';
const env = { STELLWERK_NWK_S_KEY: nwk, STELLWERK_APP_S_KEY: app };
const nwkSKey = aesKey(hex(nwk));
const appSKey = aesKey(hex(app));
const base = { confirmed: false, devAddr: 0x49be7df1, fCnt: 2, nwkSKey, appSKey };

describe('MAC commands', () => {
  test('in FOpts are explained with their bytes, without any key', async () => {
    const frame = toHex(sealData({ ...base, uplink: false, fOpts: hex('0352ff000106') }));
    const ran = await stellwerk(['decode', frame]);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('MAC commands in FOpts\n');
    expect(ran.stdout).toMatch(/0352ff0001 +bytes 0-4 +LinkADRReq +data rate 5, power index 2, channels 0 to 7 on/);
    expect(ran.stdout).toMatch(/06 +byte 5 +DevStatusReq/);
    expect(jsonOf(await stellwerk(['decode', frame, '--json'], { env }))).toMatchObject({
      lorawan: {
        macCommands: {
          in: 'FOpts',
          commands: [{ kind: 'link-adr-req', dataRate: 5, channelMask: 255 }, { kind: 'dev-status-req' }],
        },
      },
    });
  });

  test('on port 0 are explained when the NwkSKey opens them', async () => {
    const frame = toHex(sealData({ ...base, uplink: true, fPort: 0, payload: hex('06ff14') }));
    const ran = await stellwerk(['decode', frame], { env });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('MAC commands on port 0\n');
    expect(ran.stdout).toMatch(/06ff14 +bytes 0-2 +DevStatusAns +battery not measured, SNR of the request 20 dB/);
    const shut = await stellwerk(['decode', frame]);
    expect(shut.stdout).not.toContain('MAC commands');
    const wrong = await stellwerk(['decode', frame], { env: { STELLWERK_NWK_S_KEY: app } });
    expect(wrong.stdout).not.toContain('MAC commands');
  });

  test('that end in garbage are explained up to there, with a word on LoRaWAN 1.1', async () => {
    const frame = toHex(sealData({ ...base, uplink: true, fOpts: hex('02e0ff') }));
    const ran = await stellwerk(['decode', frame]);
    expect(ran.stdout).toMatch(/02 +byte 0 +LinkCheckReq/);
    expect(ran.stdout).toMatch(/e0ff +bytes 1-2 +not read/);
    expect(ran.stdout).toContain("the MAC command e0 at byte 1 of the uplink is a manufacturer's own");
    expect(ran.stdout).toContain('in a session of LoRaWAN 1.1 FOpts are encrypted');
    expect(jsonOf(await stellwerk(['decode', frame, '--json']))).toMatchObject({
      lorawan: { macCommands: { rest: 'e0ff', problem: { code: 'mac-command-proprietary' } } },
    });
  });
});

describe('LoRaWAN 1.1', () => {
  const nwkKey = aesKey(hex('01'.repeat(16)));
  const devEui = '0102030405060708';

  test('an uplink of 1.1 is known by the half of its MIC', async () => {
    const keys = { fNwkSIntKey: nwkSKey, sNwkSIntKey: nwkKey, nwkSEncKey: nwkKey, appSKey };
    const frame = toHex(sealData11({ ...base, uplink: true, fPort: 3, payload: hex('01'), keys }));
    const ran = await stellwerk(['decode', frame], { env });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('this is an uplink of LoRaWAN 1.1');
  });

  test('an accept with OptNeg says why it does not open', async () => {
    const { jsIntKey } = joinServerKeys(nwkKey, devEui);
    const accept = {
      ...{ joinNonce: 1, netId: 0x13, devAddr: 0x260b1234, optNeg: true },
      ...{ rx1DrOffset: 0, rx2DataRate: 0, rxDelayS: 1 },
    };
    const v11 = { jsIntKey: aesKey(jsIntKey), joinReqType: 0xff, joinEui: devEui, devNonce: 1 };
    const ran = await stellwerk(['decode', toHex(sealJoinAccept(accept, nwkKey, v11))], {
      env: { STELLWERK_APP_KEY: '01'.repeat(16) },
    });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('OptNeg seems to be set');
    expect(ran.stderr).toContain('DevNonce');
  });

  test('an accept for US915 shows which channels are on', async () => {
    const accept = {
      ...{ joinNonce: 1, netId: 0x13, devAddr: 0x260b1234, optNeg: false, rx1DrOffset: 0, rx2DataRate: 8, rxDelayS: 1 },
      channelMasks: [0xff00, 0, 0, 0, 2],
    };
    const frame = toHex(sealJoinAccept(accept, nwkKey));
    const ran = await stellwerk(['decode', frame], { env: { STELLWERK_APP_KEY: '01'.repeat(16) } });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/channels 0 to 15 +8 to 15 on/);
    expect(ran.stdout).toMatch(/channels 16 to 31 +none on/);
    expect(ran.stdout).toMatch(/channels 64 to 79 +65 on/);
  });

  test('rejoins of each type: type 1 under the NwkKey, types 0 and 2 under the session', async () => {
    const { jsIntKey } = joinServerKeys(nwkKey, devEui);
    const one = toHex(sealRejoin({ rejoinType: 1, joinEui: devEui, devEui, rjCount: 9 }, aesKey(jsIntKey)));
    const ran = await stellwerk(['decode', one], { env: { STELLWERK_APP_KEY: '01'.repeat(16) } });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/type +1: LoRaWAN 1\.1, to be found again by any network/);
    expect(ran.stdout).toMatch(/RJcount1 +9/);
    expect(ran.stdout).toMatch(/MIC +[0-9a-f]{8} ok/);
    const two = toHex(sealRejoin({ rejoinType: 2, netId: 0x13, devEui, rjCount: 9 }, nwkSKey));
    expect(jsonOf(await stellwerk(['decode', two, '--json'], { env }))).toMatchObject({
      lorawan: { rejoinType: 2, netId: '000013', devEui, rjCount: 9, mic: { verdict: 'ok' } },
    });
    const wrong = await stellwerk(['decode', two, '--json'], { env: { STELLWERK_NWK_S_KEY: app } });
    expect(wrong.code).toBe(1);
    expect(jsonOf(await stellwerk(['decode', two, '--json']))).toMatchObject({ error: { code: 'keys-missing' } });
  });
});
