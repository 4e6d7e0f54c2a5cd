import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import variant from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core';
import { metered, type fuelName } from './fuel.js';
import { guestSource } from './guest.js';

/**
 * The whole state of a JavaScript world: the engine's static data and its heap. The stack between them is empty when
 * nobody is being called.
 */
export interface Image {
  readonly low: Uint8Array;
  readonly high: Uint8Array;
}

/** Functions of the guest, at the same place in every image. */
export interface Guest {
  readonly enter: QuickJSHandle;
  readonly settle: QuickJSHandle;
  readonly run: QuickJSHandle;
  readonly answerTo: QuickJSHandle;
}

/** How a piece of work ended: with its value, or stopped by the meter, by the stack's end, or by the engine itself. */
export type Ended<T> = { readonly value: T } | { readonly stopped: 'fuel' | 'stack' | 'engine' };

/**
 * One engine for all sandboxes of the process. A sandbox is nothing but an image of the engine's memory; before each
 * piece of work the image is laid back, so the work finds the same bytes every time, whatever the work before it did.
 */
export interface Machine {
  readonly context: QuickJSContext;
  readonly guest: Guest;
  /** A world in which nothing was evaluated yet. */
  readonly fresh: Image;
  /** Works in the world of an image, at a moment that stands still, for so many steps at most; never throws. */
  work<T>(image: Image, how: { readonly nowMs: number; readonly steps: number }, what: () => T): Ended<T>;
  /** As `work`, and the image of the world as the work left it. */
  grow<T>(how: { readonly nowMs: number; readonly steps: number }, what: () => T): Ended<{ did: T; image: Image }>;
  /** Bytes that the engine holds for the process. */
  readonly bytes: number;
}

/**
 * The stack that a codec may use. Every frame of it costs several of the host's own stack, whose end must not be reached
 * first: at 128 KiB a nested JSON.stringify does. 64 KiB are some 300 calls of a JavaScript function.
 */
const stackBytes = 65_536;
// How far below its top the engine's stack may have been written: the limit, and what one native call takes beyond it.
const stackReach = 2 * stackBytes;
// Emscripten says nowhere where its static data end, but the stack of several megabytes between data and heap is empty.
const stackAtLeast = 1 << 20;
const afterData = 65_536;

/**
 * Memory for a codec's file and all that it makes. The engine's own limit (JS_SetMemoryLimit) refuses a single large
 * piece but not many small ones in this build: measured, lists of 64 KiB buffers went past 16 MiB unhindered. So the wall is
 * the memory itself, which cannot grow; and as it has the same size for every call, whatever calls came before, memory
 * ends at the same place every time.
 */
export const heapBytes = 16 * 1024 * 1024;
const pageBytes = 65_536;
// Data (90 kB) and stack (5 MiB) of the engine's build.
const belowHeap = 5.5 * 1024 * 1024;

/** The parts of the engine's WebAssembly interface that its JavaScript side keeps to itself, by their short names. */
interface Inner {
  readonly [fuelName]: { value: number };
  /** emscripten_stack_get_current, _emscripten_stack_alloc and _emscripten_stack_restore. */
  readonly Oa: () => number;
  readonly Na: (bytes: number) => number;
  readonly Ma: (top: number) => void;
}

/** As much of WebAssembly as is used here; the types of Node do not declare it. */
interface Wasm {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => {
    readonly buffer: ArrayBuffer;
  };
}
const { Module, Instance, Memory } = (globalThis as unknown as { readonly WebAssembly: Wasm }).WebAssembly;

// The package declares its types as those of a CommonJS module, and is loaded as the ES module that it also is.
const plain = variant as unknown as QuickJSSyncVariant;

/** What the engine asks of its host: the time (`p`), and the local time of an instant (`m`) by its rules (`n`). */
interface Asked {
  nowMs: number;
  count: number;
}

const pinned = (truth: boolean): void => {
  if (!truth) throw new TypeError('the JavaScript engine is not the version that this program was written for');
};

