import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comPort, fromServer } from '../../src/io/rfc2217/com-port.js';
import { telnetEnd, telnetOption, type TelnetPlan } from '../../src/io/rfc2217/options.js';
import { comPortServer } from '../../src/io/rfc2217/server.js';
import {
  escapeTelnet,
  mostSuboptionBytes,
  telnetReader,
  telnetSuboption,
  telnetVerb,
  type TelnetVerb,
} from '../../src/io/rfc2217/telnet.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytesOf = (text: string): Uint8Array => Buffer.from(text.replace(/\s/g, ''), 'hex');
/** Noise with many of the bytes that mean something. */
const noise = fc
  .array(fc.oneof(fc.constantFrom(255, 250, 240, 251, 252, 253, 254, 44, 0, 13, 10), fc.integer({ min: 0, max: 255 })))
  .map((bytes) => Uint8Array.from(bytes));

const read = (pieces: readonly Uint8Array[]): readonly string[] => {
  const told: string[] = [];
  let data = '';
  const rest = (): void => {
    if (data !== '') told.push(`data ${data}`);
    data = '';
  };
  const take = telnetReader({
    data: (bytes) => void (data += hex(bytes)),
    verb: (verb, option) => (rest(), told.push(`${verb} ${option}`)),
    suboption: (option, bytes) => (rest(), told.push(`suboption ${option} ${hex(bytes)}`)),
  });
  pieces.forEach(take);
  rest();
  return told;
};
const cutAt = (bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] => {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((to, i) => bytes.subarray(places[i], to));
};

