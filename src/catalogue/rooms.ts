import type { BackendKind } from '../backends/define.js';
import type { SensorModel } from '../codec/sensor.js';
import type { Board, Bridge } from '../console/board.js';
import type { Dialect } from '../console/dialect.js';
import type { SensorBehaviour } from '../sim/behaviour.js';
import type { VirtualConsole } from '../sim/twin.js';
import type { SinkKind } from '../sinks/define.js';
import type { SourceKind } from '../sources/define.js';

/** What each room of the catalogue holds; a scenario is the path of its YAML file. */
export interface Kinds {
  readonly sensors: SensorModel;
  readonly behaviours: SensorBehaviour;
  readonly boards: Board;
  /** USB-UART chips, which say nothing of the board behind them. */
  readonly bridges: Bridge;
  readonly consoles: Dialect;
  /** The make-believe ends of consoles. */
  readonly twins: VirtualConsole;
  readonly sources: SourceKind;
  readonly sinks: SinkKind;
  readonly backends: BackendKind;
  readonly scenarios: string;
}
export type Room = keyof Kinds;

type Need = 'text' | 'function' | 'object' | 'list';
export interface RoomPlan {
  /** Beside src/catalogue.ts in our house. */
  readonly folder: string;
  /** Inside a folder of the user; files that lie there directly are taken as well where `plain` says so. */
  readonly users: string;
  readonly plain?: true;
  /** Payload codecs of others may stand there, each with a map. */
  readonly maps?: true;
  readonly file: RegExp;
  /** For sentences: what an entry is called, how `stellwerk ls` calls the room, what makes one. */
  readonly word: string;
  readonly list: string;
  readonly maker: string;
  readonly needs: Readonly<Record<string, Need>>;
}

// `x.codec.js` is somebody else's payload codec: it runs in the sandbox, through its map `x.map.yaml`.
const code = /^(.+?)(?<!\.d|\.codec)\.(?:js|mjs|ts)$/;
export const codecMap = /^(.+)\.map\.ya?ml$/;
export const plans: Readonly<Record<Room, RoomPlan>> = {
  sensors: {
    folder: '../devices/sensors/',
    users: 'devices/sensors',
    plain: true,
    maps: true,
    file: code,
    word: 'sensor model',
    list: 'models',
    maker: 'defineSensor',
    needs: {
      ...{
        vendor: 'text',
        model: 'text',
        source: 'text',
        messageTypes: 'list',
        commandTypes: 'list',
        examples: 'list',
      },
      ...{ decode: 'function', encode: 'function', decodeCommand: 'function', encodeCommand: 'function' },
      ...{ annotate: 'function', toReadings: 'function', sample: 'function' },
    },
  },
  behaviours: {
    folder: '../simulators/sensors/',
    users: 'simulators/sensors',
    file: code,
    word: 'sensor behaviour',
    list: 'models',
    maker: 'defineBehaviour',
    needs: { model: 'object', mac: 'object', columns: 'object', source: 'text', step: 'function' },
  },
  boards: {
    folder: '../devices/boards/',
    users: 'devices/boards',
    file: code,
    word: 'board',
    list: 'boards',
    maker: 'defineBoard',
    needs: { maker: 'text', name: 'text', chip: 'text', usb: 'list', bootloaders: 'list', source: 'text' },
  },
  bridges: {
    folder: '../devices/bridges/',
    users: 'devices/bridges',
    file: code,
    word: 'USB bridge',
    list: 'boards',
    maker: 'defineBridge',
    needs: { maker: 'text', chip: 'text', usb: 'list', consoles: 'list', bootloaders: 'list', source: 'text' },
  },
  consoles: {
    folder: '../devices/consoles/',
    users: 'devices/consoles',
    file: code,
    word: 'console',
    list: 'consoles',
    maker: 'defineConsole',
    needs: {
      ...{ name: 'text', source: 'text', bauds: 'list', commands: 'object', syntax: 'object', hellos: 'list' },
      ...{ recognise: 'function', reader: 'function', verbs: 'object', examples: 'list' },
    },
  },
  twins: {
    folder: '../simulators/consoles/',
    users: 'simulators/consoles',
    file: code,
    word: 'virtual board',
    list: 'boards',
    maker: 'defineTwin',
    needs: { source: 'text', boards: 'list', profile: 'object', open: 'function' },
  },
  sources: {
    folder: './sources/',
    users: 'sources',
    file: code,
    word: 'source',
    list: 'sources',
    maker: 'defineSource',
    needs: { summary: 'text', config: 'object', open: 'function' },
  },
  sinks: {
    folder: './sinks/',
    users: 'sinks',
    file: code,
    word: 'sink',
    list: 'sinks',
    maker: 'defineSink',
    needs: { summary: 'text', config: 'object', open: 'function' },
  },
  backends: {
    folder: './backends/',
    users: 'backends',
    file: code,
    word: 'backend',
    list: 'backends',
    maker: 'defineBackend',
    needs: { summary: 'text', form: 'text', accepts: 'function', open: 'function' },
  },
  scenarios: {
    folder: '../simulators/scenarios/',
    users: 'simulators/scenarios',
    plain: true,
    file: /^(.+?)(?<!\.map)\.ya?ml$/,
    word: 'scenario',
    list: 'scenarios',
    maker: '-',
    needs: {},
  },
};

const meets: Readonly<Record<Need, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string' && value !== '',
  function: (value) => typeof value === 'function',
  object: (value) => typeof value === 'object' && value !== null,
  list: Array.isArray,
};

/** What keeps a module's default export from being an entry of that id; undefined when it is one. */
export const fault = (entry: unknown, id: string, needs: RoomPlan['needs']): string | undefined => {
  if (entry === undefined) return 'it has no default export';
  if (typeof entry !== 'object' || entry === null) return 'its default export is not an object';
  const fields = entry as Readonly<Record<string, unknown>>;
  if (typeof fields['id'] !== 'string') return 'its default export has no id';
  if (fields['id'] !== id) return `its id is ${fields['id']}, the file is called ${id}`;
  const missing = Object.keys(needs).find((name) => !meets[needs[name]!](fields[name]));
  return missing === undefined ? undefined : `${missing} is missing or is not a ${needs[missing]}`;
};
