// The one door to the package yaml. Scalars stay text: an unquoted DevAddr such as 2601E123 is a number to every YAML
// reader that guesses (2.601e+126), and the EUI 0016000100000001 loses its zeros.
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Scalar } from 'yaml';
import { placed, problem, type Place, type Problem } from '../base/problem.js';
import { failed, ok, type Result } from '../base/result.js';
import { withoutKeys } from './hide.js';

/** A user's YAML or JSON file: its values, all scalars as text, and the place of each. */
export interface TextDocument {
  readonly file: string;
  /** Objects (without prototype), lists and texts. Empty scalars and unquoted nulls say nothing and are left out. */
  readonly value: unknown;
  /** Where the value at a path begins, or its name; the nearest thing above it when it is not there. */
  at(path: readonly PropertyKey[], part?: 'name'): Place;
}

const mostChars = 16 << 20;
const mostDepth = 64;
/** Values that all aliases together may stand for: a list that doubles itself thirty times is an attack on memory. */
const mostAliased = 100_000;

// Never the parser's own message: it quotes the file, and what stands there may be a key.
const words: Readonly<Record<string, string>> = {
  BAD_INDENT: 'a bracket is not closed, or the indentation does not fit the lines above',
  BAD_SCALAR_START: 'a text that begins with this character needs quotes',
  BAD_DQ_ESCAPE: 'a backslash in double quotes is followed by something unknown',
  BLOCK_AS_IMPLICIT_KEY: 'an option must begin on a line of its own',
  BLOCK_IN_FLOW: 'an indented list cannot stand inside brackets',
  COMMENT_SPACE: 'a space is missing before #',
  KEY_OVER_1024_CHARS: 'the name of an option is too long, or a colon is missing',
  MISSING_CHAR: 'a bracket, a quote, a comma or a colon is missing',
  MULTILINE_IMPLICIT_KEY: 'a colon is missing',
  MULTIPLE_DOCS: 'a second document begins here (---), one is expected',
  RESOURCE_EXHAUSTION: `it nests deeper than ${mostDepth} levels`,
  TAB_AS_INDENT: 'a tab stands where spaces must',
  TAG_RESOLVE_FAILED: 'tags (!word) are not used here',
  UNEXPECTED_TOKEN: 'something stands here that does not belong here',
};

interface Read {
  readonly value: unknown;
  /** How many values it holds, itself included. */
  readonly size: number;
}
type Stopped =
  | { readonly why: string; readonly offset: number }
  | { readonly twice: string; readonly first: number; readonly offset: number };

const nameOf = (key: unknown): string | undefined => {
  const name = isScalar(key) ? String(key.value ?? '') : '';
  return name === '' ? undefined : name;
};

const textOf = (node: Scalar): string | undefined => {
  const text = String(node.value ?? '');
  return node.type === 'PLAIN' && (text === '' || text === '~' || text === 'null') ? undefined : text;
};

const startOf = (node: unknown): number => (node as Node | null | undefined)?.range?.[0] ?? 0;

