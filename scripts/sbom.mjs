// The bill of materials of a release (CycloneDX 1.5), made of package-lock.json: node scripts/sbom.mjs > sbom.cdx.json
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const read = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'));
const { name, version, license } = read('package.json');
const { packages } = read('package-lock.json');

const hashOf = (integrity) => {
  const [, algorithm, base64] = /^(sha\d+)-(.+)$/.exec(integrity ?? '') ?? [];
  if (!algorithm) return [];
  return [
    { alg: algorithm.toUpperCase().replace('SHA', 'SHA-'), content: Buffer.from(base64, 'base64').toString('hex') },
  ];
};

const components = Object.entries(packages)
  .filter(([path, { dev, link }]) => path.startsWith('node_modules/') && !dev && !link)
  .map(([path, entry]) => {
    const id = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const purl = `pkg:npm/${id.replace('@', '%40')}@${entry.version}`;
    return {
      type: 'library',
      'bom-ref': `${purl}#${path}`,
      name: id,
      version: entry.version,
      purl,
      ...(entry.license && { licenses: [{ license: { name: entry.license } }] }),
      ...(hashOf(entry.integrity).length > 0 && { hashes: hashOf(entry.integrity) }),
    };
  })
  .sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1));

process.stdout.write(
  `${JSON.stringify(
    {
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      version: 1,
      metadata: {
        component: {
          type: 'application',
          'bom-ref': `pkg:npm/${name}@${version}`,
          name,
          version,
          purl: `pkg:npm/${name}@${version}`,
          licenses: [{ license: { id: license } }],
        },
      },
      components,
    },
    undefined,
    2,
  )}\n`,
);
