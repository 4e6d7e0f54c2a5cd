import type { Board, BoardState, Bridge, NeverProbe, UsbId } from './board.js';

/** What an operating system tells about a port. */
export interface PlugFacts {
  /** Hexadecimal; upper or lower case hangs on the platform. */
  readonly vendorId?: string;
  readonly productId?: string;
  readonly product?: string;
  readonly manufacturer?: string;
  readonly serialNumber?: string;
  /** A platform's own name of the device: on Linux the product string stands in it. */
  readonly pnpId?: string;
}

export type GuessReason = 'product-string' | 'specific-id' | 'shared-id' | 'bridge-only' | 'nothing';

export interface BoardGuess {
  readonly board: Board;
  readonly because: Exclude<GuessReason, 'nothing'>;
  readonly state: BoardState;
}

/** What may be on a port, and whom to ask. */
export interface Guessed {
  /** The best first; equals in the order of their ids. */
  readonly guesses: readonly BoardGuess[];
  /** Of the best guess; `bridge-only` also when the chip is known and no board. */
  readonly because: GuessReason;
  readonly bridge?: Bridge;
  /** Consoles in the order in which to ask for them, each with its speeds, the likeliest first. Empty: do not ask. */
  readonly probe: readonly { readonly console: string; readonly bauds: readonly number[] }[];
  /** Nothing may be written to this port. */
  readonly neverProbe?: NeverProbe;
}

/** The catalogue, as a guess needs it. */
export interface Known {
  readonly boards: readonly Board[];
  readonly bridges: readonly Bridge[];
}

// The order that presumes nothing: what answers a plain AT first, what must be asked in a way of its own last.
const usualBauds: Readonly<Record<string, readonly number[]>> = {
  'rak-rui3': [115_200, 9_600, 57_600, 38_400, 19_200],
  'rak-legacy-v3': [115_200, 9_600],
  'rak-811-v2': [115_200],
  'heltec-cubecell': [115_200],
  'seeed-wio-e5': [9_600, 115_200],
  'st-at-slave': [9_600, 115_200],
  'microchip-rn2483': [57_600],
  'heltec-esp32': [115_200],
  'stellwerk-at': [115_200],
};
const anyBaud = [115_200, 9_600, 57_600];

const id = (text: string | undefined): string | undefined => text?.toUpperCase().padStart(4, '0');
// Systems write a product string with spaces or with underscores.
const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, ' ');
const isUsbId = (entry: Board['usb'][number]): entry is UsbId => 'vid' in entry;

/** Its USB ids in one word, such as `10C4:EA60`; undefined when the system does not tell them. */
export const usbIdOf = ({ vendorId, productId }: PlugFacts): string | undefined =>
  vendorId === undefined || productId === undefined ? undefined : `${id(vendorId)}:${id(productId)}`;

const reasonOf = (entry: UsbId, port: PlugFacts): BoardGuess['because'] => {
  const said = plain(`${port.product ?? ''} ${port.pnpId ?? ''}`);
  if (entry.product !== undefined && said.includes(plain(entry.product))) return 'product-string';
  // A product string that we do not know is another product of the same maker, or another firmware.
  // Windows names its own driver in that place.
  const told = port.product !== undefined && port.product !== '' && !/^usb[- ]serial (device|port)/i.test(port.product);
  const other = entry.product !== undefined && told;
  return entry.specific && !other ? 'specific-id' : 'shared-id';
};

const ranks: readonly GuessReason[] = ['product-string', 'specific-id', 'shared-id', 'bridge-only', 'nothing'];

/** The best that a board can say of a port: undefined when it cannot be this board. */
const guessOf = (board: Board, port: PlugFacts, bridge: Bridge | undefined): BoardGuess | undefined => {
  const usb = usbIdOf(port);
  const ours = board.usb.filter(isUsbId).filter(({ vid, pid }) => `${vid}:${pid}` === usb);
  const told = ours
    .map((entry) => ({ entry, because: reasonOf(entry, port) }))
    .sort((a, b) => ranks.indexOf(a.because) - ranks.indexOf(b.because));
  const [best] = told;
  if (best) {
    // Two states under one id: without the product string nobody knows which one it is.
    const same = told.filter(({ because }) => because === best.because);
    const state = same.every(({ entry }) => entry.state === best.entry.state) ? best.entry.state : 'any';
    return { board, because: best.because, state };
  }
  const behind = bridge !== undefined && board.usb.some((entry) => 'bridge' in entry && entry.bridge === bridge.id);
  return behind ? { board, because: 'bridge-only', state: 'any' } : undefined;
};

const probeOf = (guesses: readonly BoardGuess[], bridge: Bridge | undefined): Guessed['probe'] => {
  const [best] = guesses;
  const all = Object.keys(usualBauds);
  const asked = ((): readonly string[] => {
    if (best && best.because !== 'bridge-only') {
      // A bootloader has no console, and a chip's own USB leads to nobody else.
      if (best.state === 'bootloader') return [];
      return best.board.console === undefined ? [] : [best.board.console];
    }
    if (bridge?.native) return bridge.consoles;
    return [...(bridge?.consoles ?? []), ...all];
  })();
  const own = (console: string): readonly number[] | undefined =>
    guesses.find(({ board }) => board.console === console && board.bauds)?.board.bauds;
  return [...new Set(asked)].map((console) => ({ console, bauds: own(console) ?? usualBauds[console] ?? anyBaud }));
};

/**
 * What may be on a port by what its plug says, the best guess first, and whom to ask in which order. Letters in ids may
 * be of either case; a port without ids (a typed path, a PTY) gets the order that presumes nothing.
 *
 * @example guessBoard({ vendorId: '1915', productId: '521f' }, { boards, bridges }).guesses[0].board.id // 'rak-rak4631-r'
 */
export const guessBoard = (port: PlugFacts, { boards, bridges }: Known): Guessed => {
  const usb = usbIdOf(port);
  const bridge = bridges.find((one) => one.usb.some(({ vid, pid }) => `${vid}:${pid}` === usb));
  const guesses = boards
    .flatMap((board) => guessOf(board, port, bridge) ?? [])
    .sort((a, b) => ranks.indexOf(a.because) - ranks.indexOf(b.because) || (a.board.id < b.board.id ? -1 : 1));
  const neverProbe = bridge?.neverProbe ?? guesses.find(({ board }) => board.neverProbe)?.board.neverProbe;
  return {
    guesses,
    because: guesses[0]?.because ?? (bridge ? 'bridge-only' : 'nothing'),
    ...(bridge && { bridge }),
    probe: neverProbe === undefined ? probeOf(guesses, bridge) : [],
    ...(neverProbe !== undefined && { neverProbe }),
  };
};