/** Reads the tree into plain values; remembers what each alias stands for. Stops at the first thing that is wrong. */
const reader = (targets: Map<unknown, unknown>) => {
  const anchors = new Map<string, (Read & { readonly node: unknown }) | 'open'>();
  const wrong: { stopped?: Stopped } = {};
  let aliased = 0;
  const stop = (stopped: Stopped): Read => {
    wrong.stopped ??= stopped;
    return { value: undefined, size: 1 };
  };

  const follow = (node: Node & { readonly source: string }): Read => {
    const anchor = anchors.get(node.source);
    const offset = startOf(node);
    if (anchor === undefined) return stop({ why: `*${node.source} stands for nothing that is named above`, offset });
    if (anchor === 'open') return stop({ why: `*${node.source} stands for something that holds itself`, offset });
    aliased += anchor.size;
    if (aliased > mostAliased) return stop({ why: `the aliases stand for more than ${mostAliased} values`, offset });
    targets.set(node, anchor.node);
    return anchor;
  };

  const read = (node: unknown, depth: number): Read => {
    if (wrong.stopped) return { value: undefined, size: 1 };
    if (depth > mostDepth) return stop({ why: `it nests deeper than ${mostDepth} levels`, offset: startOf(node) });
    if (isAlias(node)) return follow(node);
    const anchor = (node as { readonly anchor?: string } | null)?.anchor;
    if (anchor !== undefined) anchors.set(anchor, 'open');
    const all = isSeq(node) ? list(node.items, depth) : isMap(node) ? group(node.items, depth) : undefined;
    const one = all ?? { value: isScalar(node) ? textOf(node) : undefined, size: 1 };
    if (anchor !== undefined) anchors.set(anchor, { node, ...one });
    return one;
  };

  const list = (items: readonly unknown[], depth: number): Read => {
    let size = 1;
    const value = items.map((item) => {
      const one = read(item, depth + 1);
      size += one.size;
      return one.value;
    });
    return { value, size };
  };

  const group = (items: readonly { readonly key: unknown; readonly value: unknown }[], depth: number): Read => {
    let size = 1;
    // Without a prototype a name such as __proto__ is a name like any other.
    const value = Object.create(null) as Record<string, unknown>;
    const firsts = new Map<string, number>();
    for (const { key, value: item } of items) {
      const name = nameOf(key);
      const offset = startOf(key);
      if (name === undefined) return stop({ why: 'the name of an option is a plain word', offset });
      // In brackets, 0,001 is 0 and an option 001 without a value.
      if (item === null) return stop({ why: 'a colon is missing; a number has a point, not a comma', offset });
      const first = firsts.get(name);
      if (first !== undefined) return stop({ twice: name, first, offset });
      firsts.set(name, offset);
      const one = read(item, depth + 1);
      size += one.size;
      if (one.value !== undefined) value[name] = one.value;
    }
    return { value, size };
  };
  return { read: (root: unknown) => read(root, 0).value, wrong };
};

/** The document in a text, or the first thing that keeps it from being one; never throws. */
export const readDocument = (text: string, file: string): Result<TextDocument> => {
  const lines = new LineCounter();
  const place = (offset: number, path?: string): Place => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { file, line: Math.max(1, line), column: Math.max(1, col), ...(path && { path }) };
  };
  const refuse = (what: Problem, offset = 0): Result<never> => failed(withoutKeys(placed(what, place(offset))));
  const invalid = (why: string, offset = 0): Result<never> => refuse(problem('yaml-invalid', { why }), offset);
  if (text.length > mostChars) return refuse(problem('file-too-large', { most: mostChars }));

  let document: ReturnType<typeof parseDocument>;
  try {
    // Names that stand twice are looked for in `reader`: the parser's own search takes the square of their number.
    // Not logLevel 'silent': it would take a second document for none.
    const options = { schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'error' } as const;
    document = parseDocument(text, { ...options, lineCounter: lines });
  } catch {
    return invalid('it cannot be read');
  }
  const [error] = [...document.errors, ...document.warnings];
  if (error) return invalid(words[error.code] ?? 'it cannot be read from here on', error.pos[0]);

  const targets = new Map<unknown, unknown>();
  const { read, wrong } = reader(targets);
  const value = read(document.contents);
  const { stopped } = wrong;
  if (stopped && 'why' in stopped) return invalid(stopped.why, stopped.offset);
  if (stopped) {
    const twice = problem('option-twice', { option: stopped.twice, line: place(stopped.first).line });
    return refuse(twice, stopped.offset);
  }
  return ok({ file, value, at: places(document.contents, { targets, place }) });
};

/** Walks down the tree when somebody asks: a list of a hundred thousand devices needs no map of its places. */
const places = (
  root: unknown,
  { targets, place }: { readonly targets: ReadonlyMap<unknown, unknown>; place(offset: number, path?: string): Place },
): TextDocument['at'] => {
  type Pair = { readonly key: unknown; readonly value: unknown };
  return (path, part) => {
    const steps = path.map(String);
    let node = root;
    let offset = startOf(root);
    for (const [index, step] of steps.entries()) {
      const target = targets.get(node) ?? node;
      const pair = isMap(target) ? (target.items as Pair[]).find(({ key }) => nameOf(key) === step) : undefined;
      const last = index === steps.length - 1;
      const next =
        pair && last && part === 'name' ? pair.key : pair ? pair.value : isSeq(target) && target.items[Number(step)];
      if (!next) break;
      node = next;
      offset = startOf(node);
    }
    return place(offset, steps.join('.'));
  };
};
