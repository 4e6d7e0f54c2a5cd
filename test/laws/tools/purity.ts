import ts from 'typescript';
import { pureRooms, roomOf } from './rules.js';
import { parsed, walk, whereIs, type SourceText } from './tree.js';

// What makes two calls with the same arguments differ, or an answer come later.
const impureGlobals = new Set([
  ...[
    'process',
    'fetch',
    'Promise',
    'performance',
    'crypto',
    'console',
    'globalThis',
    'global',
    'require',
    'WebSocket',
  ],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'clearTimeout', 'clearInterval', 'AbortSignal'],
  ...[
    'XMLHttpRequest',
    'EventSource',
    'navigator',
    'Worker',
    'SharedArrayBuffer',
    'Atomics',
    'WeakRef',
    'eval',
    'Function',
  ],
]);
const calendar = new Set(['Date', 'Intl']);
const calendarFile = 'src/base/time.ts';
const cryptoFile = 'src/base/digest.ts';

/** Whether a name is used as a value or a type of its own, and is not the name of a field or a declaration. */
const isUse = (node: ts.Identifier): boolean => {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  if (ts.isPropertyAssignment(parent) || ts.isEnumMember(parent)) return parent.name !== node;
  if (ts.isPropertySignature(parent) || ts.isMethodSignature(parent) || ts.isPropertyDeclaration(parent))
    return parent.name !== node;
  if (ts.isMethodDeclaration(parent) || ts.isGetAccessor(parent) || ts.isSetAccessor(parent))
    return parent.name !== node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isParameter(parent) || ts.isVariableDeclaration(parent)) return parent.name !== node;
  if (ts.isNamedTupleMember(parent)) return parent.name !== node;
  return !ts.isImportSpecifier(parent) && !ts.isExportSpecifier(parent) && !ts.isJSDoc(parent.parent ?? parent);
};

/** Names that the file declares itself (parameters, constants): using them is no use of the global. */
const declaredIn = (file: ts.SourceFile): ReadonlySet<string> => {
  const names = new Set<string>();
  walk(file, (node) => {
    const named =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node);
    if ((named || ts.isImportSpecifier(node)) && node.name && ts.isIdentifier(node.name)) names.add(node.name.text);
  });
  return names;
};

const bareDate = (node: ts.Identifier): boolean => {
  const { parent } = node;
  if (ts.isNewExpression(parent)) return (parent.arguments?.length ?? 0) === 0;
  if (ts.isCallExpression(parent)) return true;
  return ts.isPropertyAccessExpression(parent) && parent.name.text === 'now';
};

const offenceAt = (node: ts.Node, path: string, own: ReadonlySet<string>): string | undefined => {
  if (ts.isIdentifier(node) && isUse(node) && !own.has(node.text)) {
    if (impureGlobals.has(node.text)) return node.text;
    if (calendar.has(node.text)) {
      if (path !== calendarFile) return node.text;
      if (node.text === 'Date' && bareDate(node)) return 'the present time';
    }
  }
  if (ts.isAwaitExpression(node)) return 'await';
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async';
  if (ts.isForOfStatement(node) && node.awaitModifier) return 'for await';
  if (ts.isPropertyAccessExpression(node)) {
    const name = node.name.text;
    if (name === 'random' && node.expression.getText() === 'Math') return 'Math.random';
    if (name.startsWith('toLocale') || name === 'localeCompare') return name;
  }
  if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) return 'import.meta';
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return "import('...')";
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const to = node.moduleSpecifier.text;
    if (to.startsWith('node:') && !(path === cryptoFile && to === 'node:crypto')) return to;
  }
  if (ts.isVariableStatement(node) && node.parent === node.getSourceFile()) {
    if (!(node.declarationList.flags & ts.NodeFlags.Const)) return 'let or var of the module';
  }
  return undefined;
};

/** Every impurity of the given files that lie in pure rooms, as `file:line: what`; empty when all is well. */
export const purityOffences = (files: readonly SourceText[]): readonly string[] =>
  files
    .filter(({ path }) => (pureRooms as readonly string[]).includes(roomOf(path)))
    .flatMap((source) => {
      const file = parsed(source);
      const own = declaredIn(file);
      const found: string[] = [];
      walk(file, (node) => {
        const what = offenceAt(node, source.path, own);
        if (what !== undefined) found.push(`${whereIs(file, node)}: ${what} has no place in a pure room`);
      });
      return found;
    });
