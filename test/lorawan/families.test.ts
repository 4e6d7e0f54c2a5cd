import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const here = new URL('.', import.meta.url).pathname;
const tests = ['.', '../base'].flatMap((folder) =>
  readdirSync(join(here, folder))
    .filter((name) => name.endsWith('.test.ts') && name !== 'families.test.ts')
    .map((name) => readFileSync(join(here, folder, name), 'utf8')),
);

/** The names under which tests import a file of vectors. */
const files = { vectors: 'lorawan.json', protocol: 'lorawan-protocol.json', session: 'lorawan-session.json' };

for (const [name, file] of Object.entries(files)) {
  const families = Object.keys(JSON.parse(readFileSync(join(here, '../vectors', file), 'utf8')) as object);
  for (const family of families.filter((one) => one !== '_meta'))
    test(`${file}: somebody tests against ${family}`, () => {
      // Either `vectors.family`, or `const { family } = vectors`.
      const used = new RegExp(`\\b${name}\\.${family}\\b|\\b${family}\\b[^;=]*\\} = ${name};`);
      const users = tests.filter((text) => text.includes(`vectors/${file}`) && used.test(text));
      expect(users.length, `${family} of ${file} is copied but not tested`).toBeGreaterThan(0);
    });
}