test('any bytes, in any pieces, are read the same and never throw', () => {
  fc.assert(
    fc.property(noise, fc.array(fc.nat(1_000), { maxLength: 20 }), (bytes, cuts) => {
      const whole = read([bytes]);
      expect(read(cutAt(bytes, cuts))).toEqual(whole);
      expect(read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
    }),
    { numRuns: 300 },
  );
});

test('what is escaped is read as it was, with commands in between', () => {
  const part = fc.oneof(
    noise.map((bytes) => ({ wire: escapeTelnet(bytes), told: bytes.length > 0 ? `data ${hex(bytes)}` : undefined })),
    fc
      .record({ verb: fc.constantFrom<TelnetVerb>('will', 'wont', 'do', 'dont'), option: fc.nat(255) })
      .map(({ verb, option }) => ({ wire: telnetVerb(verb, option), told: `${verb} ${option}` })),
    fc.record({ option: fc.nat(254), bytes: noise }).map(({ option, bytes }) => ({
      wire: telnetSuboption(option, bytes),
      told: `suboption ${option} ${hex(bytes)}`,
    })),
  );
  const join = (told: readonly (string | undefined)[]): readonly string[] =>
    told.reduce<string[]>((all, one) => {
      const last = all.at(-1);
      if (one === undefined) return all;
      if (one.startsWith('data ') && last?.startsWith('data ')) all[all.length - 1] = last + one.slice(5);
      else all.push(one);
      return all;
    }, []);
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      expect(read([Buffer.concat(parts.map(({ wire }) => wire))])).toEqual(join(parts.map(({ told }) => told)));
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['41 ff ff 42', ['data 41ff42'], 'RFC 854: IAC IAC is one byte of data'],
  ['41 ff f1 42', ['data 4142'], 'RFC 854: NOP is no data'],
  ['ff fb 2c ff fd 00', ['will 44', 'do 0'], 'RFC 856: WILL, DO'],
  ['ff fa 2c 01 00 00 25 80 ff f0', ['suboption 44 0100002580'], 'RFC 2217: SET-BAUDRATE 9600'],
  ['ff fa 2c 0b ff ff ff f0 41', ['suboption 44 0bff', 'data 41'], 'RFC 2217: IAC in a value comes twice'],
  ['ff fa 2c 05 ff fb 01 41', ['will 1', 'data 41'], 'a suboption without an end is dropped'],
  ['ff fa ff f0 41', ['data 41'], 'a suboption without an option'],
])('%s: %s', (bytes, told) => expect(read([bytesOf(bytes)])).toEqual(told));

test('a suboption without an end does not grow, and one that is too long is dropped', () => {
  const long = telnetSuboption(44, new Uint8Array(mostSuboptionBytes));
  expect(read([long, bytesOf('41')])).toEqual(['data 41']);
  expect(read([telnetSuboption(44, new Uint8Array(mostSuboptionBytes - 1))])).toHaveLength(1);
});

const { binary, goAhead, comPort: option, echo } = telnetOption;
const plan: TelnetPlan = {
  askUs: [binary],
  askThem: [binary],
  agreeUs: [binary, goAhead],
  agreeThem: [binary, goAhead],
};
/** An end and what it has written and read so far. */
const end = (): ReturnType<typeof telnetEnd> & { sent: string; data: string } => {
  const kept = { sent: '', data: '' };
  const one = telnetEnd(plan, {
    send: (bytes) => void (kept.sent += hex(bytes)),
    data: (bytes) => void (kept.data += hex(bytes)),
    suboption: () => undefined,
  });
  return Object.assign(kept, one);
};

test('two ends that ask each other agree and come to rest', () => {
  const written: { to: 0 | 1; bytes: Uint8Array }[] = [];
  const ends = ([0, 1] as const).map((me) =>
    telnetEnd(plan, {
      send: (bytes) => void written.push({ to: me === 0 ? 1 : 0, bytes }),
      data: () => undefined,
      suboption: () => undefined,
    }),
  );
  ends.forEach((one) => one.start());
  let count = 0;
  for (let next = written.shift(); next; next = written.shift()) {
    ends[next.to]!.take(next.bytes);
    expect(++count).toBeLessThan(10);
  }
  for (const one of ends) expect([one.us(binary), one.them(binary)]).toEqual(['yes', 'yes']);
});

test('whatever an end is told, it says at most one thing about it', () => {
  fc.assert(
    fc.property(noise, (bytes) => {
      const one = end();
      one.take(bytes);
      const commands = read([bytes]).filter((told) => !told.startsWith('data') && !told.startsWith('sub')).length;
      expect(one.sent.length / 6).toBeLessThanOrEqual(commands);
    }),
  );
});

test('what nobody asked for is refused, each time; what stands is not said again', () => {
  const one = end();
  one.take(Buffer.concat([telnetVerb('do', echo), telnetVerb('do', goAhead), telnetVerb('do', goAhead)]));
  expect(one.sent).toBe(hex(Buffer.concat([telnetVerb('wont', echo), telnetVerb('will', goAhead)])));
});

test('an end that refuses to be binary sends NUL behind each CR, and gets it', () => {
  const one = end();
  one.start();
  one.take(Buffer.concat([telnetVerb('dont', binary), telnetVerb('wont', binary)]));
  expect(hex(one.wrap(bytesOf('41 0d 42 0d0a ff')))).toBe('410d00420d0affff');
  for (const piece of ['41 0d', '00 42 0d0a 00']) one.take(bytesOf(piece));
  expect(one.data).toBe('410d420d0a00');
});

test('an end that has said nothing about it gets every byte as it is', () => {
  const one = end();
  one.start();
  expect(hex(one.wrap(bytesOf('0d')))).toBe('0d');
  one.take(bytesOf('0d00'));
  expect(one.data).toBe('0d00');
});

/** What the server answers to a client's command, and what it tells. */
const asked = (...commands: readonly string[]): { answers: readonly string[]; told: readonly string[] } => {
  const told: string[] = [];
  const sent: Uint8Array[] = [];
  const server = comPortServer(
    { baud: 115_200 },
    {
      send: (bytes) => void sent.push(bytes),
      data: (bytes) => void told.push(`data ${hex(bytes)}`),
      line: (line) => void told.push(`line ${JSON.stringify(line)}`),
      signals: (signals) => void told.push(`signals ${JSON.stringify(signals)}`),
    },
  );
  for (const command of commands) server.take(telnetSuboption(option, bytesOf(command)));
  const answers = read(sent).map((one) => one.replace(`suboption ${option} `, ''));
  return { answers, told };
};

test.each([
  ['its speed', '01 00000000', '650001c200', []],
  ['another speed', '01 00000960', '6500000960', ['line {"baud":2400}']],
  ['a speed that nothing has', '01 ffffffff', '650001c200', []],
  ['half a speed', '01 0009', '650001c200', []],
  ['seven bits', '02 07', '6607', ['line {"baud":115200,"dataBits":7}']],
  ['five bits', '02 05', '6608', []],
  ['even parity', '03 03', '6703', ['line {"baud":115200,"parity":"even"}']],
  ['mark parity', '03 04', '6701', []],
  ['two stop bits', '04 02', '6802', ['line {"baud":115200,"stopBits":2}']],
  ['one and a half', '04 03', '6801', []],
  ['which flow control', '05 00', '6901', []],
  ['flow control by RTS and CTS', '05 03', '6903', []],
  ['whether it breaks', '05 04', '6906', []],
  ['a break', '05 05', '6905', ['signals {"brk":true}']],
  ['DTR', '05 07', '6908', []],
  ['DTR off', '05 09', '6909', ['signals {"dtr":false}']],
  ['RTS on', '05 0b', '690b', ['signals {"rts":true}']],
  ['incoming flow control', '05 0d', '690e', []],
  ['to empty its buffers', '0c 03', '7003', []],
  ['the modem state', '07', '6bb0', []],
  ['the line state', '06', '6a00', []],
  ['nothing we know', '63 01', undefined, []],
  ['nothing', '', undefined, []],
])('a client asks for %s', (_what, command, answer, told) => {
  expect(asked(command)).toEqual({ answers: answer === undefined ? [] : [answer], told });
});

test('what was set is told when it is asked for', () => {
  const { answers } = asked('05 09', '05 07', '05 0c', '05 0a', '05 05', '05 04', '03 02', '03 00');
  expect(answers.filter((_, i) => i % 2 === 1)).toEqual(['6909', '690c', '6905', '6702']);
  expect(asked('0b 10').answers).toEqual(['6f10', '6b10']);
});

test('its signature', () => {
  expect(asked('00').answers).toEqual([
    hex(Uint8Array.of(fromServer + comPort.signature)) + hex(Buffer.from('Stellwerk')),
  ]);
  expect(asked('00 41').answers).toEqual([]);
});

test('any noise is survived by the server', () => {
  fc.assert(
    fc.property(fc.array(noise), (commands) => {
      asked(...commands.map(hex));
      const server = comPortServer(
        { baud: 1 },
        { send: () => undefined, data: () => undefined, line: () => undefined, signals: () => undefined },
      );
      server.start();
      commands.forEach(server.take);
    }),
  );
});
