import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import { bootloaderIds } from '../../src/console/board.js';
import { guessBoard } from '../../src/console/guess.js';

const catalogue = openCatalogue();
const boards = (await catalogue.all('boards')).map(({ id, entry }) => ({ id, board: must(entry) }));
const bridges = (await catalogue.all('bridges')).map(({ id, entry }) => ({ id, bridge: must(entry) }));
const known = { boards: boards.map(({ board }) => board), bridges: bridges.map(({ bridge }) => bridge) };

const consoles = [
  ...['rak-rui3', 'rak-legacy-v3', 'rak-811-v2', 'heltec-cubecell', 'heltec-esp32'],
  ...['st-at-slave', 'seeed-wio-e5', 'microchip-rn2483', 'stellwerk-at'],
];
const usbIds = boards.flatMap(({ id, board }) =>
  board.usb.flatMap((entry) => ('vid' in entry ? [{ board: id, ...entry }] : [])),
);

describe.each(boards)('$id', ({ id, board }) => {
  test('has the name of its file, begun by its maker, and a source', () => {
    expect(board.id).toBe(id);
    expect(id).toMatch(/^[a-z]+(-[a-z0-9]+)+$/);
    expect(board.maker.toLowerCase().replace(/[^a-z]/g, '')).toContain(id.split('-')[0]);
    expect(board.source.length).toBeGreaterThan(10);
  });

  test('names only what there is', () => {
    for (const entry of board.usb) if ('bridge' in entry) expect(bridges.map((one) => one.id)).toContain(entry.bridge);
    if (board.console !== undefined) expect(consoles).toContain(board.console);
    for (const bootloader of board.bootloaders) expect(bootloaderIds).toContain(bootloader);
    for (const word of board.says ?? []) expect(word).toBe(word.toLowerCase());
  });
});

describe.each(bridges)('$id', ({ id, bridge }) => {
  test('has the name of its file, a source, ids of its own, and names only what there is', () => {
    expect(bridge.id).toBe(id);
    expect(bridge.source.length).toBeGreaterThan(10);
    expect(bridge.usb.length).toBeGreaterThan(0);
    for (const console of bridge.consoles) expect(consoles).toContain(console);
    for (const bootloader of bridge.bootloaders) expect(bootloaderIds).toContain(bootloader);
    if (bridge.baud === undefined) expect(bridge.neverProbe ?? 'native').toMatch(/no-port|native/);
  });
});

test('ids are four upper-case hexadecimal digits', () => {
  for (const { vid, pid } of [...usbIds, ...bridges.flatMap(({ bridge }) => bridge.usb)]) {
    expect(vid).toMatch(/^[0-9A-F]{4}$/);
    expect(pid).toMatch(/^[0-9A-F]{4}$/);
  }
});

test('no two boards claim an id that is said to name one alone, and no two bridges one id', () => {
  for (const one of usbIds.filter(({ specific }) => specific)) {
    const others = usbIds.filter(({ vid, pid, board }) => vid === one.vid && pid === one.pid && board !== one.board);
    expect(others, one.board).toEqual([]);
  }
  const claims = usbIds.map(({ vid, pid, product = '', state }) => `${vid}:${pid} ${product} ${state}`);
  expect(claims.filter((one, i) => claims.indexOf(one) !== i)).toEqual([]);
  const ofBridges = bridges.flatMap(({ bridge }) => bridge.usb.map(({ vid, pid }) => `${vid}:${pid}`));
  expect(ofBridges.filter((one, i) => ofBridges.indexOf(one) !== i)).toEqual([]);
});

test('what a board says of its model names one board', () => {
  const said = known.boards.flatMap(({ says = [] }) => says);
  expect(said.filter((one, i) => said.indexOf(one) !== i)).toEqual([]);
});

test('what may be a concentrator and what has no port is never asked', () => {
  for (const { vid, pid } of usbIds.filter(({ vid }) => vid === '0483')) {
    const { neverProbe, probe } = guessBoard({ vendorId: vid, productId: pid }, known);
    expect([neverProbe, probe]).toEqual(['maybe-concentrator', []]);
  }
});

// What was read about USB ids before there was a catalogue: nothing of it may be lost.
interface Read {
  readonly vid: string;
  readonly pid: string;
  readonly specific: boolean;
  readonly candidates: readonly string[];
  readonly state: string;
  readonly defaultBaud: number | null;
  readonly probe: readonly string[];
  readonly flashMethods: readonly string[];
  readonly match?: {
    readonly product?: readonly string[];
    readonly bootloaderProduct?: readonly string[];
    readonly manufacturer?: readonly string[];
  };
  readonly confidence: string;
}
const vector = JSON.parse(readFileSync(new URL('../vectors/boards.json', import.meta.url), 'utf8')) as {
  readonly probeBauds: Readonly<Record<string, readonly number[]>>;
  readonly ids: readonly Read[];
};

