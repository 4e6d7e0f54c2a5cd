import { must, problem } from '../base/problem.js';
import { failed, type Result } from '../base/result.js';
import type { Log } from '../base/log.js';
import type { Catalogue } from '../catalogue.js';
import type { Board } from '../console/board.js';
import { detect, type Detected } from '../console/detect.js';
import type { Dialect, Hello } from '../console/dialect.js';
import { guessBoard, type Guessed, type PlugFacts } from '../console/guess.js';
import type { TalkEvent } from '../console/talk-types.js';
import type { Clock } from '../io/clock.js';
import type { Opener } from '../io/drive.js';
import { openConsole, type OpenConsole } from './console.js';

export interface MeetSetup {
  readonly address: string;
  /** What the system knows of the port; nothing for a URL or a PTY. */
  readonly plug: PlugFacts;
  readonly open: Opener;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly log: Log;
  readonly reconnect: boolean;
  /** What the person says of it: then nothing else is tried, and a port that may be a concentrator is asked after all. */
  readonly console?: string;
  readonly baud?: number;
  event?(event: TalkEvent): void;
  exchange?(dir: 'in' | 'out', bytes: Uint8Array): void;
  /** Before each question, for progress. */
  trying?(hello: Hello): void;
}

/** A port on which a board may be. */
export interface MetBoard {
  readonly address: string;
  readonly console: OpenConsole;
  readonly guessed: Guessed;
  /** Finds out who talks. Problems: those of `detect`, of the port, and `port-never-asked`. */
  meet(): Promise<Result<Detected>>;
  /** A console of the catalogue; throws `unknown-entry`. */
  dialect(id: string): Promise<Dialect>;
  /** Which boards of the catalogue it can be, by what it said and by its plug. */
  boardsOf(found: Detected): readonly Board[];
  close(): Promise<void>;
}

const neverWords = {
  'maybe-concentrator': 'its USB id is that of LoRa concentrators, which a question would disturb',
  'no-port': 'it has no serial port in this state',
} as const;

const plain = (text: string): string => text.toLowerCase();

/** The boards that answer like this; when none of its console does, those that its plug names. */
const boardsOf = (found: Detected, boards: readonly Board[], guessed: Guessed): readonly Board[] => {
  const { dialect, identity } = found;
  // Whoever puts our own command set on a board may say which one it is; any board may have it.
  const mine = boards.filter((board) => dialect.ours || board.console === dialect.id);
  const model = identity.model === undefined ? undefined : plain(identity.model);
  const said =
    model === undefined
      ? []
      : mine.filter(({ id, says = [] }) => id === model || says.some((word) => model.includes(plain(word))));
  if (said.length > 0) return said;
  const plugged = guessed.guesses
    .map(({ board }) => board)
    .filter((board) => dialect.ours || board.console === dialect.id);
  return plugged.length > 0 ? plugged : mine.length === 1 ? mine : [];
};

/** Opens a port for a conversation. Nothing is sent before `meet` or a script of the owner. */
export const openBoard = async (setup: MeetSetup): Promise<MetBoard> => {
  const { catalogue, address } = setup;
  const all = async <R extends 'boards' | 'bridges'>(room: R) =>
    (await catalogue.all(room)).flatMap(({ entry }) => (entry.ok ? [entry.value] : []));
  const boards = (await all('boards')) as readonly Board[];
  const bridges = await all('bridges');
  const guessed = guessBoard(setup.plug, { boards, bridges: bridges as never });
  const console = openConsole(setup);
  const dialect = async (id: string): Promise<Dialect> => must(await catalogue.load('consoles', id));

  return {
    address,
    console,
    guessed,
    dialect,
    async meet() {
      const { neverProbe } = guessed;
      if (neverProbe !== undefined && setup.console === undefined)
        return failed(problem('port-never-asked', { port: address, why: neverWords[neverProbe] }));
      const dialects =
        setup.console === undefined
          ? (await catalogue.all('consoles')).flatMap(({ entry }) => (entry.ok ? [entry.value] : []))
          : [await dialect(setup.console)];
      return console.run(
        detect({
          dialects,
          likely: guessed.because === 'nothing' ? [] : guessed.probe.map((one) => one.console),
          ...(setup.baud !== undefined && { baud: setup.baud }),
          ...(setup.trying && { trying: setup.trying }),
        }),
      );
    },
    boardsOf: (found) => boardsOf(found, boards, guessed),
    close: () => console.close(),
  };
};
