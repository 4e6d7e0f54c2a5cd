// What a release consists of, in the folder `release`: the package, its bill of materials, and their sums.
// node scripts/release.mjs; sign the sums with a key of your own: minisign -Sm release/SHA256SUMS
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'release');
rmSync(out, { recursive: true, force: true });
mkdirSync(out);
execFileSync('npm', ['pack', '--pack-destination', out], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
writeFileSync(join(out, 'sbom.cdx.json'), execFileSync(process.execPath, [join(root, 'scripts', 'sbom.mjs')]));
const sums = readdirSync(out)
  .sort()
  .map(
    (name) =>
      `${createHash('sha256')
        .update(readFileSync(join(out, name)))
        .digest('hex')}  ${name}\n`,
  );
writeFileSync(join(out, 'SHA256SUMS'), sums.join(''));
process.stdout.write(sums.join(''));