/** Its names there and here; undefined is no single board. */
const boardNames: Readonly<Record<string, string | undefined>> = {
  'heltec-cubecell-htcc-ab01': 'heltec-cubecell-ab01',
  'heltec-cubecell-htcc-ab02': 'heltec-cubecell-ab02',
  // Heltec's boards.txt names HT-n5262 and T114 as one board.
  'heltec-ht-n5262': 'heltec-t114',
  'nucleo-wl55jc': 'st-nucleo-wl55jc',
  picogw: 'semtech-picogw',
  'rak19007-with-rak3372': 'rak-rak3372',
  'rak3172-evb': 'rak-rak3172',
  'rak3272s-on-usb-adapter': 'rak-rak3272',
  'rak4631-arduino': 'rak-rak4631',
  'rak4631-r': 'rak-rak4631-r',
  'rak811-evb': 'rak-rak811',
  'rn2483-breakout': 'microchip-rn2483',
  'sx1302-usb-concentrator': 'semtech-corecell-usb',
};
const noBoard = /^(generic-esp32-board|esp32-.*|any-stm32.*|heltec-clone)$/;
const consoleNames: Readonly<Record<string, string>> = {
  rui3: 'rak-rui3',
  'rak-legacy-v3': 'rak-legacy-v3',
  'rak811-v2': 'rak-811-v2',
  cubecell: 'heltec-cubecell',
  'wio-e5': 'seeed-wio-e5',
  rn2483: 'microchip-rn2483',
  'st-at-slave': 'st-at-slave',
  'heltec-esp32-license': 'heltec-esp32',
};
const bootloaderNames: Readonly<Record<string, string>> = {
  'adafruit-dfu-serial': 'adafruit-dfu',
  'st-link-swd': 'st-link',
};

describe.each(vector.ids)('$vid:$pid', (read) => {
  const port = { vendorId: read.vid.toLowerCase(), productId: read.pid.toLowerCase() };
  const guessed = guessBoard(port, known);
  const [best] = guessed.guesses;

  test('leads to the same boards', () => {
    const expected = read.candidates.filter((name) => !noBoard.test(name)).map((name) => boardNames[name] ?? name);
    const guesses = guessed.guesses.map(({ board }) => board.id);
    for (const name of expected) expect(guesses).toContain(name);
    if (read.specific) expect(guesses).toEqual([...new Set(expected)]);
    if (read.specific) expect(guessed.because).toBe('specific-id');
    else expect(['bridge-only', 'shared-id']).toContain(guessed.because);
  });

  test('is asked for the same consoles first', () => {
    const wanted = read.probe.flatMap((name) => consoleNames[name] ?? []);
    expect(guessed.probe.map(({ console }) => console).slice(0, wanted.length)).toEqual(wanted);
    if (read.probe.length === 0) expect(guessed.probe).toEqual([]);
    for (const [name, console] of Object.entries(consoleNames))
      for (const one of guessed.probe.filter((step) => step.console === console && vector.probeBauds[name]))
        expect(one.bauds).toEqual(vector.probeBauds[name]);
  });

  test('is written in the same ways', () => {
    const all = new Set([
      ...(guessed.bridge?.bootloaders ?? []),
      ...(read.specific ? best!.board.bootloaders : []),
    ] as string[]);
    for (const method of read.flashMethods) expect(all).toContain(bootloaderNames[method] ?? method);
  });

  test('is in the same state, told by the same product strings', () => {
    const ofBoard = usbIds.filter(({ vid, pid }) => vid === read.vid && pid === read.pid);
    if (read.state === 'bootloader')
      expect(best?.state === 'bootloader' || guessed.bridge?.usb[0]?.state === 'bootloader').toBe(true);
    for (const product of read.match?.product ?? []) {
      const { because, guesses } = guessBoard({ ...port, product: product.toUpperCase() }, known);
      expect([because, guesses[0]!.state]).toEqual(['product-string', 'application']);
    }
    for (const product of read.match?.bootloaderProduct ?? []) {
      const { because, guesses, probe } = guessBoard({ ...port, product }, known);
      expect([because, guesses[0]!.state, probe]).toEqual(['product-string', 'bootloader', []]);
    }
    for (const manufacturer of read.match?.manufacturer ?? [])
      expect(ofBoard.map((entry) => entry.manufacturer)).toContain(manufacturer);
  });

  test('has the same first speed', () => {
    if (guessed.bridge) expect(guessed.bridge.baud ?? null).toBe(read.defaultBaud);
  });
});
