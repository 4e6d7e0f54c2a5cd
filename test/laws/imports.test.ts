import { expect, test } from 'vitest';
import { importOffences } from './tools/imports.js';
import { houseFiles, type SourceText } from './tools/tree.js';

const others: readonly SourceText[] = [
  ...['src/base/hex.ts', 'src/codec/codec.ts', 'src/gateway/store.ts', 'src/sources/define.ts', 'src/sources/udp.ts'],
  ...['devices/sensors/a-b.ts', 'simulators/sensors/a-b.ts', 'src/cli.ts', 'src/commands/verbs.ts', 'src/city/pace.ts'],
].map((path) => ({ path, text: '' }));
const offences = (path: string, text: string): readonly string[] =>
  importOffences([...others.filter((file) => file.path !== path), { path, text }]);

test('imports of the tree point inward', () => expect(importOffences(houseFiles())).toEqual([]));

test.each([
  ['src/base/x.ts', `import { a } from '../codec/codec.js';`],
  ['src/lorawan/x.ts', `export * from '../../devices/sensors/a-b.js';`],
  ['src/ladder/x.ts', `import type { A } from '../../devices/sensors/a-b.js';`],
  ['src/sim/x.ts', `type A = import('../../simulators/sensors/a-b.js').A;`],
  ['devices/sensors/x.ts', `import '../../simulators/sensors/a-b.js';`],
  ['src/io/x.ts', `import { decode } from '../codec/codec.js';`],
  ['src/city/x.ts', `const a = import('../commands/verbs.js');`],
  ['src/recorder/x.ts', `import '../city/pace.js';`],
  ['src/config/x.ts', `import udp from '../sources/udp.js';`],
  ['src/gateway/x.ts', `import '../cli.js';`],
  ['src/network/x.ts', `import mqtt from 'mqtt';`],
  ['src/sinks/mqtt.ts', `import mqtt from 'mqtt';`],
  ['src/codec/x.ts', `import { z } from 'zod';`],
  ['src/gateway/x.ts', `const z = await import('zod/mini');`],
  ['src/gateway/x.ts', `import _ from 'lodash';`],
  ['src/gateway/x.ts', `import a from '../base/hex';`],
  ['src/gateway/x.ts', `import a from '../base/absent.js';`],
  ['src/gateway/x.ts', `import a from '../../test/x.js';`],
  ['src/attic/x.ts', ``],
])('%s must not say %s', (path, text) => expect(offences(path, text)).toHaveLength(1));

test.each([
  ['src/codec/x.ts', `import { a } from '../base/hex.js'; import { b } from './codec.js';`],
  ['src/config/x.ts', `import type { SourceKind } from '../sources/define.js'; import { z } from 'zod';`],
  ['src/sources/x.ts', `import { z } from 'zod'; import '../../devices/sensors/a-b.js';`],
  ['src/city/x.ts', `import '../gateway/store.js'; import { readFileSync } from 'node:fs';`],
  ['src/cli.ts', `import './commands/verbs.js';`],
  ['src/base/x.ts', `// import '../codec/codec.js'\nconst text = "import '../codec/codec.js'";`],
])('%s may say %s', (path, text) => expect(offences(path, text)).toEqual([]));

test('an offence names file, line and import', () =>
  expect(offences('src/base/x.ts', `\n\nimport '../codec/codec.js';`)).toEqual([
    'src/base/x.ts:3: imports src/codec/codec.ts, but base may not import codec',
  ]));
