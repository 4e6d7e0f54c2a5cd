import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const have = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

describe('the image', () => {
  const lines = read('Dockerfile').split('\n');
  test('copies what there is, and runs as nobody in particular', () => {
    for (const line of lines.filter((one) => one.startsWith('COPY ') && !one.includes('--from')))
      for (const path of line.split(' ').slice(1, -1)) expect(existsSync(join(root, path)), path).toBe(true);
    expect(lines.filter((line) => line.startsWith('USER ')).at(-1)).toBe('USER node');
    const last = lines.findLastIndex((line) => line.startsWith('FROM '));
    expect(lines.findIndex((line) => line.startsWith('USER '))).toBeGreaterThan(last);
  });

  test('leaves out what is nobody else’s business', () => {
    const ignored = read('.dockerignore').split('\n');
    for (const path of ['.git', 'node_modules', 'state']) expect(ignored).toContain(path);
  });
});

describe('the service', () => {
  const unit = read('packaging/systemd/stellwerk.service');
  test('has no privileges, is watched, and starts again', () => {
    for (const line of [
      ...[
        'Type=notify',
        'NotifyAccess=all',
        'DynamicUser=yes',
        'NoNewPrivileges=yes',
        'ProtectSystem=strict',
        'Restart=always',
      ],
      ...['CapabilityBoundingSet=', 'UMask=0077', 'PrivateTmp=yes'],
    ])
      expect(unit.split('\n')).toContain(line);
    expect(unit).toMatch(/^WatchdogSec=\d+$/m);
    expect(unit).not.toMatch(/^MemoryDenyWriteExecute=yes/m);
  });

  test.skipIf(!have('systemd-analyze'))('is one that systemd takes', () => {
    const verified = spawnSync('systemd-analyze', ['verify', join(root, 'packaging/systemd/stellwerk.service')], {
      encoding: 'utf8',
    });
    expect(verified.stderr).not.toMatch(/Unknown|Invalid|Failed to parse/);
  });
});

test('the bill of materials has everything that is shipped, and nothing that is not', () => {
  const made = spawnSync(process.execPath, [join(root, 'scripts/sbom.mjs')], { encoding: 'utf8' });
  const bom = JSON.parse(made.stdout) as {
    bomFormat: string;
    components: { name: string; version: string; hashes?: unknown[]; 'bom-ref': string }[];
  };
  expect(bom.bomFormat).toBe('CycloneDX');
  const names = new Set(bom.components.map(({ name }) => name));
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  for (const name of Object.keys(dependencies!)) expect(names, name).toContain(name);
  for (const name of ['vitest', 'eslint', 'typescript']) {
    expect(devDependencies).toHaveProperty(name);
    expect(names, name).not.toContain(name);
  }
  expect(new Set(bom.components.map((one) => one['bom-ref'])).size).toBe(bom.components.length);
  expect(bom.components.filter(({ hashes }) => hashes).length).toBeGreaterThan(bom.components.length * 0.9);
});
