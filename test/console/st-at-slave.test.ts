import { describe, expect, test } from 'vitest';
import console from '../../devices/consoles/st-at-slave/index.js';
import twin from '../../simulators/consoles/st-at-slave/index.js';
import { commands, table } from '../../devices/consoles/st-at-slave/table.js';
import type { CommandRow } from '../../src/console/dialect.js';
import { bench, type Bench } from './bench.js';
import { exchangesIn, meaningsOf, withNews } from './exchanges.js';
import { consoleLaws } from './laws.js';
import { downlink, scriptedModem, type ScriptedModem } from './scripted-modem.js';
import { tableLaws } from './table-laws.js';

consoleLaws(console, twin);

const start = (): { b: Bench; modem: ScriptedModem } => {
  const modem = scriptedModem();
  return { modem, b: bench({ dialect: console, twin, modem }) };
};
const joined = { kind: 'joined', devAddr: 1, netId: 0 } as const;
const greeting = [
  ...['APPLICATION_VERSION: V1.3.0', 'MW_LORAWAN_VERSION:  V2.5.0', 'MW_RADIO_VERSION:    V1.3.0'],
  ...['L2_SPEC_VERSION:     V1.0.4', 'RP_SPEC_VERSION:     V2-1.0.1'],
  ...['ATtention command interface', 'AT? to list all available functions', ''],
].join('\r\n');

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

describe('ST AT_Slave: transcripts', () => {
  test('the make-believe board answers them to the byte', () => {
    const { b, modem } = start();
    modem.identity = { ...modem.identity, devEui: '0080e115000a9f2e' };
    const sends = [
      (): void => b.tell({ ...downlink(2, [1, 2, 3, 4]), dataRate: 0, rssiDbm: -57, snrDb: 5 } as never),
      (): void => undefined,
    ];
    const news: Readonly<Record<string, () => void>> = {
      'AT+JOIN=1': () => (b.tell(joined), (modem.joined = true)),
      'AT+SEND=2:0:ABCD': () => sends.shift()!(),
    };
    let replayed = 0;
    for (const { sent, lines } of exchangesIn('st-at-slave.txt')) {
      // The last one is of a board that has not joined.
      if (lines.includes('AT_NO_NETWORK_JOINED')) modem.joined = false;
      const first = b.type(`${sent}\r\n`);
      news[sent]?.();
      expect(first + b.take(), sent).toBe(lines.map((line) => `${line}\r\n`).join(''));
      replayed++;
    }
    expect(replayed).toBe(6);
  });

  test('they mean what they say', () => {
    const kinds = exchangesIn('st-at-slave.txt').map((one) =>
      meaningsOf(console, one).map((meaning) => (meaning.kind === 'event' ? meaning.event.kind : meaning.kind)),
    );
    expect(kinds).toEqual([
      ['ok'],
      ['value', 'ok'],
      ['ok', 'joined'],
      ['ok', 'downlink', 'heard'],
      ['refused'],
      ['refused'],
    ]);
  });

  test('status words and events of all versions', () => {
    const of = (...lines: string[]) => meaningsOf(console, { sent: 'AT+X', lines });
    for (const [word, why] of [
      ['AT_ERROR', 'unknown-command'],
      ['AT_PARAM_ERROR', 'bad-value'],
      ['AT_BUSY_ERROR', 'busy'],
      ['AT_TEST_PARAM_OVERFLOW', 'bad-value'],
      ['AT_NO_NETWORK_JOINED', 'not-joined'],
      ['AT_RX_ERROR', 'failed'],
      ['AT_NO_CLASS_B_ENABLE', 'wrong-mode'],
      ['AT_DUTYCYCLE_RESTRICTED', 'duty-cycle'],
      ['AT_CRYPTO_ERROR', 'failed'],
      ['error unknown', 'failed'],
    ])
      expect(of(word!)).toEqual([{ kind: 'refused', why, code: word }]);
    const window = (slot: string) => of(`+EVT:RX_${slot}, DR 0, RSSI -57, SNR 5`)[0];
    for (const [slot, name] of [
      ['1', 'rx1'],
      ['2', 'rx2'],
      ['C', 'rxc'],
      ['C_MC', 'rxc'],
      ['C Multicast', 'rxc'],
      ['P', 'rxb'],
      ['P_MC', 'rxb'],
      ['B Multicast Ping-Slot', 'rxb'],
    ])
      expect(window(slot!)).toEqual({ kind: 'event', event: { kind: 'heard', window: name, rssiDbm: -57, snrDb: 5 } });
    expect(of('+EVT:SEND_FAILED')[0]).toMatchObject({ event: { kind: 'not-acknowledged' } });
    expect(of('+EVT:SOMETHING NEW')).toEqual([]);
  });
});

