import { guessBoard, usbIdOf, type Guessed, type Known } from '../console/guess.js';
import type { Holder } from '../io/holder.js';
import type { PortInfo } from '../io/ports.js';
import { guessWords } from './guess-words.js';

/** How ports are found, so that tests can make some up. */
export interface PortsSetup {
  list(): Promise<readonly PortInfo[]>;
  holder(path: string): Promise<Holder | undefined>;
  readonly known: Known;
}

/** A port with what is known and guessed of it. */
export interface ShownPort {
  readonly port: PortInfo;
  readonly guessed: Guessed;
  /** The guess in words. */
  readonly words: string;
  readonly holder?: Holder;
}

/** Those that a person may mean: a Bluetooth port or a ttyS without hardware is nobody's board. */
export const visible = (ports: readonly PortInfo[]): readonly PortInfo[] =>
  ports.filter(({ hidden }) => hidden === undefined);

const inOrder = new Intl.Collator('en', { numeric: true });

/** The port with its guess; who has it open is told apart, because that takes a look at every process. */
export const shownPort = (port: PortInfo, known: Known): ShownPort => {
  const guessed = guessBoard(port, known);
  return { port, guessed, words: guessWords(guessed, port) };
};

/** The ports in the order of their names, hidden ones only with `all`, each with its guess and its holder. */
export const shownPorts = async (
  { list, holder, known }: PortsSetup,
  { all = false }: { readonly all?: boolean } = {},
): Promise<readonly ShownPort[]> => {
  const ports = await list();
  const wanted = [...(all ? ports : visible(ports))].sort((a, b) => inOrder.compare(a.path, b.path));
  return Promise.all(
    wanted.map(async (port) => {
      const held = await holder(port.path);
      return { ...shownPort(port, known), ...(held && { holder: held }) };
    }),
  );
};

/** What programs read of a port. */
export const portJson = ({ port, guessed, words, holder }: ShownPort): Readonly<Record<string, unknown>> => {
  const usb = usbIdOf(port);
  const { guesses, because, bridge, probe, neverProbe } = guessed;
  return {
    ...port,
    ...(usb !== undefined && { usb }),
    guess: {
      text: words,
      because,
      boards: guesses.map(({ board, state, because: why }) => ({ id: board.id, state, because: why })),
      ...(bridge && { bridge: bridge.id }),
      consoles: probe.map(({ console }) => console),
      ...(neverProbe !== undefined && { neverProbe }),
    },
    ...(holder && { holder }),
  };
};
