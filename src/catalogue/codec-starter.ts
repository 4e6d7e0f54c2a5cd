import type { StarterFile } from './starter.js';
export const codecFiles = (
  id: string,
  codec: { readonly name: string; readonly text: string },
): readonly StarterFile[] => [{ path: `${id}.codec.js`, text: codec.text }];
