import { describe, expect, test } from 'vitest';
import { sentences } from '../../src/base/sentences/index.js';
import { verbs } from '../../src/commands/verbs.js';
import { exits, foreignPlaces, literalsOf, longFiles } from './tools/files.js';
import { filesUnder, houseFiles } from './tools/tree.js';

const house = houseFiles();
const bad = (text: string): readonly { path: string; text: string }[] => [{ path: 'src/x.ts', text }];

describe('files', () => {
  test('none is longer than a few screens', () => {
    expect(longFiles(house)).toEqual([]);
    expect(longFiles(bad('\n'.repeat(301)))).toHaveLength(1);
    expect(longFiles(bad('\n'.repeat(300)))).toEqual([]);
  });

  test('none ends the process', () => {
    expect(exits(house)).toEqual([]);
    expect(exits(bad('// process.exit(1)\nif (a) process.exit(1);'))).toEqual(['src/x.ts:2']);
  });

  test('none refers to a place outside the repository', () => {
    const all = filesUnder(['src', 'devices', 'simulators', 'test', 'bench', 'scripts'], (path) =>
      /\.(ts|mjs|json|jsonl|ya?ml|md)$/.test(path),
    );
    expect(foreignPlaces(all)).toEqual([]);
    expect(foreignPlaces(bad(`import x from '../../${['..', 'shared'].join('/')}/x.js';`))).toHaveLength(1);
  });
});

describe('sentences', () => {
  /** Sentences that nobody says yet, and who will; a sentence that is said must not stand here. */
  const waiting: Readonly<Record<string, string>> = {};

  test('each one is said somewhere', () => {
    const said = literalsOf(house.filter(({ path }) => !path.startsWith('src/base/sentences/')));
    expect(Object.keys(sentences).filter((code) => !said.has(code) && waiting[code] === undefined)).toEqual([]);
    expect(Object.keys(waiting).filter((code) => said.has(code))).toEqual([]);
  });

  test('each one reads as a part of a sentence, each hint as a whole one', () => {
    for (const [code, { text, hint }] of Object.entries(sentences as Record<string, { text: string; hint?: string }>)) {
      expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(text, code).not.toMatch(/[.!]$/);
      if (hint !== undefined) expect(hint, code).toMatch(/^[A-Z{"'a-z].*[.?!]$|\{\w+\}$/s);
    }
  });
});

test('the table of verbs and the folder of commands tell the same', async () => {
  const files = house.map(({ path }) => /^src\/commands\/([a-z-]+)\.ts$/.exec(path)?.[1]);
  for (const { name, load } of verbs) {
    expect(files).toContain(name);
    const { default: verb } = await load();
    expect(verb.command.split(' ')[0]).toBe(name);
    expect(verb.examples.length).toBeGreaterThan(0);
    for (const [line] of verb.examples) expect(verbs.map((one) => one.name)).toContain(line.split(' ')[0]);
  }
});
