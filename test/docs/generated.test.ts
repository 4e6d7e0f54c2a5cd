import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { format, resolveConfig } from 'prettier';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import { configJsonSchema } from '../../src/config/docs.js';
import { configParts } from '../../src/config/gateway.js';
import { updatedReadme } from '../../src/config/readme.js';

const update = process.env['STELLWERK_UPDATE'] !== undefined;
const root = new URL('../../', import.meta.url);
const catalogue = openCatalogue();

test('the tables of the README are those of the code', async () => {
  const file = new URL('README.md', root);
  const text = readFileSync(file, 'utf8');
  const made = updatedReadme(text, {
    parts: await configParts(catalogue),
    models: (await catalogue.all('sensors')).map(({ entry }) => must(entry)),
    backends: (await catalogue.all('backends')).map(({ entry }) => must(entry)),
    consoles: (await catalogue.all('consoles')).map(({ entry }) => must(entry)),
    twins: (await catalogue.all('twins')).map(({ entry }) => must(entry)),
  });
  const tidy = await format(made, { ...(await resolveConfig(file.pathname)), parser: 'markdown' });
  if (update) writeFileSync(file, tidy);
  expect(readFileSync(file, 'utf8')).toBe(tidy);
});

test('stellwerk.schema.json is the schema of the configuration', async () => {
  const file = new URL('stellwerk.schema.json', root);
  const made = `${JSON.stringify(configJsonSchema(await configParts(catalogue)), null, 2)}\n`;
  if (update) writeFileSync(file, made);
  expect(readFileSync(file, 'utf8')).toBe(made);
});
