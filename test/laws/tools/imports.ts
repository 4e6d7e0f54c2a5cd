import { posix } from 'node:path';
import ts from 'typescript';
import { contractReaders, contracts, doors, may, packageDoors, roomOf } from './rules.js';
import { parsed, walk, whereIs, type SourceText } from './tree.js';

interface Import {
  readonly to: string;
  readonly where: string;
  readonly dynamic: boolean;
}

const textOf = (node: ts.Node | undefined): string | undefined =>
  node && ts.isStringLiteralLike(node) ? node.text : undefined;

/** Every module that a file names: import, export from, import type, `import('...')` as a type and as a call. */
const importsOf = (source: SourceText): readonly Import[] => {
  const file = parsed(source);
  const found: Import[] = [];
  walk(file, (node) => {
    let to: string | undefined;
    let dynamic = false;
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) to = textOf(node.moduleSpecifier);
    else if (ts.isImportTypeNode(node))
      to = textOf(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined);
    else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference))
      to = textOf(node.moduleReference.expression);
    else if (ts.isCallExpression(node)) {
      dynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword;
      const required = ts.isIdentifier(node.expression) && node.expression.text === 'require';
      if (dynamic || required) to = textOf(node.arguments[0]);
    }
    if (to !== undefined) found.push({ to, where: whereIs(file, node), dynamic });
  });
  return found;
};

const packageOf = (to: string): string =>
  to
    .split('/')
    .slice(0, to.startsWith('@') ? 2 : 1)
    .join('/');

const ownOffence = (from: string, target: string): string | undefined => {
  const room = roomOf(target);
  if (!/^(src|devices|simulators)\//.test(target)) return `leaves the house: ${target}`;
  if (doors.includes(room) && !doors.includes(from)) return `imports ${target}, but nothing imports ${room}`;
  if (room === from) return undefined;
  const allowed = may[from]!;
  if (allowed === 'anything' || allowed.includes(room)) return undefined;
  if (contracts.includes(target) && contractReaders.includes(from)) return undefined;
  return `imports ${target}, but ${from} may not import ${room}`;
};

const packageOffence = (path: string, to: string): string | undefined => {
  const name = packageOf(to);
  const places = packageDoors[name];
  if (!places) return `imports ${name}, a package that no door is named for`;
  return places.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place))
    ? undefined
    : `imports ${name}, whose door is ${places.join(', ')}`;
};

/** Every breach of the import rule in the given files, as `file:line: what`; empty when all is well. */
export const importOffences = (files: readonly SourceText[]): readonly string[] => {
  const known = new Set(files.map(({ path }) => path));
  return files.flatMap((source) => {
    const { path } = source;
    const from = roomOf(path);
    if (!may[from]) return [`${path}: ${from} is a room that DESIGN.md does not know`];
    return importsOf(source).flatMap(({ to, where }) => {
      if (to.startsWith('node:')) return [];
      let why: string | undefined;
      if (to.startsWith('.')) {
        const target = posix.join(posix.dirname(path), to.replace(/\.js$/, '.ts'));
        if (!to.endsWith('.js') && !to.endsWith('.json')) why = `imports ${to}, which does not end in .js`;
        else if (to.endsWith('.js') && !known.has(target)) why = `imports ${target}, which is not there`;
        else why = ownOffence(from, target);
      } else why = packageOffence(path, to);
      return why === undefined ? [] : [`${where}: ${why}`];
    });
  });
};
