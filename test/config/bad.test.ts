import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { describe as told, hintOf } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import { loadConfig } from '../../src/config/load.js';

const catalogue = openCatalogue();
const folder = mkdtempSync(join(tmpdir(), 'stellwerk-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What is said of a configuration, one line for each problem, without the folder. */
const said = async (text: string, env: Record<string, string> = {}): Promise<readonly string[]> => {
  const file = join(folder, 'curb.yaml');
  writeFileSync(file, text);
  const loaded = await loadConfig({ file, env, catalogue });
  return loaded.ok
    ? ['fine']
    : loaded.problems.map((one) => [told(one), hintOf(one)].filter(Boolean).join(' / ').replaceAll(`${folder}/`, ''));
};

const key = '2b7e151628aed2a6abf7158809cf4f3c';
const device = `  - devEui: 0200000000000001
    bay: og-01
    model: cicicom-s-lg-i3
    otaa:
      appKey: ${key}
`;
const ends = `sources:
  - type: semtech-udp
sinks:
  - type: mqtt
    url: mqtt://127.0.0.1
`;
const good = `${ends}devices:\n${device}`;
/** The good configuration with one thing replaced. */
const but = (from: string, to: string): string => {
  if (!good.includes(from)) throw new Error(`no ${from}`);
  return good.replace(from, to);
};

test('the good one is fine', async () => expect(await said(good)).toEqual(['fine']));

const cases: readonly (readonly [what: string, text: string, first: string])[] = [
  ['a tab', 'name: x\nsinks:\n\t- type: mqtt\n', 'curb.yaml:3:1: '],
  ['an open bracket', 'name: [a\nsinks: b\n', 'curb.yaml:2:1: '],
  ['a name twice', `name: a\n${good}name: b\n`, 'curb.yaml:13:1: '],
  ['a misspelt option', but('url:', 'ulr:'), 'curb.yaml:5:5: '],
  ['a number that is none', but('semtech-udp\n', 'semtech-udp\n    port: 0x10\n'), 'curb.yaml:3:11: sources.0.port: '],
  ['a number out of range', but('semtech-udp\n', 'semtech-udp\n    port: 70000\n'), 'curb.yaml:3:11: sources.0.port: '],
  ['half a number', but('semtech-udp\n', 'semtech-udp\n    port: 17.5\n'), 'curb.yaml:3:11: sources.0.port: '],
  ['an empty number', but('semtech-udp\n', "semtech-udp\n    port: ''\n"), 'curb.yaml:3:11: sources.0.port: '],
  ['yes for true', `simulation: yes\n${good}`, 'curb.yaml:1:13: simulation: '],
  [
    'a QoS that we do not do',
    `${good}`.replace('127.0.0.1\n', '127.0.0.1\n    qos: 2\n'),
    'curb.yaml:6:10: sinks.0.qos: ',
  ],
  ['an unknown sink', but('type: mqtt', 'type: mqqt'), 'curb.yaml:4:11: sinks.0.type: '],
  ['a password in the address', but('mqtt://', 'mqtt://me:secret@'), 'curb.yaml:5:10: sinks.0.url: '],
  ['an unknown model', but('cicicom-s-lg-i3', 'cicicom-s-lg-i4'), 'curb.yaml:9:12: devices.0.model: '],
  ['a short EUI', but('0200000000000001', '020000000000001'), 'curb.yaml:7:13: devices.0.devEui: '],
  ['a short key', but(key, key.slice(1)), 'curb.yaml:11:15: devices.0.otaa.appKey: '],
  ['no keys', but(`    otaa:\n      appKey: ${key}\n`, ''), 'curb.yaml:7:5: devices.0: '],
  [
    'a key missing',
    but(`      appKey: ${key}\n`, '      joinEui: 0200000000000000\n'),
    'curb.yaml:11:7: devices.0.otaa.appKey: ',
  ],
  ['a device twice', `${good}${device.replace('og-01', 'og-02')}`, 'curb.yaml:12:13: devices.1.devEui: '],
  ['a bay twice', `${good}${device.replace('0001', '0002')}`, 'curb.yaml:13:10: devices.1.bay: '],
  ['options that the model does not have', `${good}    options:\n      colour: red\n`, 'curb.yaml:13:7: '],
  ['a devices file that is not there', `${ends}devices: other.yaml\n`, 'curb.yaml:6:10: devices: '],
  ['a variable that is not set', but(key, 'env:NOT_SET'), 'curb.yaml:11:15: devices.0.otaa.appKey: '],
  ['no sources', good.replace('sources:\n  - type: semtech-udp\n', ''), 'curb.yaml:1:1: sources: '],
  ['a list where a word belongs', `name: [a]\n${good}`, 'curb.yaml:1:7: name: '],
  ['nothing at all', '', 'curb.yaml:1:1: '],
  ['a list', '- a\n- b\n', 'curb.yaml:1:1: '],
  ['a second document', `${good}---\nname: x\n`, 'curb.yaml:12:1: '],
  ['an alias of nothing', 'name: *me\n', 'curb.yaml:1:7: '],
  ['an own name of JavaScript', `__proto__:\n  name: x\n${good}`, 'curb.yaml:1:1: '],
];
test.each(cases)('%s', async (_what, text, first) => {
  const lines = await said(text);
  expect(lines.map((line) => line.slice(0, first.length))).toContain(first);
  for (const line of lines) expect(line).not.toMatch(/undefined|\[object|Invalid input|custom|secret/);
});

test('a misspelt option is said with what was meant, and what is missing for it', async () =>
  expect(await said(but('url:', 'ulr:'))).toEqual([
    'curb.yaml:4:5: sinks.0.url: url is missing; expected is a text',
    'curb.yaml:5:5: sinks.0.ulr: there is no option ulr here; did you mean url?',
  ]));

test('all that is wrong is said at once', async () =>
  expect(
    await said(
      good
        .replace('semtech-udp\n', 'semtech-udp\n    port: 0x10\n    hosst: a\n')
        .replace('127.0.0.1\n', '127.0.0.1\n    qos: 2\n')
        .replace('0200000000000001', '02'),
    ),
  ).toEqual([
    'curb.yaml:3:11: sources.0.port: "0x10" stands here, expected is a number',
    'curb.yaml:4:5: sources.0.hosst: there is no option hosst here; did you mean host?',
    'curb.yaml:8:10: sinks.0.qos: 2 stands here, expected is 0 or 1',
    'curb.yaml:10:13: devices.0.devEui: "02" is not an EUI-64 / An EUI is 16 hexadecimal digits, such as 70b3d57ed005a1b2.',
  ]));

test('what is missing altogether', async () =>
  expect(await said('')).toEqual([
    'curb.yaml:1:1: devices: devices is missing; expected is a text or a list',
    'curb.yaml:1:1: sources: sources is missing; expected is a list',
    'curb.yaml:1:1: sinks: sinks is missing; expected is a list',
  ]));

test('a wrong value from the environment is said of the variable', async () => {
  expect(await said(good, { STELLWERK_SOURCES_0_PORT: 'x' })).toEqual([
    'STELLWERK_SOURCES_0_PORT:1:1: sources.0.port: "x" stands here, expected is a number',
  ]);
  expect(await said(good, { STELLWERK_NAEM: 'x' })).toEqual([
    'STELLWERK_NAEM:1:1: naem: there is no option naem here; did you mean name?',
  ]);
  for (const name of ['STELLWERK_', 'STELLWERK_SINKS_7_URL', 'STELLWERK_SINKS_X', 'STELLWERK___PROTO___URL'])
    expect((await said(good, { [name]: 'x' })).join()).toContain(`${name} names no option`);
});
