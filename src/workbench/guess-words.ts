import { usbIdOf, type Guessed, type PlugFacts } from '../console/guess.js';

const mostNamed = 3;

/** A guess in words for a table or a sentence, such as `RAKwireless RAK4631-R`, `a board behind a WCH CH340: ...`. */
export const guessWords = ({ guesses, because, bridge, neverProbe }: Guessed, plug: PlugFacts): string => {
  const [best] = guesses;
  const names = guesses.map(({ board }) => `${board.maker} ${board.name}`);
  const some = [...names.slice(0, mostNamed), ...(names.length > mostNamed ? ['others'] : [])];
  if (best && (because === 'product-string' || because === 'specific-id'))
    return best.state === 'bootloader' ? `${names[0]!}, in its bootloader` : names[0]!;
  if (neverProbe === 'maybe-concentrator') return 'perhaps a LoRa concentrator: never asked';
  if (best && because === 'shared-id') return `perhaps ${some.join(' or ')}`;
  if (bridge) {
    const chip = `${bridge.maker} ${bridge.chip}`;
    return names.length === 0 ? chip : `${chip}; perhaps ${some.join(', ')}`;
  }
  const usb = usbIdOf(plug);
  if (usb !== undefined) return plug.product === undefined ? 'unknown USB device' : `unknown: ${plug.product}`;
  return 'no USB device';
};
