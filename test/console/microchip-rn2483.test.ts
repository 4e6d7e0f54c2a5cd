import { describe, expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import console from '../../devices/consoles/microchip-rn2483/index.js';
import { commands, table } from '../../devices/consoles/microchip-rn2483/table.js';
import type { CommandRow } from '../../src/console/dialect.js';
import twin from '../../simulators/consoles/microchip-rn2483/index.js';
import type { VirtualConsole } from '../../src/sim/twin.js';
import { bench, type Bench } from './bench.js';
import { exchangesIn, meaningsOf, withNews } from './exchanges.js';
import { consoleLaws } from './laws.js';
import { downlink, scriptedModem, type ScriptedModem } from './scripted-modem.js';

consoleLaws(console, twin);

const greeting = 'RN2483 1.0.5 Oct 31 2018 15:06:52\r\n';
const start = (): { b: Bench; modem: ScriptedModem } => {
  const modem = scriptedModem();
  return { modem, b: bench({ dialect: console, twin, modem }) };
};

describe('RN2483: transcripts', () => {
  test('the make-believe module answers them to the byte', () => {
    const modem = scriptedModem();
    const made: VirtualConsole = { ...twin, open: (setup) => twin.open({ ...setup, serial: '0004a30b001a2b3c' }) };
    const b = bench({ twin: made, modem });
    const joins = [
      () => b.tell({ kind: 'joined', devAddr: 1, netId: 0 }),
      () => b.tell({ kind: 'join-failed', why: 'rx-timeout' }),
    ];
    const news: Readonly<Record<string, () => void>> = {
      'mac join otaa': () => (joins.shift()!(), (modem.joined = true)),
      'mac tx cnf 1 66': () => b.tell({ kind: 'delivered', acknowledged: true }),
      'mac tx uncnf 1 0102': () => {
        b.tell(downlink(1, [0xaa, 0xbb]));
        b.tell({ kind: 'sent' });
      },
    };
    let replayed = 0;
    for (const { sent, lines } of exchangesIn('rn2483.txt')) {
      replayed++;
      // Nobody sends anything to a module of ours.
      const own = lines.filter((line) => !line.startsWith('radio_rx'));
      const first = sent === '' ? b.take() : b.type(`${sent}\r\n`);
      news[sent]?.();
      expect(first + b.take(), sent).toBe(own.map((line) => `${line}\r\n`).join(''));
    }
    expect(replayed).toBe(15);
  });

  test('they mean what they say', () => {
    const all = exchangesIn('rn2483.txt');
    expect(
      all.map((one) =>
        meaningsOf(console, one).map((meaning) => (meaning.kind === 'event' ? meaning.event.kind : meaning.kind)),
      ),
    ).toEqual([
      ['boot'],
      ['value', 'ok'],
      ['value', 'ok'],
      ['ok'],
      ['ok'],
      ['ok'],
      ['value', 'ok'],
      ['ok'],
      ['ok', 'joined'],
      ['ok', 'join-failed'],
      ['refused'],
      ['ok', 'acknowledged'],
      ['ok', 'downlink', 'sent'],
      ['value', 'ok'],
      ['ok', 'p2p-received'],
    ]);
  });

  test('words of other firmware', () => {
    const of = (sent: string, ...lines: string[]) => meaningsOf(console, { sent, lines }).at(-1);
    const lost = (why: string, code: string) => ({ kind: 'event', event: { kind: 'not-acknowledged', why, code } });
    expect(of('mac tx cnf 1 66', 'ok', 'no_ack')).toEqual(lost('no-answer', 'no_ack'));
    expect(of('mac tx cnf 1 66', 'ok', 'mic_error')).toEqual(lost('bad-answer', 'mic_error'));
    expect(of('mac tx uncnf 1 66', 'ok', 'mac_err')).toEqual(lost('unknown', 'mac_err'));
    for (const [word, why] of [
      ['keys_not_init', 'keys-missing'],
      ['no_free_ch', 'no-channel'],
      ['silent', 'duty-cycle'],
      ['busy', 'busy'],
      ['mac_paused', 'wrong-mode'],
      ['not_joined', 'not-joined'],
      ['frame_counter_err_rejoin_needed', 'not-joined'],
      ['fram_counter_err_rejoin_needed', 'not-joined'],
      ['invalid_data_len', 'too-long'],
    ])
      expect(of('mac tx cnf 1 66', word!)).toEqual({ kind: 'refused', why, code: word });
    expect(of('radio rx 10', 'ok', 'radio_err')).toEqual({
      kind: 'event',
      event: { kind: 'p2p-failed', why: 'timeout' },
    });
    expect(of('radio tx 10', 'ok', 'radio_err')).toEqual({
      kind: 'event',
      event: { kind: 'p2p-failed', why: 'error' },
    });
    // A payload may be found too long only when it is sent, long after its command was answered.
    const reader = console.reader();
    reader.line('ok', { name: '', text: 'mac tx uncnf 1 66', ends: 'first', withinMs: 1 });
    expect(reader.line('invalid_data_len', undefined)).toEqual([lost('too-long', 'invalid_data_len')]);
    // What a class C module hears belongs to no uplink.
    expect(reader.line('mac_rx 3', undefined)).toEqual([
      { kind: 'event', event: { kind: 'downlink', fPort: 3, hex: '' } },
    ]);
    // An order has no value: what comes instead of its answer is not one.
    expect(reader.line('hello', { name: '', text: 'mac set dr 1', ends: 'first', withinMs: 1 })).toEqual([
      { kind: 'log' },
    ]);
  });
});

describe('RN2483: the module', () => {
  test('greets, and answers every line', () => {
    const { b } = start();
    expect(b.take()).toBe(greeting);
    expect(b.type('\r\n')).toBe('invalid_param\r\n');
    expect(b.type('\n')).toBe('invalid_param\r\n');
    expect(b.type('SYS GET VER\r\n')).toBe('invalid_param\r\n');
    expect(b.type('sys reset\r\n')).toBe(greeting);
    expect(b.type('radio cw off\r\n')).toBe(greeting);
    const sister = bench({ twin, modem: scriptedModem(), board: 'microchip-rn2903' });
    expect(sister.take()).toMatch(/^RN2903 /);
  });

  test('what stands in the way', () => {
    const { b, modem } = start();
    expect(b.type('mac tx uncnf 1 00\r\n')).toBe('not_joined\r\n');
    expect(b.type('radio rx 0\r\n')).toBe('busy\r\n');
    modem.refusals.push({ kind: 'wait', ms: 5 }, { kind: 'busy' });
    expect(b.type('mac join otaa\r\nmac join otaa\r\n')).toBe('no_free_ch\r\nbusy\r\n');
    expect(b.type('mac set appkey 00000000000000000000000000000000\r\nmac join otaa\r\n')).toBe(
      'ok\r\nkeys_not_init\r\n',
    );
    expect(b.type('mac join abp\r\n')).toBe('ok\r\naccepted\r\n');
    modem.joined = true;
    expect(b.type('mac tx uncnf 224 00\r\n')).toBe('invalid_param\r\n');
    modem.refusals.push({ kind: 'too-long', most: 11 });
    expect(b.type('mac tx uncnf 223 00\r\n')).toBe('invalid_data_len\r\n');
    expect(b.type('mac tx uncnf 223 00\r\nmac tx uncnf 223 00\r\nmac pause\r\n')).toBe('ok\r\nbusy\r\n0\r\n');
    b.tell({ kind: 'sent' });
    expect(b.take()).toMatch(/mac_tx_ok\r\n$/);
    expect(b.type('mac pause\r\nmac tx uncnf 1 00\r\nmac resume\r\n')).toBe('4294967245\r\nmac_paused\r\nok\r\n');
  });

  test('a confirmed uplink is repeated as often as it was told', () => {
    const { b, modem } = start();
    modem.joined = true;
    b.type('mac set retx 2\r\n');
    expect(b.type('mac tx cnf 5 0a0B\r\n')).toBe('ok\r\n');
    expect(modem.asked.at(-1)).toEqual({
      send: { fPort: 5, bytes: Uint8Array.of(10, 11), confirmed: true, tries: 3 },
    });
    b.take();
    b.tell({ kind: 'delivered', acknowledged: false });
    expect(b.take()).toBe('mac_err\r\n');
    expect(b.type('mac set linkchk 60\r\nmac tx uncnf 5 00\r\n')).toBe('ok\r\nok\r\n');
    b.tell({ kind: 'link-checked', marginDb: 12, gateways: 2 });
    b.tell({ kind: 'sent' });
    expect(b.type('mac get mrgn\r\nmac get gwnb\r\n')).toBe('12\r\n2\r\n');
  });

  test('the bare radio: a frame takes its airtime, and nobody is heard', () => {
    const { b } = start();
    b.type('mac pause\r\nradio set sf sf7\r\n');
    expect(b.type('radio tx 0102\r\n', 20)).toBe('ok\r\n');
    expect(b.type('radio tx 0102\r\n', 1)).toBe('busy\r\n');
    b.wire.advance(b.wire.nowUs + 100_000);
    expect(b.take()).toBe('radio_tx_ok\r\n');
    // Ten symbols of 1.024 ms each.
    expect(b.type('radio rx 10\r\n', 9)).toBe('ok\r\n');
    b.wire.advance(b.wire.nowUs + 3_000);
    expect(b.take()).toBe('radio_err\r\n');
    // On and on ends with the watchdog.
    expect(b.type('radio rx 0\r\n', 14_999)).toBe('ok\r\n');
    expect(b.type('', 1_000)).toBe('radio_err\r\n');
    expect(b.type('radio set wdt 0\r\nradio rx 0\r\n', 100_000)).toBe('ok\r\nok\r\n');
    expect(b.type('radio rxstop\r\n')).toBe('ok\r\n');
    expect(b.events.map((one) => one.kind)).toEqual(['p2p-sent', 'p2p-failed', 'p2p-failed']);
  });

  test('sleeps until its time is over, or a break', () => {
    const { b } = start();
    b.take();
    expect(b.type('sys sleep 99\r\n')).toBe('invalid_param\r\n');
    expect(b.type('sys sleep 5000\r\nsys get vdd\r\n', 4_900)).toBe('');
    expect(b.type('', 200)).toBe('ok\r\n');
    b.type('sys sleep 4000000000\r\n');
    expect(b.type('sys get vdd\r\n')).toBe('');
    expect(b.run(console.verbs.rescue())).toMatchObject({ ok: true, value: expect.arrayContaining(['woken up']) });
  });

  test('finds another speed by a break and a letter, and forgets it at a restart', () => {
    const { b } = start();
    b.wire.tell({ kind: 'baud', baud: 115_200 });
    b.take();
    expect(b.type('sys get vdd\r\n')).toBe('');
    expect(b.run(console.verbs.rescue())).toMatchObject({ ok: true });
    expect(b.type('sys get vdd\r\n')).toBe('3300\r\n');
    b.wire.tell({ kind: 'baud', baud: 9_600 });
    const breaking = b.run(
      (function* () {
        yield { kind: 'signals', signals: { brk: true } } as const;
        yield { kind: 'pause', ms: 5 } as const;
        yield { kind: 'signals', signals: { brk: false } } as const;
        return { ok: true, value: undefined } as const;
      })(),
    );
    expect(breaking).toEqual({ ok: true, value: undefined });
    expect(b.type('Usys get vdd\r\n')).toBe('invalid_param\r\n');
    expect(b.type('sys get vdd\r\n')).toBe('3300\r\n');
    // Without a break it is a letter like others.
    expect(b.type('Usys get vdd\r\n')).toBe('invalid_param\r\n');
    b.type('sys reset\r\n');
    expect(b.type('sys get vdd\r\n')).toBe('');
    b.wire.tell({ kind: 'baud', baud: 57_600 });
    expect(b.type('sys get vdd\r\n')).toBe('3300\r\n');
  });

  test('what is not saved is lost at a restart, and the factory takes all', () => {
    const { b, modem } = start();
    const { devEui } = modem.identity;
    b.type('mac set deveui 0011223344556677\r\nmac set retx 3\r\n');
    b.type('sys reset\r\n');
    expect(b.type('mac get deveui\r\nmac get retx\r\n')).toBe(`${devEui.toUpperCase()}\r\n7\r\n`);
    b.type('mac set deveui 0011223344556677\r\nmac set retx 3\r\nmac set dr 5\r\nmac save\r\nsys reset\r\n');
    expect(b.type('mac get deveui\r\nmac get retx\r\nmac get dr\r\n')).toBe('0011223344556677\r\n3\r\n5\r\n');
    const flash = b.told.findLast((one) => one.kind === 'flash')!.flash;
    const again = bench({ twin, modem, flash });
    again.take();
    expect(again.type('mac get retx\r\nmac get dr\r\n')).toBe('3\r\n5\r\n');
    b.type('sys factoryRESET\r\n');
    expect(b.type('mac get deveui\r\nmac get retx\r\n')).toBe(`${devEui.toUpperCase()}\r\n7\r\n`);
    expect(b.told.findLast((one) => one.kind === 'flash')).toEqual({ kind: 'flash', flash: {} });
  });
});

describe('RN2483: verbs', () => {
  test('identify changes nothing', () => {
    const { b, modem } = start();
    const before = JSON.stringify([modem.identity, modem.settings]);
    expect(b.run(console.verbs.identify())).toEqual({
      ok: true,
      value: {
        model: 'RN2483',
        firmware: '1.0.5',
        serial: '9181004e20900057',
        devEui: 'ac1f09fffe000001',
        joinEui: 'ac1f09fff8680811',
        region: 'EU868',
        batteryV: 3.3,
        more: { version: greeting.trim() },
      },
    });
    expect(JSON.stringify([modem.identity, modem.settings])).toBe(before);
    expect(b.told.filter(({ kind }) => kind === 'flash')).toEqual([]);
  });

  test('keys go in, are saved, and do not come out', () => {
    const { b, modem } = start();
    const keys = {
      devEui: '0011223344556677',
      joinEui: '70b3d57ed0000000',
      appKey: '000102030405060708090a0b0c0d0e0f',
    };
    b.type('mac pause\r\n');
    expect(b.run(console.verbs.setKeys(keys))).toEqual({
      ok: true,
      value: { devEui: keys.devEui, joinEui: keys.joinEui, devAddr: '26011234' },
    });
    expect(Array.from(modem.identity.appKey)).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect(b.told.some(({ kind }) => kind === 'flash')).toBe(true);
    expect(b.run(console.verbs.setKeys({ appKey: '00' }))).toMatchObject({ problem: { code: 'console-value' } });
    b.type('mac set deveui 0000000000000000\r\n');
    expect(b.run(console.verbs.readKeys())).toMatchObject({
      value: expect.not.objectContaining({ devEui: expect.anything() }),
    });
  });

  test('join: good, failed, refused', () => {
    const { b, modem } = start();
    const how = { attempts: 1, withinMs: 10_000 };
    const joined = () => b.tell({ kind: 'joined', devAddr: 0x26011234, netId: 0 });
    expect(withNews(b, console.verbs.join(how), { news: joined })).toEqual({
      ok: true,
      value: { joined: true, devAddr: '26011234' },
    });
    const failed = () => b.tell({ kind: 'join-failed', why: 'rx-timeout' });
    expect(withNews(b, console.verbs.join(how), { news: failed })).toEqual({
      ok: true,
      value: { joined: false, why: 'no-answer' },
    });
    modem.refusals.push({ kind: 'wait', ms: 5 });
    expect(b.run(console.verbs.join(how))).toMatchObject({
      problem: { code: 'board-refused', facts: { code: 'no_free_ch' } },
    });
    expect(b.run(console.verbs.join(how))).toEqual({ ok: true, value: { joined: false, why: 'no-answer' } });
  });

  test('send: good, unacknowledged, refused', () => {
    const { b, modem } = start();
    const order = { fPort: 2, hex: 'abcd', confirmed: false };
    expect(b.run(console.verbs.send(order))).toMatchObject({
      problem: { code: 'board-refused', facts: { code: 'not_joined' } },
    });
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
    expect(end(false)).toEqual({ ok: true, value: { end: 'not-acknowledged', why: 'mac_err', downlinks: [] } });
    // An uplink that never ends is given up.
    expect(b.run(console.verbs.send(order))).toMatchObject({ problem: { code: 'board-silent' } });
    expect(b.run(console.verbs.restart())).toEqual({ ok: true, value: undefined });
  });
});

describe('RN2483: every command', () => {
  const rows = Object.entries(table) as [keyof typeof table, CommandRow][];
  const drawn = dice('rn2483', 'samples');
  const order = (name: keyof typeof table, values: readonly unknown[]) =>
    commands.set(name as never, ...(values as never));

  test('what is written is read back', () => {
    const { b } = start();
    const kept: string[] = [];
    for (let i = 0; i < 20; i++)
      for (const [name, { write, read }] of rows) {
        if (!write || !read || name.endsWith('Counter')) continue;
        const wanted = write.map((param) => param.sample(drawn));
        const set = order(name, wanted);
        expect(set.ok, name).toBe(true);
        if (name === 'power' && wanted[0] === 0) continue;
        expect(b.type(`${set.ok ? set.value.text : ''}\r\n`), name).toBe('ok\r\n');
        const answer = b.type(`${commands.ask(name as never).text}\r\n`).trim();
        const values = commands.values(name as never, [answer]);
        expect(values, name).toEqual({ ok: true, value: wanted });
        if (i === 0) kept.push(name);
      }
    expect(kept.length).toBeGreaterThan(24);
    for (const [put, get, values, shown] of [
      ['channelHz', 'channelHzOf', [3, 867_100_000], '867100000'],
      ['channelCycle', 'channelCycleOf', [15, 799], '799'],
      ['channelRates', 'channelRatesOf', [0, 1, 4], '1 4'],
      ['channelState', 'channelStateOf', [2, 'off'], 'off'],
      ['rx2', 'rx2Of', [3, 869_525_000], '3 869525000'],
    ] as const) {
      const set = order(put, values);
      expect(b.type(`${set.ok ? set.value.text : ''}\r\n`), put).toBe('ok\r\n');
      const ask = order(get, [get === 'rx2Of' ? '868' : values[0]]);
      expect(b.type(`${ask.ok ? ask.value.text : ''}\r\n`), get).toBe(`${shown}\r\n`);
    }
  });

  test('every question and every order has an answer that is its own', () => {
    for (const [name, { write, read, run }] of rows) {
      const { b, modem } = start();
      modem.joined = true;
      if (name === 'receive' || name === 'transmit') b.type('mac pause\r\n');
      b.take();
      const texts = [
        ...(read ? [commands.ask(name as never).text] : []),
        ...(run ? [commands.run(name as never).text] : []),
        ...(write
          ? [
              order(
                name,
                name === 'power' ? [1] : name === 'sleep' ? [200] : write.map((param) => param.sample(drawn)),
              ),
            ].map((one) => (one.ok ? one.value.text : ''))
          : []),
      ];
      for (const text of texts) expect(b.type(`${text}\r\n`), text).toMatch(/^(?!invalid)[^\r]+\r\n/);
      if (read) {
        const answer = b.type(`${commands.ask(name as never).text}\r\n`).trim();
        expect(commands.values(name as never, [answer]).ok, `${name}: ${answer}`).toBe(true);
      }
    }
  });

  test.each([
    ['dataRate', [8], 'mac set dr 8'],
    ['adr', ['ON'], 'mac set adr ON'],
    ['power', [6], 'mac set pwridx 6'],
    ['tries', [256], 'mac set retx 256'],
    ['rxDelay1', [65_536], 'mac set rxdelay1 65536'],
    ['devEui', ['00'], 'mac set deveui 00'],
    ['joinEui', ['zz'], 'mac set appeui zz'],
    ['devAddr', ['0'], 'mac set devaddr 0'],
    ['appKey', ['00'], 'mac set appkey 00'],
    ['nwkSKey', ['00'], 'mac set nwkskey 00'],
    ['appSKey', ['00'], 'mac set appskey 00'],
    ['macReset', ['915'], 'mac reset 915'],
    ['join', ['both'], 'mac join both'],
    ['send', ['cnf', 0, '00'], 'mac tx cnf 0 00'],
    ['send', ['cnf', 1, ''], 'mac tx cnf 1 '],
    ['send', ['cnf', 1, '0x66'], 'mac tx cnf 1 0x66'],
    ['sleep', [99], 'sys sleep 99'],
    ['rx2', [8, 869_525_000], 'mac set rx2 8 869525000'],
    ['channelHz', [2, 868_100_000], 'mac set ch freq 2 868100000'],
    ['channelHz', [3, 862_999_999], 'mac set ch freq 3 862999999'],
    ['channelState', [16, 'on'], 'mac set ch status 16 on'],
    ['channelRates', [0, 0, 8], 'mac set ch drrange 0 0 8'],
    ['channelCycle', [0, 65_536], 'mac set ch dcycle 0 65536'],
    ['linkCheck', [65_536], 'mac set linkchk 65536'],
    ['battery', [256], 'mac set bat 256'],
    ['syncWord', ['3412'], 'mac set sync 3412'],
    ['deviceClass', ['b'], 'mac set class b'],
    ['upCounter', [4_294_967_296], 'mac set upctr 4294967296'],
    ['receive', [65_536], 'radio rx 65536'],
    ['transmit', [''], 'radio tx '],
    ['radioPower', [16], 'radio set pwr 16'],
    ['radioPower', [-4], 'radio set pwr -4'],
    ['spreading', ['sf6'], 'radio set sf sf6'],
    ['bandwidth', ['62.5'], 'radio set bw 62.5'],
    ['coding', ['4/9'], 'radio set cr 4/9'],
    ['bitRate', [0], 'radio set bitrate 0'],
    ['frequency', [500_000_000], 'radio set freq 500000000'],
    ['shaping', ['0.7'], 'radio set bt 0.7'],
    ['radioSync', ['112233445566778899'], 'radio set sync 112233445566778899'],
  ] as const)('%s does not take %j', (name, values, line) => {
    const { b } = start();
    expect(order(name, values)).toMatchObject({ problem: { code: 'console-value' } });
    b.take();
    expect(b.type(`${line}\r\n`)).toBe('invalid_param\r\n');
  });

  test('keys are secrets', () => {
    for (const [name, { write = [] }] of rows)
      expect(
        write.some(({ secret }) => secret === true),
        name,
      ).toBe(/^(app|nwk)S?Key$/.test(name));
  });
});