describe('ST AT_Slave: the board', () => {
  test('greets, and helps', () => {
    const { b } = start();
    expect(b.take()).toBe(greeting);
    expect(b.type('ATZ\r\n')).toBe(greeting);
    expect(b.type('AT+DR?\r\n')).toBe('AT+DR: data rate\r\n\r\nOK\r\n');
    const help = b.type('AT?\r\n');
    expect(help).toMatch(/^AT\+<CMD>\?        : Help on <CMD>\r\n/);
    expect(help).toMatch(/\r\n\r\nOK\r\n$/);
    for (const [name, { word }] of Object.entries(table) as [string, CommandRow][])
      if (name !== 'at') expect(help).toContain(`\r\nAT${word}: `);
    // The greeting is one event, and its last line is no answer to what is asked next.
    expect(b.run(console.verbs.restart())).toEqual({ ok: true, value: undefined });
    expect(b.run(console.verbs.readKeys())).toMatchObject({ value: { devEui: 'ac1f09fffe000001' } });
  });

  test('backspaces, letters of the wrong case, lines that are too long', () => {
    const { b } = start();
    expect(b.type('AT+DD\bR=?\r\n')).toBe('0\r\n\r\nOK\r\n');
    expect(b.type('\b\bAT\r\n')).toBe('\r\nOK\r\n');
    expect(b.type('AT+dr=?\r\nXT\r\n\r\n')).toBe('\r\nAT_ERROR\r\n\r\nAT_ERROR\r\n');
    expect(b.type(`AT+SEND=1:0:${'0'.repeat(527)}`)).toBe('');
    expect(b.type('0')).toBe('\r\nAT_TEST_PARAM_OVERFLOW\r\n');
    expect(b.type('\r\nAT\r\n')).toBe('\r\nAT_ERROR\r\n\r\nOK\r\n');
    expect(b.type('AT+LTIME=?\r\n')).toMatch(/^LTIME:01h59m4\ds on 01\/01\/1970\r\n/);
  });

  test('what is stored outlives a restart, and a factory reset takes all', () => {
    const { b, modem } = start();
    const { devEui } = modem.identity;
    b.type('AT+DEUI=00:11:22:33:44:55:66:77\r\nAT+DR=3\r\nAT+NWKID=5\r\nATZ\r\n');
    expect(b.type('AT+DR=?\r\nAT+NWKID=?\r\n')).toBe('0\r\n\r\nOK\r\n0\r\n\r\nOK\r\n');
    expect(modem.identity.devEui).toBe(devEui);
    b.type('AT+DEUI=00:11:22:33:44:55:66:77\r\nAT+DR=3\r\nAT+NWKID=5\r\n');
    expect(b.type('AT+CS\r\n')).toBe('NVM DATA STORED\r\n\r\nOK\r\n');
    expect(b.type('AT+CS\r\n')).toBe('NVM DATA UP TO DATE\r\n\r\nOK\r\n');
    expect(b.type('ATZ\r\n')).toContain('NVM DATA RESTORED\r\nATtention');
    expect(b.type('AT+DR=?\r\nAT+NWKID=?\r\n')).toBe('3\r\n\r\nOK\r\n5\r\n\r\nOK\r\n');
    expect(modem.identity.devEui).toBe('0011223344556677');
    const flash = b.told.findLast((one) => one.kind === 'flash')!.flash;
    const again = bench({ twin, modem: scriptedModem(), flash });
    expect(again.take()).toContain('NVM DATA RESTORED');
    expect(again.type('AT+DR=?\r\nAT+NWKID=?\r\n')).toBe('3\r\n\r\nOK\r\n5\r\n\r\nOK\r\n');
    // No status: it restarts before it could give one.
    expect(b.type('AT+RFS\r\n')).toBe(greeting);
    expect(b.type('AT+DR=?\r\n')).toBe('0\r\n\r\nOK\r\n');
    expect(modem.identity.devEui).toBe(devEui);
    expect(b.told.findLast((one) => one.kind === 'flash')).toEqual({ kind: 'flash', flash: {} });
  });

  test('tones and levels', () => {
    const { b } = start();
    b.wire.advance(12_345_000);
    expect(b.type('AT+TTONE\r\n')).toBe('12s345:Tx FSK Test\r\n\r\nOK\r\n');
    expect(b.type('AT+TTONE\r\n')).toBe('\r\nAT_BUSY_ERROR\r\n');
    expect(b.type('AT+TOFF\r\n')).toBe('Test Stop\r\n\r\nOK\r\n');
    expect(b.type('AT+TTONE\r\n')).toContain('OK');
    expect(b.type('AT+TRSSI\r\n')).toMatch(
      /^\d+s\d{3}:Rx FSK Test\r\n\d+s\d{3}:>>> RSSI Value= -110 dBm\r\n\r\nOK\r\n$/,
    );
    expect(b.events).toContainEqual({ kind: 'rf-test', text: '>>> RSSI Value= -110 dBm' });
  });

  test('packets take their airtime, and what is typed meanwhile is lost', () => {
    const { b } = start();
    b.type('AT+TCONF=868:14:4:7:4/5:0:0:1:16:25000:2:3\r\n');
    expect(b.type('AT+TCONF=?\r\n')).toContain(
      '4: SF= 7 \r\n5: CR= 1 (=4/5) \r\n6: LNA State= 0  \r\n7: PA Boost State= 0  \r\n8: modulation LORA\r\n',
    );
    const texts = (text: string): string => text.replaceAll(/\d+s\d{3}:/g, '');
    expect(texts(b.type('AT+TTX=2\r\n', 10))).toBe('Tx LoRa Test\r\nTx 1 of 2\r\n');
    // 16 bytes at SF7 are 51.5 ms; half a second between packets and after the last one.
    expect(texts(b.type('AT', 100))).toBe('OnTxDone\r\n');
    expect(texts(b.type('+VER=?\r\n', 1_100))).toBe(
      'Tx 2 of 2\r\nOnTxDone\r\n\r\nOK\r\n\r\nAT_TEST_PARAM_OVERFLOW\r\n',
    );
    expect(texts(b.type('AT+TTX=1\r\nAT\r\n', 1_000))).toBe(
      'Tx LoRa Test\r\nTx 1 of 1\r\nOnTxDone\r\n\r\nOK\r\n\r\nOK\r\n',
    );
    expect(texts(b.type('AT+TRX=2\r\n', 10_001))).toBe(
      'OnRxTimeout\r\nRx 1 of 2  >>> PER= 100 %\r\nOnRxTimeout\r\nRx 2 of 2  >>> PER= 100 %\r\n\r\nOK\r\n',
    );
    expect(texts(b.type('AT+TTH=868000000,868300000,200000,3\r\n', 3_000))).toMatch(
      /^Tx Hop at 868000000Hz. 0 of 3\r\n[^]*Tx Hop at 868200000Hz. 1 of 3\r\n[^]*Tx Hop at 868000000Hz. 2 of 3\r\n[^]*OK\r\n$/,
    );
    b.type('AT+TCONF=868:14:50000:50000:4/5:0:0:0:16:25000:2:3\r\n');
    expect(b.type('AT+TCONF=?\r\n')).toContain('3: Bandwidth= 50000 Hz\r\n4: FSK datarate= 50000 bps\r\n');
    b.type('AT+TCONF=868:14:0:100:4/5:0:0:2:64:25000:2:3\r\n');
    expect(b.type('AT+TCONF=?\r\n')).toContain('4: BPSK datarate= 100 bps\r\n');
    expect(texts(b.type('AT+TTX=1\r\n', 4_000))).toContain('OnTxTimeout\r\n');
    expect(b.type('AT+TRX=1\r\n')).toBe('\r\nAT_BUSY_ERROR\r\n');
  });

  test('registers, certification, link check, classes', () => {
    const { b, modem } = start();
    expect(b.type('AT+REGW=08e2:1f\r\nAT+REGR=08E2\r\n')).toBe('\r\nOK\r\nREG 0x08E2=0x1F\r\nOK\r\n');
    expect(b.type('AT+REGR=08\r\n')).toBe('\r\nAT_PARAM_ERROR\r\n');
    expect(b.type('AT+CLASS=C\r\n')).toBe('\r\nAT_NO_NETWORK_JOINED\r\n');
    expect(b.type('AT+CERTIF=1\r\n')).toBe('\r\nOK\r\n');
    modem.joined = true;
    b.tell(joined);
    b.wire.advance(b.wire.nowUs + 8_000_000);
    expect(modem.asked.at(-1)).toMatchObject({ send: { fPort: 99, bytes: Uint8Array.of(0x43), confirmed: false } });
    b.take();
    expect(b.type('AT+LINKC\r\nAT+SEND=1:1:00\r\n')).toBe('\r\nOK\r\n\r\nOK\r\n');
    b.tell({ kind: 'link-checked', marginDb: 20, gateways: 1 });
    b.tell(downlink(2, [1]));
    expect(b.type('', 1)).toBe('');
    b.tell({ kind: 'delivered', acknowledged: true });
    expect(b.take()).toBe(
      '+EVT:SEND_CONFIRMED\r\n+EVT:2:01:01\r\n+EVT:RX_1, PORT 2, DR 5, RSSI -70, SNR 8, DMODM 20, GWN 1\r\n',
    );
    expect(b.events.at(-1)).toMatchObject({ kind: 'link-check', marginDb: 20, gateways: 1 });
    expect(b.type('AT+CLASS=C\r\nAT+CLASS=?\r\n')).toBe('+EVT:SWITCH_TO_CLASS_C\r\n\r\nOK\r\nC\r\n\r\nOK\r\n');
    expect(b.type('AT+CLASS=B\r\n')).toBe('\r\nAT_NO_CLASS_B_ENABLE\r\n');
    expect(b.type('AT+VL=4\r\nAT+VL=3\r\nAT+VL=?\r\n')).toBe('\r\nAT_PARAM_ERROR\r\n\r\nOK\r\n3\r\n\r\nOK\r\n');
  });
});

