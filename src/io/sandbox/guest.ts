// What runs inside the sandbox beside the codec. It is no guard: the codec may spoil all of it and gains nothing, for
// what comes out is text that is read as data. The guards are the engine's walls, its meter and its memory limit.

/** The name under which the codec's file is evaluated, so that its lines are found in an error's trace. */
export const codecFile = 'codec.js';

/** Functions that a codec may have: those of TS013, then those of older servers that stand in for them. */
export const entryNames = [
  ...['decodeUplink', 'encodeDownlink', 'decodeDownlink'],
  ...['Decode', 'Encode', 'Decoder', 'Encoder'],
] as const;

/** The most characters of a result. */
export const mostResult = 65_536;
const mostDepth = 32;

/**
 * Makes the world that a codec finds, and gives back two functions: `enter(name, found)` notes an entry point, and
 * `run(name, input, hi, lo)` calls one and answers with a letter and JSON: V a value, B a bad result, E an error,
 * M no memory left, D too deep. `names()` lists what can be called.
 */
export const guestSource = `(function () {
'use strict';
const { parse, stringify } = JSON;
const { isArray } = Array;
const { isView } = ArrayBuffer;
const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf, defineProperty } = Reflect;
const { imul } = Math;
const { isFinite } = Number;
const free = (method) => Function.prototype.call.bind(method);
const tagOf = free(Object.prototype.toString);
const isoOf = free(Date.prototype.toISOString);
const msOf = free(Date.prototype.getTime);
const slice = free(String.prototype.slice);
const OriginalDate = Date;
const OriginalError = InternalError;

// The dice of src/base/dice.ts under a key that comes with each call.
let key = { hi: 0, lo: 0, n: 0 };
const mix = (x) => {
  x = imul(x ^ (x >>> 16), 0x21f0aaad);
  x = imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
};
const random = () => mix(mix((key.lo + imul(key.n++, 0x9e3779b9)) | 0) ^ key.hi) / 0x100000000;
const hidden = (owner, name, value) => defineProperty(owner, name, { value, writable: true, configurable: true });
hidden(Math, 'random', { random() { return random(); } }.random);

// A codec is the file that somebody read and chose; it makes no other code.
for (const one of [function () {}, async function () {}, function* () {}, async function* () {}]) {
  const prototype = getPrototypeOf(one);
  const Maker = function Function(...texts) {
    if (texts.length === 1 && (texts[0] === 'return this' || texts[0] === 'return this;')) return () => globalThis;
    throw new TypeError('a codec makes no code from text');
  };
  Maker.prototype = prototype;
  hidden(prototype, 'constructor', Maker);
}
hidden(globalThis, 'Function', function () {}.constructor);
for (const name of ['eval', 'SharedArrayBuffer', 'Atomics', 'WebAssembly', 'performance']) delete globalThis[name];
const silence = {};
for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table', 'assert'])
  silence[name] = () => undefined;
hidden(globalThis, 'console', silence);
const exports = {};
const module = { exports };
hidden(globalThis, 'exports', exports);
hidden(globalThis, 'module', module);

const entries = { __proto__: null };
const found = { __proto__: null };
const of = (owner, name) => (owner !== null && typeof owner === 'object' ? owner[name] : undefined);
const enter = (name, declared) => {
  const all = [declared, of(module.exports, name), of(of(module.exports, 'default'), name), of(exports, name)];
  for (const one of all) if (typeof one === 'function') return void (found[name] = one);
};
const settle = () => {
  const { Decode, Encode, Decoder, Encoder } = found;
  for (const name of ['decodeUplink', 'encodeDownlink', 'decodeDownlink']) if (found[name]) entries[name] = found[name];
  entries.decodeUplink ??=
    (Decode && (({ fPort, bytes }) => ({ data: Decode(fPort, bytes, {}) }))) ??
    (Decoder && (({ fPort, bytes }) => ({ data: Decoder(bytes, fPort) })));
  entries.encodeDownlink ??=
    (Encode && (({ fPort, data }) => ({ fPort, bytes: Encode(fPort, data, {}) }))) ??
    (Encoder && (({ fPort, data }) => ({ fPort, bytes: Encoder(data, fPort) })));
  let names = '';
  for (const name of ['decodeUplink', 'encodeDownlink', 'decodeDownlink']) if (entries[name]) names += name + ' ';
  return names;
};

class Refusal {
  constructor(path, why) { this.path = path; this.why = why; }
}
/**
 * A value as JSON, made of own plain data only: no getter, no toJSON, no prototype takes part. What JSON.stringify makes
 * null of (NaN, an invalid date) is null: codecs compute with bytes that are not there, and servers show null for it.
 */
const writer = () => {
  let left = ${mostResult};
  const open = [];
  const spend = (text, path) => {
    if ((left -= text.length) < 0) throw new Refusal(path, 'it is longer than ${mostResult} characters');
    return text;
  };
  const below = (path, step) => (path === '' ? step : path + '.' + slice(step, 0, 40));
  const list = (value, path) => {
    const { length } = value;
    if (length > left) throw new Refusal(path, 'it is longer than ${mostResult} characters');
    let text = spend('[', path);
    for (let i = 0; i < length; i++) {
      const own = getOwnPropertyDescriptor(value, '' + i);
      text += (i > 0 ? ',' : '') + (own ? item(own, below(path, '' + i)) : spend('null', path));
    }
    return text + spend(']', path);
  };
  const group = (value, path) => {
    let text = spend('{', path);
    for (const name of ownKeys(value)) {
      if (typeof name !== 'string') continue;
      const own = getOwnPropertyDescriptor(value, name);
      if (!own || !own.enumerable) continue;
      if (name === '__proto__') throw new Refusal(below(path, name), 'this name is not taken');
      if ('value' in own && own.value === undefined) continue;
      text += (text === '{' ? '' : ',') + spend(stringify(name), path) + ':' + item(own, below(path, name));
    }
    return text + spend('}', path);
  };
  const item = (own, path) => {
    if (!('value' in own)) throw new Refusal(path, 'it is a getter, not a value');
    return own.value === undefined ? spend('null', path) : any(own.value, path);
  };
  const any = (value, path) => {
    if (value === null || value === true || value === false) return spend('' + value, path);
    if (typeof value === 'number') {
      return spend(isFinite(value) ? '' + (value || 0) : 'null', path);
    }
    if (typeof value === 'string') {
      if (value.length > left) throw new Refusal(path, 'it is longer than ${mostResult} characters');
      return spend(stringify(value), path);
    }
    if (typeof value !== 'object') throw new Refusal(path, 'it is a ' + typeof value + ', not data');
    const tag = slice(tagOf(value), 8, -1);
    if (tag === 'Date') {
      return spend(isFinite(msOf(value)) ? stringify(isoOf(value)) : 'null', path);
    }
    const isList = isArray(value) || (isView(value) && tag !== 'DataView');
    if (!isList && tag !== 'Object') throw new Refusal(path, 'it is a ' + tag + ', not data');
    for (const one of open) if (one === value) throw new Refusal(path, 'it contains itself');
    if (open.length === ${mostDepth}) throw new Refusal(path, 'it nests deeper than ${mostDepth} levels');
    open[open.length] = value;
    const text = isList ? list(value, path) : group(value, path);
    open.length--;
    return text;
  };
  return (value) => {
    if (value === undefined) throw new Refusal('', 'nothing came back');
    return any(value, '');
  };
};

const answerTo = (thrown) => {
  let why = 'something that cannot be told';
  let trace = '';
  try {
    if (thrown instanceof Refusal) return 'B' + stringify({ path: thrown.path, why: thrown.why });
    if (thrown instanceof OriginalError && thrown.message === 'out of memory') return 'M{}';
    if (thrown instanceof OriginalError && thrown.message === 'stack overflow') return 'D{}';
    const isObject = thrown !== null && typeof thrown === 'object';
    const isError = isObject && typeof thrown.message === 'string';
    if (isError) trace = '' + thrown.stack;
    why = isError ? (thrown.name ? thrown.name + ': ' : '') + thrown.message : isObject ? writer()(thrown) : String(thrown);
  } catch {}
  return 'E' + stringify({ why: slice('' + why, 0, 300), trace: slice('' + trace, 0, 2000) });
};
const run = (name, text, hi, lo) => {
  try {
    key = { hi, lo, n: 0 };
    const input = parse(text);
    if (typeof input.recvTime === 'string') input.recvTime = new OriginalDate(input.recvTime);
    const entry = entries[name];
    return 'V' + writer()(entry(input));
  } catch (thrown) {
    return answerTo(thrown);
  }
};
return { enter, settle, run, answerTo };
})()`;
