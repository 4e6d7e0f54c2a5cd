import fc from 'fast-check';
import { expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import { guessBoard, usbIdOf } from '../../src/console/guess.js';

const catalogue = openCatalogue();
const known = {
  boards: (await catalogue.all('boards')).map(({ entry }) => must(entry)),
  bridges: (await catalogue.all('bridges')).map(({ entry }) => must(entry)),
};
const guess = (vendorId: string, productId: string, more: object = {}) =>
  guessBoard({ vendorId, productId, ...more }, known);
const shown = ({ guesses, because }: ReturnType<typeof guessBoard>) => [guesses[0]?.board.id, because];

test('ids may be written in either case', () => {
  expect(shown(guess('1915', '521f'))).toEqual(['rak-rak4631-r', 'specific-id']);
  expect(guess('239a', '8029')).toEqual(guess('239A', '8029'));
  expect(usbIdOf({ vendorId: '10c4', productId: 'ea60' })).toBe('10C4:EA60');
});

test('a product string tells two states under one id apart, also from the name of a system', () => {
  expect(guess('1915', '521F').guesses[0]).toMatchObject({ state: 'any' });
  const told = guess('1915', '521F', { pnpId: 'usb-Nordic_Semiconductor_Open_DFU_Bootloader_C0FFEE-if00' });
  expect(told).toMatchObject({ because: 'product-string', probe: [], guesses: [{ state: 'bootloader' }] });
});

test('an unknown product string under a known id is no certainty', () => {
  expect(shown(guess('239A', '8071', { product: 'HT-n5262' }))).toEqual(['heltec-t114', 'product-string']);
  expect(shown(guess('239A', '8071', { product: 'Mesh Pocket' }))).toEqual(['heltec-t114', 'shared-id']);
  expect(shown(guess('239A', '8071', { product: 'USB Serial Device' }))).toEqual(['heltec-t114', 'specific-id']);
  expect(shown(guess('239A', '8029', { product: 'Feather nRF52840' }))).toEqual(['rak-rak4631', 'shared-id']);
});

test('a bridge asks for what is often behind it, then for everybody, each once', () => {
  const { because, bridge, probe, guesses } = guess('10c4', 'ea60');
  expect([because, bridge?.id]).toEqual(['bridge-only', 'silabs-cp2102']);
  expect(guesses.map(({ board }) => board.id)).toContain('heltec-cubecell-ab01');
  const order = probe.map(({ console }) => console);
  expect(order.slice(0, 3)).toEqual(['rak-rui3', 'heltec-cubecell', 'heltec-esp32']);
  expect(order).toContain('microchip-rn2483');
  expect(new Set(order).size).toBe(order.length);
});

test("a processor's own USB leads to nobody else", () => {
  expect(guess('303a', '1001').probe.map(({ console }) => console)).toEqual(['heltec-esp32', 'stellwerk-at']);
});

test('a known board without a console of ours is not asked', () => {
  expect(guess('239a', '8071').probe).toEqual([]);
});

test('what may be a concentrator is never asked, whatever it calls itself', () => {
  const pico = guess('0483', '5740', { product: 'SEMTECH PicoGW Virtual ComPort' });
  expect(shown(pico)).toEqual(['semtech-picogw', 'product-string']);
  for (const port of [pico, guess('0483', '5740'), guess('0483', '5740', { product: 'my own board' })])
    expect(port).toMatchObject({ neverProbe: 'maybe-concentrator', probe: [] });
  expect(guess('0483', 'df11')).toMatchObject({ neverProbe: 'no-port', probe: [] });
});

test('a port that tells nothing gets the order that presumes nothing', () => {
  for (const port of [{}, { vendorId: 'FFFF', productId: '0001' }]) {
    const { because, guesses, probe } = guessBoard(port, known);
    expect([because, guesses, probe[0]?.console]).toEqual(['nothing', [], 'rak-rui3']);
    expect(probe.length).toBeGreaterThan(8);
  }
});

test('whatever a plug says, a guess comes back', () => {
  const text = fc.option(fc.string({ maxLength: 40 }), { nil: undefined });
  const port = fc.record({ vendorId: text, productId: text, product: text, manufacturer: text, pnpId: text });
  fc.assert(
    fc.property(port, (said) => {
      const facts = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
      const { guesses, probe, neverProbe } = guessBoard(facts, known);
      return Array.isArray(guesses) && (neverProbe === undefined || probe.length === 0);
    }),
  );
});