const instantiate = async (asked: Asked) => {
  const file = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
  const module = new Module(metered(await readFile(file)));
  const pages = (belowHeap + heapBytes) / pageBytes;
  const inner: { exports?: Inner } = {};
  const emscriptenModule = {
    printErr: () => undefined,
    wasmMemory: new Memory({ initial: pages, maximum: pages }) as never,
    instantiateWasm(imports: Record<string, Record<string, unknown>>, done: (instance: object) => void) {
      const host = imports['a']!;
      host['p'] = () => (asked.count++, asked.nowMs);
      // Local time is UTC: the engine's own turn from an instant into a calendar is asked for nothing but the offset.
      host['m'] = (_seconds: bigint, at: number) => (asked.count++, void view().fill(0, at, at + 44));
      host['n'] = () => undefined;
      const instance = new Instance(module, imports);
      inner.exports = instance.exports as unknown as Inner;
      done(instance);
      return instance.exports;
    },
  };
  const engine = await newQuickJSWASMModuleFromVariant(newVariant(plain, { emscriptenModule }));
  const view = (): Uint8Array => new Uint8Array(engine.getWasmMemory().buffer);
  return { engine, view, inner: inner.exports! };
};

/** Where the last byte that is not zero ends, to the next word. */
const endOf = (memory: Uint8Array): number => {
  const words = new Int32Array(memory.buffer, 0, memory.length >> 2);
  let count = words.length;
  while (count > 0 && words[count - 1] === 0) count--;
  return 4 * count;
};

const start = async (): Promise<Machine> => {
  const asked: Asked = { nowMs: 0, count: 0 };
  const { engine, view, inner } = await instantiate(asked);
  const top = inner.Oa();
  pinned(inner.Na(16) === top - 16 && inner.Oa() === top - 16);
  inner.Ma(top);
  pinned(inner.Oa() === top && top > stackAtLeast && top < belowHeap);

  const runtime = engine.newRuntime({ maxStackSizeBytes: stackBytes });
  const context = runtime.newContext();
  const told = context.unwrapResult(context.evalCode('Date.now() + new Date(0).getTimezoneOffset()'));
  pinned(context.getNumber(told) === 0 && asked.count >= 2);
  told.dispose();
  const made = context.unwrapResult(context.evalCode(guestSource, 'sandbox'));
  const part = (name: string): QuickJSHandle => context.getProp(made, name);
  const guest = { enter: part('enter'), settle: part('settle'), run: part('run'), answerTo: part('answerTo') };

  const dataEnd = endOf(view().subarray(0, top - stackAtLeast)) + afterData;
  pinned(dataEnd < top - stackAtLeast);
  const capture = (): Image => {
    const memory = view();
    return { low: memory.slice(0, dataEnd), high: memory.slice(top, endOf(memory)) };
  };
  const restore = ({ low, high }: Image): void => {
    const memory = view();
    memory.set(low);
    memory.fill(0, top - stackReach, top);
    memory.set(high, top);
    // The meter may stand below zero, and this call runs on it too.
    inner.fuel.value = 1_000;
    inner.Ma(top);
  };
  const attempt = <T>({ nowMs, steps }: { nowMs: number; steps: number }, what: () => T): Ended<T> => {
    asked.nowMs = nowMs;
    inner.fuel.value = steps;
    try {
      return { value: what() };
    } catch (error) {
      return { stopped: inner.fuel.value < 0 ? 'fuel' : error instanceof RangeError ? 'stack' : 'engine' };
    }
  };
  const fresh = capture();
  return {
    context,
    guest,
    fresh,
    work(image, how, what) {
      restore(image);
      return attempt(how, what);
    },
    grow(how, what) {
      restore(fresh);
      // What others left behind the heap's end is no part of this image.
      view().fill(0, top + fresh.high.length);
      const ended = attempt(how, what);
      return 'value' in ended ? { value: { did: ended.value, image: capture() } } : ended;
    },
    get bytes() {
      return view().length;
    },
  };
};

let running: Promise<Machine> | undefined;

/** The engine of this process; loaded when it is first asked for. */
export const machine = (): Promise<Machine> => (running ??= start());
