import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PortInfo } from '../../src/io/ports.js';
import { watchPorts, type PortEvent } from '../../src/workbench/port-watch.js';
import { portJson, shownPorts } from '../../src/workbench/ports.js';
import { known } from './made-up-world.js';

const ch340 = { path: '/dev/ttyUSB0', vendorId: '1a86', productId: '7523' };
const rak = (path: string, product: string): PortInfo => ({
  ...{ path, vendorId: '1915', productId: '521f', product, serialNumber: 'C0FFEE' },
});
const app = rak('/dev/ttyACM0', 'Rak4631 Serial COM');
const boot = rak('/dev/ttyACM1', 'Open DFU Bootloader');
const concentrator = { path: '/dev/ttyACM7', vendorId: '0483', productId: '5740' };
const ghost = { path: '/dev/ttyS0', hidden: 'no-chip' as const };

const setup = (ports: readonly PortInfo[]) => ({
  list: () => Promise.resolve(ports),
  holder: (path: string) => Promise.resolve(path === app.path ? { pid: 4711, name: 'picocom' } : undefined),
  known,
});

test('ports stand in the order of their numbers, with guess and holder, hidden ones only when asked for', async () => {
  const ten = { ...ch340, path: '/dev/ttyUSB10' };
  const ports = setup([ten, { ...ch340, path: '/dev/ttyUSB9' }, app, ghost, concentrator]);
  const shown = await shownPorts(ports);
  expect(shown.map(({ port }) => port.path)).toEqual([
    ...['/dev/ttyACM0', '/dev/ttyACM7', '/dev/ttyUSB9', '/dev/ttyUSB10'],
  ]);
  expect(shown[0]).toMatchObject({ words: 'RAKwireless RAK4631-R', holder: { pid: 4711 } });
  expect(shown[1]?.words).toContain('never asked');
  expect(shown[2]?.words).toMatch(/^WCH CH340; perhaps /);
  expect(await shownPorts(ports, { all: true })).toHaveLength(5);
});

test('programs read ids, boards, consoles and the reason', async () => {
  const [one, two] = (await shownPorts(setup([app, concentrator]))).map(portJson);
  expect(one).toMatchObject({
    usb: '1915:521F',
    guess: { because: 'product-string', boards: [{ id: 'rak-rak4631-r', state: 'application' }] },
    holder: { name: 'picocom' },
  });
  expect(two).toMatchObject({ guess: { neverProbe: 'maybe-concentrator', consoles: [] } });
});

const told = (events: readonly PortEvent[]) => events.map(({ kind, port }) => [kind, port.port.path]);

test('what is there at the beginning is not told; what comes is told at once, what goes after two seconds', () => {
  const watch = watchPorts([app], known);
  expect(watch.step([app], 0)).toEqual([]);
  expect(told(watch.step([app, ch340], 500))).toEqual([['plugged', ch340.path]]);
  expect(watch.step([app], 1_000)).toEqual([]);
  expect(watch.step([app], 2_900)).toEqual([]);
  expect(told(watch.step([app], 3_000))).toEqual([['unplugged', ch340.path]]);
  expect(watch.step([app], 9_000)).toEqual([]);
});

test('a board that enters its bootloader is one event, also within one look', () => {
  const watch = watchPorts([app], known);
  expect(watch.step([], 500)).toEqual([]);
  const [event, none] = watch.step([boot], 1_500);
  expect(event).toMatchObject({ kind: 'back', before: { port: app } });
  expect(event?.port.words).toBe('RAKwireless RAK4631-R, in its bootloader');
  expect(none).toBeUndefined();
  expect(told(watch.step([app], 2_000))).toEqual([['back', app.path]]);
});

test('a board that is known by its id alone is recognised under another id', () => {
  const running = { path: '/dev/ttyACM0', vendorId: '239A', productId: '8029' };
  const loading = { path: '/dev/ttyACM0', vendorId: '239A', productId: '0029' };
  const [event] = watchPorts([running], known).step([loading], 500);
  expect([event?.kind, event?.port.guessed.guesses[0]?.state]).toEqual(['back', 'bootloader']);
});

test('another board of the same kind is another board when the serial numbers say so', () => {
  const watch = watchPorts([app], known);
  expect(told(watch.step([{ ...app, path: '/dev/ttyACM1', serialNumber: 'BEEF' }], 500))).toEqual([
    ['plugged', '/dev/ttyACM1'],
  ]);
});

test('who unplugs, waits and plugs in again is told so; an hour later it is a new one', () => {
  const watch = watchPorts([app], known);
  watch.step([], 0);
  expect(told(watch.step([], 2_000))).toEqual([['unplugged', app.path]]);
  expect(told(watch.step([app], 20_000))).toEqual([['back', app.path]]);
  watch.step([], 30_000);
  watch.step([], 95_000);
  expect(told(watch.step([app], 3_600_000))).toEqual([['plugged', app.path]]);
});

test('what is gone when the watch ends is not kept back', () => {
  const watch = watchPorts([app], known);
  watch.step([], 500);
  expect(told(watch.rest())).toEqual([['unplugged', app.path]]);
});

test('whoever adds up the events knows which ports are there', () => {
  const pool = [app, boot, ch340, { ...ch340, path: '/dev/ttyUSB1' }, concentrator];
  const lists = fc.array(fc.uniqueArray(fc.constantFrom(...pool), { maxLength: 5 }), { maxLength: 12 });
  const pathsOf = (ports: readonly PortInfo[]) => ports.map(({ path }) => path).sort();
  fc.assert(
    fc.property(lists, fc.integer({ min: 1, max: 3_000 }), (steps, everyMs) => {
      const [first = [], ...later] = steps;
      const watch = watchPorts(first, known);
      const there = new Set(pathsOf(first));
      const note = (events: readonly PortEvent[]): void => {
        for (const event of events) {
          if (event.kind === 'back') there.delete(event.before.port.path);
          if (event.kind === 'unplugged') there.delete(event.port.port.path);
        }
        for (const { kind, port } of events) if (kind !== 'unplugged') there.add(port.port.path);
      };
      let last = first;
      later.forEach((ports, i) => {
        last = ports;
        note(watch.step(ports, i * everyMs));
      });
      note(watch.rest());
      expect([...there].sort()).toEqual(pathsOf(last));
    }),
  );
});
