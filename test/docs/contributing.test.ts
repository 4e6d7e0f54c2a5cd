import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the sensor in CONTRIBUTING.md works as it stands there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stellwerk-contributing-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const contents = /```ts\n(.*?)```/s.exec(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'))?.[1] ?? '';
  await build({
    stdin: { contents, loader: 'ts', resolveDir: join(root, 'devices/sensors') },
    ...{ bundle: true, format: 'esm', platform: 'node', outfile: join(folder, 'acme-eye.mjs'), logLevel: 'silent' },
  });
  const model = must(await openCatalogue({ folders: [folder] }).load('sensors', 'acme-eye'));
  expect(model.examples).toHaveLength(1);
  for (const { fPort, hex: bytes, message, readings } of model.examples) {
    expect(must(model.decode(fPort, hex(bytes)))).toEqual(message);
    expect(toHex(must(model.encode(message)).bytes)).toBe(bytes);
    expect(model.toReadings(message)).toEqual(readings);
  }
});
