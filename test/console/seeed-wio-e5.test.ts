import { describe, expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import console from '../../devices/consoles/seeed-wio-e5/index.js';
import { commands, table } from '../../devices/consoles/seeed-wio-e5/table.js';
import type { CommandRow } from '../../src/console/dialect.js';
import twin from '../../simulators/consoles/seeed-wio-e5/index.js';
import { bench, type Bench } from './bench.js';
import { exchangesIn, meaningsOf, withNews } from './exchanges.js';
import { consoleLaws } from './laws.js';
import { downlink, scriptedModem, type ScriptedModem } from './scripted-modem.js';

consoleLaws(console, twin);

const start = (): { b: Bench; modem: ScriptedModem } => {
  const modem = scriptedModem();
  return { modem, b: bench({ dialect: console, twin, modem }) };
};
const joined = { kind: 'joined', devAddr: 0x26015f66, netId: 0x13 } as const;

describe('Wio-E5: transcripts', () => {
  test('the make-believe module answers them to the byte', () => {
    const { modem, b } = start();
    modem.identity = { ...modem.identity, devEui: '2cf7f1202490161d', devAddr: 0x2490161d };
    /** What the network does after a command. */
    const news: Readonly<Record<string, () => void>> = {
      'AT+JOIN': () => (b.tell(joined), (modem.joined = true)),
      'AT+MSG=HELLO': () => {
        b.tell({ ...downlink(0, []), window: 'rx2', rssiDbm: -112, snrDb: -1, pending: true } as never);
        b.tell({ kind: 'sent' });
      },
      'AT+MSGHEX="00 11 22 33 44"': () => b.tell({ kind: 'sent' }),
    };
    let replayed = 0;
    for (const { sent, lines } of exchangesIn('wio-e5.txt')) {
      // Nobody sends anything to a module of ours in test mode.
      const own = lines.filter((line) => !/^\+TEST: (LEN|RX ")/.test(line));
      const terminator = replayed++ % 2 === 0 ? '\r\n' : '\n';
      const first = b.type(`${sent}${terminator}`, 10_000);
      news[sent]?.();
      expect(first + b.take(), sent).toBe(own.map((line) => `${line}\r\n`).join(''));
    }
    expect(replayed).toBe(19);
  });

  test('they mean what they say', () => {
    const all = exchangesIn('wio-e5.txt');
    const of = (sent: string) =>
      meaningsOf(
        console,
        all.find((one) => one.sent === sent)!,
      );
    const refusals = all.flatMap((one) => meaningsOf(console, one)).filter(({ kind }) => kind === 'refused');
    expect(refusals).toEqual([
      { kind: 'refused', why: 'bad-value', code: 'ERROR(-1)' },
      { kind: 'refused', why: 'unknown-command', code: 'ERROR(-10)' },
    ]);
    expect(of('AT+JOIN').filter(({ kind }) => kind === 'event')).toEqual([
      { kind: 'event', event: { kind: 'joined', devAddr: '26015f66', netId: '000013' } },
    ]);
    expect(of('AT+TEST=RXLRPKT')).toEqual([
      { kind: 'value' },
      { kind: 'ok' },
      { kind: 'event', event: { kind: 'p2p-received', hex: '00aa11bb22cc', rssiDbm: -106, snrDb: 10 } },
    ]);
    expect(of('AT+TEST=TXLRPKT, "00 AA 11 BB 22 CC"').at(-1)).toEqual({ kind: 'event', event: { kind: 'p2p-sent' } });
    // One end for every command but the one that woke it.
    for (const one of all) {
      const ends = meaningsOf(console, one).filter(({ kind }) => kind === 'ok' || kind === 'refused');
      expect(ends.length, one.sent).toBe(one.lines.includes('+LOWPOWER: WAKEUP') ? 0 : 1);
    }
  });
});

describe('Wio-E5: the module', () => {
  test('errors by their numbers', () => {
    const { b } = start();
    expect(b.type('\r\n\n')).toBe('');
    expect(b.type('at\n')).toBe('+AT: OK\r\n');
    expect(b.type('hello\n')).toBe('+AT: ERROR(-11)\r\n');
    expect(b.type('AT+NO=1\n')).toBe('+AT: ERROR(-10)\r\n');
    expect(b.type('AT+TEST=RXLRPKT\n')).toBe('+TEST: ERROR(-12)\r\n');
    expect(b.type(`AT+CH=NUM${',1'.repeat(15)}\n`)).toBe('+CH: ERROR(-20)\r\n');
    expect(b.type(`AT+MSG=${'x'.repeat(522)}\n`)).toBe('+AT: ERROR(-21)\r\n');
    expect(b.type('AT+\xe4\n')).toBe('+AT: ERROR(-23)\r\n');
    expect(b.type('AT+UART=TIMEOUT,100\n')).toBe('+UART: TIMEOUT, 100\r\n');
    expect(b.type('AT', 500)).toBe('+AT: ERROR(-22)\r\n');
    expect(b.type('AT\n')).toBe('+AT: OK\r\n');
    expect(b.type('AT+MODE=TEST\nAT+JOIN\nAT+MSG=x\n')).toBe(
      '+MODE: TEST\r\n+JOIN: ERROR(-12)\r\n+MSG: ERROR(-12)\r\n',
    );
  });

  test('what stands in the way of a join and of an uplink', () => {
    const { b, modem } = start();
    expect(b.type('AT+MSG=x\n')).toBe('+MSG: Please join network first\r\n');
    modem.refusals.push({ kind: 'wait', ms: 1234.2 });
    expect(b.type('AT+JOIN\n')).toBe('+JOIN: No band in 1235ms\r\n');
    expect(b.type('AT+JOIN\n')).toBe('+JOIN: Start\r\n+JOIN: NORMAL\r\n');
    expect(b.type('AT+JOIN\nAT+MSG=x\n')).toBe('+JOIN: LoRaWAN modem is busy\r\n+MSG: LoRaWAN modem is busy\r\n');
    b.tell({ kind: 'join-failed', why: 'rx-timeout' });
    expect(b.take()).toBe('+JOIN: Join failed\r\n+JOIN: Done\r\n');
    modem.joined = true;
    expect(b.type('AT+JOIN\n')).toBe('+JOIN: Joined already\r\n');
    expect(b.type('AT+JOIN=FORCE\n')).toBe('+JOIN: Start\r\n+JOIN: FORCE\r\n');
    b.tell(joined);
    modem.refusals.push({ kind: 'too-long', most: 51 });
    expect(b.type('AT+MSGHEX="00"\n')).toContain('Length error 51');
    expect(b.type('AT+MSGHEX="0"\n')).toBe('+MSGHEX: ERROR(-1)\r\n');
    expect(b.type('AT+MODE=LWABP\nAT+JOIN\n')).toBe('+MODE: LWABP\r\n+JOIN: Not in OTAA mode\r\n');
    expect(modem.settings.activation).toBe('abp');
  });

  test('a confirmed uplink, its acknowledgement and what comes with it', () => {
    const { b, modem } = start();
    modem.joined = true;
    expect(b.type('AT+CMSG="a, b"\n')).toBe('+CMSG: Start\r\n+CMSG: Wait ACK\r\n');
    expect(modem.asked.at(-1)).toMatchObject({
      send: { fPort: 8, confirmed: true, bytes: new TextEncoder().encode('a, b') },
    });
    b.tell({ kind: 'link-checked', marginDb: 20, gateways: 1 });
    b.tell(downlink(8, [0x12, 0x34]));
    expect(b.take()).toBe('');
    b.tell({ kind: 'delivered', acknowledged: true });
    expect(b.take()).toBe(
      '+CMSG: Link 20, 1\r\n+CMSG: ACK Received\r\n+CMSG: PORT: 8; RX: "12 34"\r\n+CMSG: RXWIN1, RSSI -70, SNR 8.0\r\n+CMSG: Done\r\n',
    );
    expect(b.events).toEqual([
      { kind: 'link-check', ok: true, marginDb: 20, gateways: 1 },
      { kind: 'acknowledged' },
      { kind: 'downlink', fPort: 8, hex: '1234' },
      { kind: 'heard', window: 'rx1', rssiDbm: -70, snrDb: 8 },
    ]);
  });

  test('asleep it loses what wakes it, and the command is sent again', () => {
    const { b } = start();
    expect(b.type('AT+LOWPOWER\r\n')).toBe('+LOWPOWER: SLEEP\r\n');
    b.take();
    expect(b.run(console.verbs.readKeys())).toMatchObject({ ok: true });
    expect(b.take()).toMatch(/^\+LOWPOWER: WAKEUP\r\n\+ID: DevAddr/);
    expect(b.events.map(({ kind }) => kind)).toEqual(['asleep', 'awake']);
    // One letter and no line end wake it as well.
    b.type('AT+LOWPOWER\n');
    expect(b.type('W')).toBe('+LOWPOWER: WAKEUP\r\n');
    expect(b.type('AT\n')).toBe('+AT: OK\r\n');
  });

  test('settings outlive a restart, and the factory brings them back', () => {
    const { b, modem } = start();
    const devEui = modem.identity.devEui;
    b.type('AT+PORT=12\nAT+DR=US915\nAT+DR=3\nAT+MODE=TEST\nAT+ID=DevEui,"0011223344556677"\n');
    const flash = b.told.findLast((one) => one.kind === 'flash')!.flash;
    const again = bench({ dialect: console, twin, modem, flash });
    expect(again.type('AT+PORT\nAT+DR=SCHEME\nAT+DR\nAT+MODE\n')).toBe(
      '+PORT: 12\r\n+DR: US915\r\n+DR: DR3\r\n+MODE: TEST\r\n',
    );
    expect(modem.settings.dataRate).toBe(3);
    expect(b.type('AT+RESET\n')).toBe('+RESET: OK\r\n');
    expect(b.type('AT+PORT\n')).toBe('+PORT: 12\r\n');
    expect(b.type('AT+FDEFAULT\nAT+PORT\nAT+MODE\n')).toBe('+FDEFAULT: OK\r\n+PORT: 8\r\n+MODE: LWOTAA\r\n');
    expect(modem.identity.devEui).toBe(devEui);
    expect(modem.restarts).toBe(1);
  });

  test('another speed holds from the restart on', () => {
    const { b } = start();
    const at = (baud: number): string => {
      b.wire.tell({ kind: 'baud', baud });
      return b.type('AT\r\n', 200);
    };
    b.type('AT+UART=BR,115200\n');
    expect(at(9_600)).toBe('+AT: OK\r\n');
    b.type('AT+RESET\n', 1_000);
    expect(at(9_600)).toBe('');
    expect(at(115_200)).toBe('+AT: OK\r\n');
    b.wire.tell({ kind: 'baud', baud: 9_600 });
    expect(b.run(console.verbs.rescue())).toMatchObject({
      ok: true,
      value: expect.arrayContaining(['found at 115200 baud', 'factory settings restored with AT+FDEFAULT']),
    });
    expect(at(9_600)).toBe('+AT: OK\r\n');
  });
});

describe('Wio-E5: verbs', () => {
  test('identify changes nothing', () => {
    const { b, modem } = start();
    const before = JSON.stringify([modem.identity, modem.settings]);
    expect(b.run(console.verbs.identify())).toEqual({
      ok: true,
      value: {
        firmware: '4.0.11',
        devEui: 'ac1f09fffe000001',
        joinEui: 'ac1f09fff8680811',
        region: 'EU868',
        mode: 'LWOTAA',
        more: { devAddr: '26011234' },
      },
    });
    expect(JSON.stringify([modem.identity, modem.settings])).toBe(before);
    expect(b.told.filter(({ kind }) => kind === 'flash')).toEqual([]);
    b.type('AT+LOWPOWER\n');
    expect(b.run(console.verbs.identify())).toMatchObject({ ok: true, value: { firmware: '4.0.11' } });
  });

  test('keys go in and are seen once', () => {
    const { b, modem } = start();
    const keys = {
      devEui: '0011223344556677',
      joinEui: '70b3d57ed0000000',
      appKey: '000102030405060708090a0b0c0d0e0f',
    };
    b.type('AT+MODE=TEST\n');
    expect(b.run(console.verbs.setKeys(keys))).toMatchObject({ ok: true, value: keys });
    expect(modem.settings.activation).toBe('otaa');
    expect(Array.from(modem.identity.appKey)).toEqual(Array.from({ length: 16 }, (_, i) => i));
    const session = { devAddr: '26011fff', nwkSKey: 'aa'.repeat(16), appSKey: 'bb'.repeat(16) };
    expect(b.run(console.verbs.setKeys(session))).toMatchObject({ ok: true, value: session });
    expect(modem.settings.activation).toBe('abp');
    expect(b.run(console.verbs.readKeys())).toEqual({
      ok: true,
      value: { devEui: keys.devEui, joinEui: keys.joinEui, devAddr: session.devAddr },
    });
    expect(b.run(console.verbs.setKeys({ appKey: '00' }))).toMatchObject({ problem: { code: 'console-value' } });
  });

  test('join: good, failed, refused', () => {
    const { b, modem } = start();
    const how = { attempts: 2, withinMs: 10_000 };
    expect(withNews(b, console.verbs.join(how), { news: () => b.tell(joined) })).toEqual({
      ok: true,
      value: { joined: true, devAddr: '26015f66' },
    });
    expect(b.run(console.verbs.join({ attempts: 1, withinMs: 1_000 }))).toEqual({
      ok: true,
      value: { joined: false, why: 'no-answer' },
    });
    b.tell({ kind: 'join-failed', why: 'rx-timeout' });
    modem.refusals.push({ kind: 'wait', ms: 5 });
    expect(b.run(console.verbs.join(how))).toMatchObject({ problem: { code: 'board-refused' } });
    modem.joined = true;
    expect(b.run(console.verbs.join(how))).toEqual({ ok: true, value: { joined: true, devAddr: '26011234' } });
  });

  test('send: good, unacknowledged, refused', () => {
    const { b, modem } = start();
    const order = { fPort: 2, hex: 'abcd', confirmed: false };
    expect(b.run(console.verbs.send(order))).toMatchObject({ problem: { code: 'board-refused' } });
    modem.joined = true;
    const sent = withNews(b, console.verbs.send(order), {
      news() {
        b.tell(downlink(10, [1]));
        b.tell({ kind: 'sent' });
      },
    });
    expect(sent).toEqual({
      ok: true,
      value: { end: 'sent', downlinks: [{ kind: 'downlink', fPort: 10, hex: '01' }], rssiDbm: -70, snrDb: 8 },
    });
    const confirmed = { ...order, confirmed: true };
    const end = (acknowledged: boolean) =>
      withNews(b, console.verbs.send(confirmed), { news: () => b.tell({ kind: 'delivered', acknowledged }) });
    expect(end(true)).toEqual({ ok: true, value: { end: 'acknowledged', downlinks: [] } });
    expect(end(false)).toEqual({ ok: true, value: { end: 'not-acknowledged', why: 'no-answer', downlinks: [] } });
    expect(modem.asked.at(-1)).toMatchObject({ send: { fPort: 2, confirmed: true } });
    // The acknowledgement of one uplink is none of the next.
    expect(b.events.slice(-2)).toEqual([{ kind: 'acknowledged' }, { kind: 'not-acknowledged', why: 'no-answer' }]);
  });
});

describe('Wio-E5: every command', () => {
  const rows = Object.entries(table) as [keyof typeof table, CommandRow][];
  const drawn = dice('wio', 'samples');

  test('what is written is read back', () => {
    const { b } = start();
    b.type('AT+MODE=LWOTAA\n');
    const asked = new Set<string>();
    for (let i = 0; i < 20; i++)
      for (const [name, { write, read }] of rows) {
        // Modes are drawn as well: a radio test has to be one for its own commands.
        if (!write || !read || read.length !== write.length) continue;
        const wanted = write.map((param) => param.sample(drawn));
        const order = commands.set(name as never, ...(wanted as never));
        expect(order.ok).toBe(true);
        const answer = order.ok ? b.type(`${order.value.text}\n`).trim() : '';
        const kept = b.type(`${commands.ask(name as never).text}\n`).trim();
        // The answer to an order is the answer to a question.
        expect(answer, name).toBe(kept);
        expect(commands.values(name as never, [kept]), name).toEqual({ ok: true, value: wanted });
        asked.add(name);
      }
    expect([...asked].sort()).toEqual(
      ['adr', 'channels', 'dataRate', 'devAddr', 'devEui', 'deviceClass', 'joinEui', 'mode', 'port'].sort(),
    );
  });

  test('what has no question is answered as its order was', () => {
    const { b, modem } = start();
    modem.joined = true;
    for (const [name, { write, run }] of rows) {
      if (run || !write) continue;
      b.type(`AT+MODE=${name.startsWith('test') ? 'TEST' : 'LWOTAA'}\n`);
      const order = commands.set(name as never, ...(write.map((param) => param.sample(drawn)) as never));
      const answer = order.ok ? b.type(`${order.value.text}\n`, 60_000) : 'no order';
      expect(answer, name).not.toMatch(/ERROR|no order/);
      expect(answer, name).toMatch(/^\+[A-Z]+: /);
      b.tell({ kind: 'sent' });
    }
  });

  test('what runs runs', () => {
    for (const [name, { run }] of rows) {
      if (!run) continue;
      const { b } = start();
      if (name.startsWith('test')) b.type('AT+MODE=TEST\n');
      const answer = b.type(`${commands.run(name as never).text}\n`);
      expect(answer, name).toMatch(/^\+[A-Z]+: (?!ERROR)/);
    }
  });

  test.each([
    ['port', [0], 'AT+PORT=0', -1],
    ['port', [256], 'AT+PORT=256', -1],
    ['dataRate', [8], 'AT+DR=8', -1],
    ['region', ['EU869'], 'AT+DR=EU869', -1],
    ['mode', ['LWNEW'], 'AT+MODE=LWNEW', -1],
    ['deviceClass', ['D'], 'AT+CLASS=D', -1],
    ['adr', ['YES'], 'AT+ADR=YES', -1],
    ['channels', ['all'], 'AT+CH=NUM,all', -1],
    ['devEui', ['00'], 'AT+ID=DevEui,"00"', -1],
    ['devAddr', ['0011223344'], 'AT+ID=DevAddr,"0011223344"', -1],
    ['joinEui', ['zz'], 'AT+ID=AppEui,"zz"', -1],
    ['appKey', ['00'], 'AT+KEY=APPKEY,"00"', -1],
    ['nwkSKey', ['00'], 'AT+KEY=NWKSKEY,"00"', -1],
    ['appSKey', ['00'], 'AT+KEY=APPSKEY,"00"', -1],
    ['speed', ['300'], 'AT+UART=BR,300', -1],
    ['inputTimeout', [1_001], 'AT+UART=TIMEOUT,1001', -1],
    ['send', ['zz'], 'AT+MSGHEX="zz"', -1],
    ['sendConfirmed', ['0'], 'AT+CMSGHEX="0"', -1],
    ['testSend', [''], 'AT+TEST=TXLRPKT,""', -12],
    [
      'testConfig',
      [100, 12, '125', 12, 15, 14, 'ON', 'OFF', 'OFF'],
      'AT+TEST=RFCFG,100,SF12,125,12,15,14,ON,OFF,OFF',
      -12,
    ],
  ] as const)('%s does not take %j', (name, values, line, code) => {
    const { b } = start();
    expect(commands.set(name as never, ...(values as never))).toMatchObject({
      problem: { code: 'console-value' },
    });
    expect(b.type(`${line}\n`)).toMatch(new RegExp(`^\\+[A-Z]+: ERROR\\(${code}\\)\r\n$`));
    if (code === -12) {
      b.type('AT+MODE=TEST\n');
      expect(b.type(`${line}\n`)).toBe('+TEST: ERROR(-1)\r\n');
    }
  });

  test('keys are secrets', () => {
    for (const [name, { write = [] }] of rows)
      expect(
        write.some(({ secret }) => secret === true),
        name,
      ).toBe(name.endsWith('Key'));
  });
});
