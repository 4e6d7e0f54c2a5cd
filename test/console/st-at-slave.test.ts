import { describe, expect, test } from 'vitest';
import console from '../../devices/consoles/st-at-slave.js';
import twin from '../../simulators/consoles/st-at-slave.js';
import { bench } from './bench.js';
import { consoleLaws } from './laws.js';
import { downlink, scriptedModem } from './scripted-modem.js';

consoleLaws(console, twin);

describe('ST AT_Slave', () => {
  test('exchanges byte by byte', () => {
    const modem = scriptedModem();
    const b = bench({ twin, modem });
    expect(b.type('AT\r\n')).toBe('\r\nOK\r\n');
    expect(b.type('AT+DEUI=?\r')).toBe('AC:1F:09:FF:FE:00:00:01\r\n\r\nOK\r\n');
    expect(b.type('AT+BOGUS\r\n')).toBe('\r\nAT_ERROR\r\n');
    expect(b.type('at\r\n')).toBe('\r\nAT_ERROR\r\n');
    expect(b.type('AT+SEND=2:0:ABCD\r\n')).toBe('\r\nAT_NO_NETWORK_JOINED\r\n');
    expect(b.type('AT+JOIN=1\r\n')).toBe('\r\nOK\r\n');
    modem.joined = true;
    b.tell({ kind: 'joined', devAddr: 1, netId: 0 });
    expect(b.take()).toBe('+EVT:JOINED\r\n');
    expect(b.type('AT+SEND=2:0:ABCD\r\n')).toBe('\r\nOK\r\n');
    b.tell(downlink(2, [1, 2, 3, 4]));
    expect(b.take()).toBe('+EVT:2:04:01020304\r\n+EVT:RX_1, PORT 2, DR 5, RSSI -70, SNR 8\r\n');
    expect(b.type('AT+BAND=?\r\n')).toBe('5:EU868\r\n\r\nOK\r\n');
    expect(b.type('AT+DR=9\r\n')).toBe('\r\nAT_PARAM_ERROR\r\n');
  });

  test('the verbs', () => {
    const modem = scriptedModem();
    const b = bench({ dialect: console, twin, modem });
    expect(b.run(console.verbs.identify())).toMatchObject({
      ok: true,
      value: { devEui: 'ac1f09fffe000001', region: 'EU868', firmware: 'V1.3.0', batteryV: 3.3 },
    });
    const keys = {
      devEui: '0011223344556677',
      joinEui: '70b3d57ed0000000',
      appKey: '000102030405060708090a0b0c0d0e0f',
    };
    expect(b.run(console.verbs.setKeys(keys))).toMatchObject({ ok: true, value: keys });
    modem.refusals.push({ kind: 'busy' });
    expect(b.run(console.verbs.join({ attempts: 1, withinMs: 1000 }))).toMatchObject({
      problem: { code: 'board-refused', facts: { code: 'AT_BUSY_ERROR' } },
    });
    expect(b.run(console.verbs.join({ attempts: 1, withinMs: 1000 }))).toMatchObject({ value: { joined: false } });
    modem.joined = true;
    expect(b.run(console.verbs.send({ fPort: 2, hex: 'abcd', confirmed: false }))).toMatchObject({
      value: { end: 'sent' },
    });
    expect(b.run(console.verbs.rescue())).toMatchObject({ ok: true });
  });
});
