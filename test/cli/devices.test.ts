import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openCatalogue } from '../../src/catalogue.js';
import { loadConfig } from '../../src/config/load.js';
import { jsonOf, stellwerk, type Ran } from './stellwerk.js';

const folder = mkdtempSync(join(tmpdir(), 'stellwerk-devices-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const key = '2b7e151628aed2a6abf7158809cf4f3c';
const keyFile = join(folder, 'key.txt');
writeFileSync(keyFile, `${key}\n`);

let count = 0;
/** A devices file of its own, with the commands on it. */
const place = (text?: string) => {
  const file = join(folder, `devices-${++count}.yaml`);
  if (text !== undefined) writeFileSync(file, text);
  return {
    file,
    text: () => readFileSync(file, 'utf8'),
    run: (args: readonly string[], input: string | Buffer = ''): Promise<Ran> =>
      stellwerk(['devices', ...args, '--file', file], { input }),
  };
};
const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

const byHand = `# our street
- devEui: fcd6bd00001936b0   # the gate
  bay: og-01
  lot: graben
  model: bosch-tps110
  otaa: { appKey: env:OG_01 }
`;

describe('stellwerk devices', () => {
  test('add, list, rm: what a person wrote stays, keys are for the owner alone and never shown', async () => {
    const { run, text, file } = place(byHand);
    const added = await run([
      'add',
      'FC-D6-BD-00-00-19-36-B1',
      '--model',
      'bosch-tps110',
      '--bay',
      'og-02',
      '--keys-file',
      keyFile,
      '--class',
      'c',
    ]);
    expect(added).toMatchObject({ code: 0, stdout: `fcd6bd00001936b1 is in ${file}\n` });
    expect(text().startsWith(byHand)).toBe(true);
    expect(text()).toContain(`appKey: ${key}`);
    expect(statSync(file).mode & 0o077).toBe(0);
    const listed = await run(['list', 'OG', '--lot', 'default', '--json']);
    expect(jsonOf(listed)).toEqual([
      {
        ...{ devEui: 'fcd6bd00001936b1', bay: 'og-02', lot: 'default', model: 'bosch-tps110', lorawan: '1.0.3' },
        ...{ class: 'C', counters: 'strict', adr: true, activation: 'otaa', key: 'here' },
      },
    ]);
    const table = await run(['list']);
    expect(table.stdout.split('\n')[0]).toMatch(/^devEui +name +bay +lot +model/);
    expect(table.stdout).toMatch(/fcd6bd00001936b0 .*graben.* joins +elsewhere/);
    expect([listed, table, added].map(({ stdout, stderr }) => stdout + stderr).join()).not.toContain(key);
    expect(await run(['rm', 'og-02'])).toMatchObject({ code: 2, stdout: '' });
    expect(await run(['rm', 'og-02', '--yes'])).toMatchObject({ code: 0 });
    expect(text()).toBe(byHand);
    const missing = await run(['rm', 'og-2', '--yes', '--json']);
    expect(missing.code).toBe(1);
    expect(jsonOf(missing)).toMatchObject({
      error: { code: 'device-not-listed', hint: expect.stringContaining('og-01') as string },
    });
  });

  test('twice is said with the place of the first', async () => {
    const { run, file } = place(byHand);
    const again = await run(['add', 'fcd6bd00001936b0', '--model', 'bosch-tps110', '--keys-file', keyFile]);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining(`${file}:2`) as string });
    const list = written(
      'twice.csv',
      `deveui,appkey,bay\n0200000000000001,${key},og-01\n0200000000000001,${key},og-03\n`,
    );
    const { stderr, code } = await run(['import', list, '--model', 'bosch-tps110']);
    expect(code).toBe(1);
    expect(stderr).toContain(`${list}:2:51: bay: the bay og-01 is registered already, in ${file}:3`);
  });

  test('keys: from a pipe, made, or missing; never from the command line', async () => {
    const { run, text } = place();
    const add = (...args: readonly string[]): readonly string[] => ['add', ...args, '--model', 'pni-placepod'];
    expect(await run(add('0200000000000001'), key)).toMatchObject({ code: 0 });
    expect(await run(add('0200000000000002'), 'not a key')).toMatchObject({ code: 1 });
    const none = await run(add('0200000000000002'));
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('--keys-file') as string });
    expect(await run(add('0200000000000002', '--app-key', key))).toMatchObject({ code: 2 });
    const made = await run(add('0200000000000003', '--generate-key', '--show-key'));
    const [, shown] = /appKey ([0-9a-f]{32})/.exec(made.stdout)!;
    expect(text()).toContain(shown!);
    const quiet = await run(add('0200000000000004', '--generate-key', '--json'));
    expect(quiet.stdout + quiet.stderr).not.toMatch(/[0-9a-f]{32}/);
    const keys = written('abp.yaml', `nwkSKey: ${key}\nappSKey: ${key}\n`);
    const abp = add(
      '0200000000000005',
      '--abp',
      '--dev-addr',
      '2601E123',
      '--keys-file',
      keys,
      '--counters',
      'may-reset',
      '--no-adr',
    );
    expect(await run(abp)).toMatchObject({ code: 0 });
    expect(text()).toContain('devAddr: "2601e123"');
    const loaded = await load(text());
    expect(loaded.map(({ counters, adr, deviceClass }) => [counters, adr, deviceClass]).at(-1)).toEqual([
      'may-reset',
      false,
      'A',
    ]);
  });

  test('a scanned code names the device; wrong options are said by their names, all at once', async () => {
    const { run, text } = place();
    const code = 'LW:D0:1122334455667788:AABBCCDDEEFF0011:AABB1122:OAABBCCDDEEFF:SYYWWNNNNNN:PFOOBAR:CAF2C';
    expect(await run(['add', '--qr', code, '--keys-file', keyFile])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--model') as string,
    });
    const wrong = await run(['add', '--qr', code, '--keys-file', keyFile, '--model', 'bosch-tps11', '--class', 'B']);
    expect(wrong.stderr).toMatch(/model: .*bosch-tps11[^]*class: "B".*A or C/);
    expect(
      await run(['add', '--qr', code.replace('1122334', '1122335'), '--keys-file', keyFile, '--model', 'bosch-tps110']),
    ).toMatchObject({ code: 1 });
    expect(
      await run(['add', '--qr', code, '--keys-file', keyFile, '--profile', 'AABB1122=bosch-tps110']),
    ).toMatchObject({ code: 0 });
    expect(text()).toContain('joinEui: "1122334455667788"');
    // The owner token proves who may claim the device: it goes nowhere.
    expect(text()).not.toContain('AABBCCDDEEFF:');
  });

  test('a CSV file: every problem by row and column, and nothing written; the good rows with --skip-bad', async () => {
    const { run, file, text } = place();
    const list = written(
      'fleet.csv',
      `\ufeffDevEUI;AppEUI;AppKey;Bay;Notes\r\n0200000000000001;70b3d57ed0000001;${key};"g;1";x\r\n` +
        `02000000000002;;${key};g-2;\r\n0200000000000003;;12;g-1;\r\n`,
    );
    const bad = await run(['import', list, '--model', 'bosch-tps110']);
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain(`${list}:3:1: devEui`);
    expect(bad.stderr).toContain(`${list}:4:19: otaa.appKey`);
    expect(bad.stderr).toContain('left out: Notes');
    expect(existsSync(file)).toBe(false);
    const some = await run(['import', list, '--model', 'bosch-tps110', '--skip-bad', '--json']);
    expect(jsonOf(some)).toMatchObject({
      imported: 1,
      bad: 2,
      problems: [
        { line: 3, column: 1 },
        { line: 4, column: 19 },
      ],
    });
    expect(text()).toContain('bay: "g;1"');
    expect(statSync(file).mode & 0o077).toBe(0);
    const aside = readdirSync(folder).filter((name) => name.includes(basename(file)) && name !== basename(file));
    expect(aside).toEqual([]);
  });

  test('codes of a scanner, a line each; keys by DevEUI', async () => {
    const { run, text } = place();
    const codes = written(
      'codes.txt',
      `# gate\nLW:D0:1122334455667788:0200000000000001:004500AA\nLW:D0:1122334455667788:020000000000000:004500AA\n`,
    );
    const keys = written('keys.csv', `Dev EUI,App Key\n02-00-00-00-00-00-00-01,${key}\n`);
    const args = ['import', codes, '--profile', '004500AA=bosch-tps110', '--keys-file', keys];
    const ran = await run([...args, '--dry-run']);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining(`${codes}:3:24`) as string });
    expect(await run([...args, '--skip-bad'])).toMatchObject({ code: 0 });
    expect(text()).toContain('model: bosch-tps110');
    expect(await run(['import', codes, '--model', 'bosch-tps110', '--skip-bad'])).toMatchObject({ code: 1 });
  });

  test('what is exported can be imported: CSV, YAML, JSON; codes and labels hold no key', async () => {
    const from = place(byHand.replace('otaa: {', 'otaa: { joinEui: 70b3d57ed0000001,').replace('env:OG_01', key));
    const csv = join(folder, 'out.csv');
    expect(await from.run(['export', '--format', 'csv', '--out', csv])).toMatchObject({ code: 0 });
    expect(statSync(csv).mode & 0o077).toBe(0);
    const to = place();
    expect(await to.run(['import', csv])).toMatchObject({ code: 0 });
    for (const format of ['yaml', 'json']) {
      const [one, other] = await Promise.all([from, to].map(({ run }) => run(['export', '--format', format])));
      expect(one!.stdout).toBe(other!.stdout);
      expect(one!.stdout).toContain(key);
    }
    const open = await from.run(['export', '--format', 'csv', '--no-keys']);
    expect(open.stdout).not.toContain(key);
    const labels = join(folder, 'labels');
    const codes = await from.run(['export', '--format', 'tr005', '--svg', labels]);
    expect(codes).toMatchObject({ code: 0, stdout: `1 codes in ${labels}\n` });
    expect(readFileSync(join(labels, 'fcd6bd00001936b0.svg'), 'utf8')).toContain('<svg ');
    const shown = await from.run(['qr', 'og-01']);
    expect(shown.stdout).toMatch(/^LW:D0:70B3D57ED0000001:FCD6BD00001936B0:00000000:C[0-9A-F]{4}\n█{30,}\n/);
    expect(shown.stdout).not.toContain('\u001b');
  });

  test('a simulated fleet for any server, as simulate --devices writes it', async () => {
    const args = ['--scenario', 'herrenberg-graben', '--seed', '7'];
    const { run } = place();
    const out = join(folder, 'sim.json');
    const ran = await run(['export', ...args, '--format', 'json', '--out', out]);
    expect(ran).toMatchObject({ code: 0, stdout: `63 devices in ${out}\n` });
    const old = join(folder, 'old.json');
    await stellwerk(['simulate', 'herrenberg-graben', '--seed', '7', '--devices', old]);
    expect(readFileSync(out, 'utf8')).toBe(readFileSync(old, 'utf8'));
    const abp = await run(['export', ...args, '--uplink-only', '--format', 'csv']);
    expect(abp.stdout.split('\n')[0]).toContain('devAddr,nwkSKey,appSKey');
  });

  test('two writers wait for each other', async () => {
    const { run, text } = place();
    const eui = (i: number): string => `020000000000000${i}`;
    const all = [1, 2, 3, 4].map((i) => run(['add', eui(i), '--model', 'pni-placepod', '--generate-key']));
    expect((await Promise.all(all)).map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect((await load(text())).map(({ devEui }) => devEui).sort()).toEqual([1, 2, 3, 4].map(eui));
  });

  test.each([
    [['list'], '', 'no devices file', 1, 'file-missing'],
    [['list'], 'devices: []\n', 'a configuration', 1, 'devices-shape'],
    [
      ['add', '0200000000000001', '--model', 'pni-placepod', '--generate-key'],
      '[1]\n',
      'a wrong file',
      1,
      'option-wrong',
    ],
    [['add', 'xyz', '--model', 'pni-placepod'], '', 'no EUI', 1, 'bad-eui'],
    [['add', '--model', 'pni-placepod'], '', 'nobody to add', 2, 'wrong-usage'],
    [['import', join(folder, 'key.txt')], '', 'no table', 1, 'csv-no-column'],
    [['add', '02', `--generate-key=${key}`], '', 'a key as an argument', 2, 'key-on-command-line'],
    [['frobnicate'], '', 'no such thing to do', 2, 'wrong-usage'],
    [['add', '0200000000000001', key, '--model', 'pni-placepod'], '', 'a key as a word', 2, 'wrong-usage'],
    [[key], '', 'a key alone', 2, 'wrong-usage'],
    [['rm', key, '--yes'], '[]', 'a key as a name', 1, 'device-not-listed'],
    [['import', '/dev/null', '--model', 'pni-placepod'], '', 'nothing at all', 1, 'import-empty'],
    [[], '', 'nothing to do', 2, 'wrong-usage'],
  ])('%j with %j: %s', async (args, text, _, code, error) => {
    const ran = await place(text === '' ? undefined : text).run([...args, '--json']);
    expect(ran.code).toBe(code);
    expect(jsonOf(ran)).toMatchObject({ error: { code: error } });
    expect(ran.stdout + ran.stderr).not.toContain(key);
  });
});

