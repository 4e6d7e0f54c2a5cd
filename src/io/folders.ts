import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those that lead to it; one that is there already is left as it is. Throws as `mkdir` does. Step by
 * step: where nobody can make a folder (below /proc), mkdir's own `recursive` tries for ever and keeps the process alive
 * (Node 20).
 */
export const makeFolders = async (path: string, { mode }: { readonly mode?: number } = {}): Promise<void> => {
  if ((await make(path, mode)) !== 'nothing-above') return;
  const above = dirname(path);
  if (above !== path && !(await isFolder(above))) await makeFolders(above, mode === undefined ? {} : { mode });
  // Somebody else may have been quicker with what is above, so once more; but only once.
  await make(path, mode, 'last');
};

const make = async (path: string, mode: number | undefined, which?: 'last'): Promise<'there' | 'nothing-above'> => {
  try {
    await mkdir(path, mode);
    return 'there';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await isFolder(path))) return 'there';
    if (code === 'ENOENT' && which !== 'last') return 'nothing-above';
    throw error;
  }
};

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
