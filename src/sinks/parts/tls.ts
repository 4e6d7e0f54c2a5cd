import { isAbsolute, join } from 'node:path';
import type { Result } from '../../base/result.js';
import { openTlsFiles, type TlsFiles } from '../../io/tls-files.js';
import type { SinkContext } from '../define.js';

/** The options of a sink that may speak TLS: paths that start where its configuration is. */
export interface TlsOptions {
  readonly url: string;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** The certificates of a connection, watched; undefined for an address without TLS. `changed` hears of new ones. */
export const tlsOf = async (
  options: TlsOptions,
  context: SinkContext,
  changed: (files: TlsFiles) => void,
): Promise<Result<TlsFiles> | undefined> => {
  if (!/^(mqtts|https):/i.test(options.url)) return undefined;
  const place = (path: string): string => (isAbsolute(path) ? path : join(context.folder, path));
  const paths = Object.fromEntries(
    (['ca', 'cert', 'key'] as const).flatMap((name) => {
      const path = options[name];
      return path === undefined ? [] : [[name, place(path)]];
    }),
  );
  const files = await openTlsFiles(paths, { log: context.log, changed: () => files.ok && changed(files.value) });
  return files;
};
