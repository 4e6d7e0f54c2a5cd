import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { describe as sentence, hintOf, type Problem } from '../../src/base/problem.js';
import type { Result } from '../../src/base/result.js';
import { openCatalogue, type Room } from '../../src/catalogue.js';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A user's own folder with the given files. */
const folderWith = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'stellwerk-catalogue-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
};

const backend = (id: string): string =>
  `export default { id: '${id}', summary: 's', form: 'f', accepts: () => false, answers: false, open() {} };`;
const problemOf = (result: Result<unknown>): Problem => {
  if (result.ok) throw new Error('expected is a problem');
  return result.problem;
};

test('every room of the house can be listed, and every entry loads', async () => {
  const catalogue = openCatalogue();
  for (const room of ['sensors', 'behaviours', 'sources', 'sinks', 'backends', 'scenarios'] satisfies Room[]) {
    const ids = await catalogue.ids(room);
    expect(ids).toEqual([...ids].sort());
    expect(ids).not.toContain('define');
    for (const { id, entry } of await catalogue.all(room)) expect([room, id, entry.ok]).toEqual([room, id, true]);
  }
});

test('an unknown id names its nearest', async () => {
  const problem = problemOf(await openCatalogue().load('sensors', 'bosch-tsp110'));
  expect(sentence(problem)).toBe('no sensor model is called bosch-tsp110');
  expect(hintOf(problem)).toMatch(/^Nearest: bosch-tps110, .*stellwerk ls models/);
});

test('a folder of the user adds to the house: plain files, sub-folders, folders with an index', async () => {
  const folder = folderWith({
    'backends/mine.js': backend('mine'),
    'backends/yours/index.mjs': backend('yours'),
    'backends/yours/part.js': 'export const part = 1;',
    'backends/notes.txt': '',
    'backends/mine.js.map': '{}',
    'backends/mine.d.ts': '',
    'quiet-street.yaml': 'name: Quiet street',
  });
  const catalogue = openCatalogue({ folders: [folder] });
  const ours = await openCatalogue().ids('backends');
  expect(await catalogue.ids('backends')).toEqual([...ours, 'mine', 'yours'].sort());
  expect(await catalogue.load('backends', 'yours')).toMatchObject({ ok: true, value: { id: 'yours' } });
  expect(await catalogue.load('scenarios', 'quiet-street')).toEqual({
    ok: true,
    value: join(folder, 'quiet-street.yaml'),
  });
});

test.each([
  ['export const a = 1;', 'it has no default export'],
  ['export default 7;', 'its default export is not an object'],
  ['export default {};', 'its default export has no id'],
  [backend('other'), 'its id is other, the file is called bad'],
  [`export default { id: 'bad', summary: 's' };`, 'form is missing or is not a text'],
  [`export default { id: 'bad', summary: 's', form: 'f', accepts: 1 };`, 'accepts is missing or is not a function'],
  [`throw new Error('boom');`, 'it cannot be loaded: boom'],
  [`import './absent.js'; export default {};`, 'it cannot be loaded: '],
  ['export default {', 'it cannot be loaded: '],
])('a wrong file is said, with its name: %s', async (text, why) => {
  const folder = folderWith({ 'backends/bad.mjs': text });
  const problem = problemOf(await openCatalogue({ folders: [folder] }).load('backends', 'bad'));
  expect(problem.code).toBe('catalogue-bad-file');
  expect(sentence(problem)).toContain(join(folder, 'backends/bad.mjs'));
  expect(sentence(problem)).toContain(why);
});

test('one id in two places is said, with both', async () => {
  const folder = folderWith({ 'bosch-tps110.js': 'throw new Error("must not be loaded")' });
  const catalogue = openCatalogue({ folders: [folder] });
  expect((await catalogue.ids('sensors')).filter((id) => id === 'bosch-tps110')).toHaveLength(1);
  const problem = problemOf(await catalogue.load('sensors', 'bosch-tps110'));
  expect(problem.code).toBe('catalogue-twice');
  expect(sentence(problem)).toContain(join(folder, 'bosch-tps110.js'));
});

test('only what is asked for is loaded', async () => {
  const folder = folderWith({
    'backends/good.js': backend('good'),
    'backends/loud.js': `throw new Error('nobody asked for me');`,
  });
  expect((await openCatalogue({ folders: [folder] }).load('backends', 'good')).ok).toBe(true);
});

test('a folder that is not there is said, not taken for an empty one', async () => {
  await expect(openCatalogue({ folders: ['/nowhere/at-all'] }).ids('sensors')).rejects.toThrow(
    'the folder /nowhere/at-all cannot be read: it does not exist',
  );
});

test.each([
  'function decodeUplink(input) { return { data: {} }; }',
  'export function decodeUplink(input) { return { data: {} }; }',
  'var decodeUplink = input => ({ data: {} });',
  'module.exports = { decodeUplink(input) { return { data: {} }; } };',
])('a codec of somebody else is never run with our rights, however the folder is written: %s', async (codec) => {
  const folder = folderWith({ 'acme-eye.js': `globalThis.ranWithOurRights = true;\n${codec}` });
  const here = process.cwd();
  process.chdir(folder);
  try {
    for (const written of ['.', './', folder, `${folder}/`, `${folder}/../${basename(folder)}`]) {
      const catalogue = openCatalogue({ folders: [written] });
      expect(problemOf(await catalogue.load('sensors', 'acme-eye')).code).toBe('catalogue-foreign');
      expect(await catalogue.trusted()).toEqual([]);
    }
  } finally {
    process.chdir(here);
  }
  expect((globalThis as { ranWithOurRights?: true }).ranWithOurRights).toBeUndefined();
});

test('what is trusted is said, however the folder is written', async () => {
  const folder = folderWith({ 'devices/sensors/acme-eye.mjs': 'export default {};' });
  for (const written of [folder, `${folder}/.`, relative(process.cwd(), folder)])
    expect(await openCatalogue({ folders: [written] }).trusted()).toHaveLength(1);
});