describe('ST AT_Slave: verbs with news', () => {
  test('keys are stored, and session keys too', () => {
    const { b } = start();
    const keys = { appKey: '000102030405060708090a0b0c0d0e0f', devAddr: '26011fff', nwkSKey: 'aa'.repeat(16) };
    expect(b.run(console.verbs.setKeys(keys))).toMatchObject({ ok: true, value: keys });
    expect(b.told.some(({ kind }) => kind === 'flash')).toBe(true);
    expect(b.run(console.verbs.setKeys({ devEui: '00112233445566778' }))).toMatchObject({
      problem: { code: 'console-value' },
    });
  });

  test('join', () => {
    const { b } = start();
    const how = { attempts: 2, withinMs: 10_000 };
    expect(withNews(b, console.verbs.join(how), { news: () => b.tell(joined) })).toEqual({
      ok: true,
      value: { joined: true },
    });
    const failed = () => b.tell({ kind: 'join-failed', why: 'rx-timeout' });
    expect(withNews(b, console.verbs.join({ ...how, attempts: 1 }), { news: failed })).toEqual({
      ok: true,
      value: { joined: false, why: 'no-answer' },
    });
  });

  test('send ends with what was heard, the acknowledgement, or its time', () => {
    const { b, modem } = start();
    modem.joined = true;
    const order = { fPort: 2, hex: 'abcd', confirmed: false };
    const downlinks = [{ kind: 'downlink', fPort: 10, hex: '01' }];
    const news = () => b.tell(downlink(10, [1]));
    const before = b.wire.nowUs;
    expect(withNews(b, console.verbs.send(order), { news })).toEqual({
      ok: true,
      value: { end: 'sent', downlinks, rssiDbm: -70, snrDb: 8 },
    });
    expect(b.wire.nowUs - before).toBeLessThan(1_100_000);
    const confirmed = { ...order, confirmed: true };
    const acknowledged = () => (b.tell(downlink(10, [1])), b.tell({ kind: 'delivered', acknowledged: true }));
    expect(withNews(b, console.verbs.send(confirmed), { news: acknowledged })).toEqual({
      ok: true,
      value: { end: 'acknowledged', downlinks, rssiDbm: -70, snrDb: 8 },
    });
    expect(b.run(console.verbs.send(confirmed), 120_000)).toEqual({
      ok: true,
      value: { end: 'not-acknowledged', why: 'no-answer', downlinks: [] },
    });
  });

  test('rescue stops a tone and restores', () => {
    const { b } = start();
    b.type('AT+TTONE\r\nAT+DR=5\r\nAT+C');
    expect(b.run(console.verbs.rescue())).toEqual({
      ok: true,
      value: ['radio tests stopped with AT+TOFF', 'factory settings restored with AT+RFS'],
    });
    expect(b.type('AT+DR=?\r\n')).toBe('0\r\n\r\nOK\r\n');
  });
});

tableLaws({
  dialect: console,
  start() {
    const { b, modem } = start();
    modem.joined = true;
    return b;
  },
  // They take their time, or a class that the firmware is not made with: both are tested above.
  without: ['testTx', 'testRx', 'testHop', 'deviceClass'],
  readBack(name, b) {
    if ((table as Readonly<Record<string, CommandRow>>)[name]?.read === undefined) return undefined;
    const lines = b.type(`${commands.ask(name as never).text}\r\n`).split('\r\n');
    const values = commands.values(name as never, lines);
    expect(values.ok, name).toBe(true);
    const [kept = ''] = values.ok ? (values.value as readonly unknown[]).map(String) : [];
    const { write = [] } = (table as Readonly<Record<string, CommandRow>>)[name]!;
    if (name === 'band') return [kept.split(':')[0]!];
    return [write[0]!.write(kept === 'true' ? true : kept === 'false' ? false : kept)];
  },
});

test('keys are secrets', () => {
  for (const [name, { write = [], read = [] }] of Object.entries(table) as [string, CommandRow][])
    expect(
      [...write, ...read].some(({ secret }) => secret === true),
      name,
    ).toBe(/^(app|nwk)S?Key$/.test(name));
});