describe('a list on standard input', () => {
  const list = `devEui,appKey,name\n0200000000000001,${key},Müller\n`;

  test('is what a dash means', async () => {
    const { run, file } = place();
    const ran = await run(['import', '-', '--model', 'pni-placepod'], list);
    expect(ran).toMatchObject({ code: 0, stdout: `1 devices are new in ${file}\n` });
  });

  test('in the encoding of a spreadsheet is refused, not guessed', async () => {
    const { run, file } = place();
    const ran = await run(['import', '-', '--model', 'pni-placepod', '--json'], Buffer.from(list, 'latin1'));
    expect(ran.code).toBe(1);
    expect(jsonOf(ran)).toMatchObject({ error: { code: 'file-not-utf8' } });
    expect(existsSync(file)).toBe(false);
  });
});

test('a list that was imported before is told row by row, and what to do about it a few times', async () => {
  const rows = Array.from({ length: 30 }, (_, i) => `02000000000001${10 + i},${key}`);
  const { run } = place();
  const again = (): Promise<Ran> =>
    run(['import', '-', '--model', 'pni-placepod'], `devEui,appKey\n${rows.join('\n')}\n`);
  expect((await again()).code).toBe(0);
  const { code, stderr } = await again();
  expect(code).toBe(1);
  expect(stderr.match(/is registered already/g)).toHaveLength(30);
  expect(stderr.match(/^ {2}/gm)!.length).toBeLessThan(10);
});

test('what a verb can do is offered to one who slips, and what it needs is said in full', async () => {
  expect((await stellwerk(['devices', 'lst'])).stderr).toContain('there is no devices lst; did you mean list?');
  expect(await stellwerk(['devices', 'rm'])).toMatchObject({
    code: 2,
    stderr: `stellwerk: something is missing, expected is stellwerk devices rm <device>
  stellwerk devices rm --help shows what is possible.
`,
  });
});

/** The devices as the gateway reads them. */
const load = async (devices: string) => {
  const name = `loaded-${++count}.yaml`;
  writeFileSync(join(folder, name), devices);
  const file = written(
    `gateway-${count}.yaml`,
    `sources: [{ type: semtech-udp }]\nsinks: [{ type: mqtt, url: mqtt://127.0.0.1 }]\ndevices: ${name}\n`,
  );
  const loaded = await loadConfig({ file, env: {}, catalogue: openCatalogue() });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.value.devices;
};
