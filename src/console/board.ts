// Boards are known by what their USB plug says, and some plugs say nothing: a USB-UART chip names itself, not what it is
// soldered to. A board that hangs on such a chip names the chip; a bridge is a chip of that kind, or a chip's own USB.

/** Protocols that write a board's flash; `adafruit-dfu` is the older Nordic DFU, `esp-rom-usbjtag` the ROM over the chip's own USB. */
export const bootloaderIds = [
  ...(['esp-rom', 'esp-rom-usbjtag', 'adafruit-dfu', 'uf2', 'nordic-secure-dfu', 'rak-ymodem'] as const),
  ...(['stm32-an3155', 'stm32-usb-dfu', 'cubecell-flash', 'ambiq-svl', 'st-link'] as const),
] as const;
export type BootloaderId = (typeof bootloaderIds)[number];

/** What runs when a board shows a USB id. */
export type BoardState = 'application' | 'bootloader' | 'any';

/** Why nothing may be said to a port: `maybe-concentrator`, a gateway's radio could be at work there; `no-port`, it has none. */
export type NeverProbe = 'maybe-concentrator' | 'no-port';

/** What a board's plug says. Ids are four upper-case hexadecimal digits. */
export interface UsbId {
  readonly vid: string;
  readonly pid: string;
  /** The product string of its descriptor, where it tells boards or states with one id apart. */
  readonly product?: string;
  readonly manufacturer?: string;
  readonly state: BoardState;
  /** The id alone names this board: no other board of this catalogue has it. */
  readonly specific: boolean;
}

/** The board hangs on this USB-UART chip, or shows the USB of its own processor: an id of the room `bridges`. */
export interface BehindBridge {
  readonly bridge: string;
}

/** A board that can be bought, with the firmware it is sold with: another firmware is another board. */
export interface Board {
  /** Equals the file name: maker and model. */
  readonly id: string;
  readonly maker: string;
  readonly name: string;
  readonly chip: string;
  readonly flashKb?: number;
  /** Empty when it has no USB of its own and comes on any adapter. */
  readonly usb: readonly (UsbId | BehindBridge)[];
  /** The console of its firmware, an id of `devices/consoles`; absent when it has none that we know. */
  readonly console?: string;
  /** Where its speeds differ from those of its console. */
  readonly bauds?: readonly number[];
  readonly bootloaders: readonly BootloaderId[];
  /** What its console answers as its hardware model, in lower case. */
  readonly says?: readonly string[];
  readonly neverProbe?: NeverProbe;
  /** What a technician should know, and what of this is not certain. */
  readonly notes?: string;
  readonly source: string;
}

/** A USB-UART chip, or the USB of a processor: it tells nothing about the board around it. */
export interface Bridge {
  /** Equals the file name: maker and chip. */
  readonly id: string;
  readonly maker: string;
  readonly chip: string;
  readonly usb: readonly Pick<UsbId, 'vid' | 'pid' | 'state'>[];
  /** Consoles that are often behind it, the likeliest first. */
  readonly consoles: readonly string[];
  /** It is a processor's own USB: nothing but these consoles can be behind it. */
  readonly native?: true;
  /** The speed to begin with; absent when it has no serial port. */
  readonly baud?: number;
  readonly bootloaders: readonly BootloaderId[];
  readonly neverProbe?: NeverProbe;
  readonly notes?: string;
  readonly source: string;
}

/** The board, as it is. */
export const defineBoard = (board: Board): Board => board;

/** The bridge, as it is. */
export const defineBridge = (bridge: Bridge): Bridge => bridge;
