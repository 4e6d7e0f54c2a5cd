import { readFileSync } from 'node:fs';
import { must } from '../../src/base/problem.js';
import { openSandbox, type Sandbox, type SandboxLimits } from '../../src/io/sandbox.js';

/** The text of a codec in `test/codecs`. */
export const codecText = (name: string): string =>
  readFileSync(new URL(`../codecs/${name}.js`, import.meta.url), 'utf8');

/** A sandbox of one of them, or of a text of the test's own. */
export const openCodec = async (source: string, limits?: Partial<SandboxLimits>): Promise<Sandbox> =>
  must(await openSandbox({ source, file: 'vendor.js', ...(limits && { limits }) }));

/** A codec whose `decodeUplink` has this body. */
export const codecOf = (body: string): string => `function decodeUplink(input) {\n${body}\n}`;
