import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** A source file as the laws see it: its path from the root of the repository, with slashes, and its text. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** All files under the given folders whose name passes; empty for a folder that is not there. */
export const filesUnder = (folders: readonly string[], keep: (path: string) => boolean): readonly SourceText[] =>
  folders.flatMap((folder) => {
    let names: readonly string[];
    try {
      names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    } catch {
      return [];
    }
    return names
      .map((name) =>
        relative(root, join(root, folder, name))
          .split(sep)
          .join('/'),
      )
      .filter(keep)
      .sort()
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  });

/** Everything that is compiled into the product. */
export const houseFiles = (): readonly SourceText[] =>
  filesUnder(['src', 'devices', 'simulators'], (path) => path.endsWith('.ts') && !path.endsWith('.d.ts'));

export const parsed = ({ path, text }: SourceText): ts.SourceFile =>
  ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true, ts.ScriptKind.TS);

/** Calls `visit` for every node below (and with) `node`. */
export const walk = (node: ts.Node, visit: (node: ts.Node) => void): void => {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
};

/** `src/x.ts:12` for a node. */
export const whereIs = (file: ts.SourceFile, node: ts.Node): string =>
  `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}`;
