// The import rule of DESIGN.md, "Who may import whom", as data.

/** Rooms that are functions of their arguments and nothing else. */
export const pureRooms = [
  'base',
  'codec',
  'lorawan',
  'image',
  'parking',
  'network',
  'ladder',
  'dialects',
  'trace',
  'report',
  'sim',
  'console',
  'devices',
  'simulators',
] as const;

const pureSrc = pureRooms.filter((room) => room !== 'devices' && room !== 'simulators');
const shells = ['io', 'sources', 'sinks', 'backends', 'config', 'catalogue'];
const gatewayMay = [...pureRooms, ...shells];
const toolMay = [...gatewayMay, 'gateway'];

/** Rooms that may import anything, and that only each other may import. */
export const doors = ['commands', 'cli', 'index', 'testing', 'web', 'worker'];

/** What each room may import besides itself. A room that is not here has no right to exist yet. */
export const may: Readonly<Record<string, readonly string[] | 'anything'>> = {
  base: [],
  codec: ['base'],
  lorawan: ['base', 'codec'],
  image: ['base', 'codec'],
  parking: ['base', 'codec'],
  network: ['base', 'codec', 'lorawan'],
  ladder: ['base', 'codec', 'lorawan', 'network', 'parking'],
  dialects: ['base', 'codec', 'lorawan', 'parking'],
  trace: ['base', 'codec', 'lorawan', 'parking', 'ladder'],
  report: ['base', 'codec', 'lorawan', 'parking', 'ladder'],
  sim: ['base', 'codec', 'lorawan', 'network', 'parking'],
  // What a console and its commands are: the words in which devices/consoles and devices/boards are written.
  console: ['base', 'lorawan'],
  devices: ['base', 'codec', 'lorawan', 'image', 'console'],
  simulators: ['base', 'codec', 'lorawan', 'image', 'console', 'devices', 'parking', 'sim'],
  io: ['base'],
  sources: [...pureSrc, 'io', 'devices'],
  sinks: [...pureSrc, 'io'],
  backends: [...pureSrc, 'io', 'devices', 'simulators'],
  config: [...pureSrc, 'io'],
  // A user's map of a foreign codec is YAML: its reader lives in config, which knows of the catalogue only an interface.
  catalogue: [...pureSrc, 'io', 'config'],
  gateway: gatewayMay,
  city: toolMay,
  workbench: toolMay,
  recorder: toolMay,
  ...Object.fromEntries(doors.map((door) => [door, 'anything' as const])),
};

/** Contracts beside the catalogue files: config and the catalogue may know their shape without knowing a file. */
export const contracts = ['src/sources/define.ts', 'src/sinks/define.ts', 'src/backends/define.ts'];
export const contractReaders = ['config', 'catalogue'];

/** The one door of each package: a file, or a prefix that ends with a slash. */
export const packageDoors: Readonly<Record<string, readonly string[]>> = {
  serialport: ['src/io/serial.ts'],
  '@lydell/node-pty': ['src/io/pty.ts'],
  '@serialport/parser-readline': ['src/io/serial.ts'],
  mqtt: ['src/io/mqtt.ts'],
  aedes: ['src/io/broker.ts'],
  ws: ['src/io/websocket.ts'],
  'esptool-js': ['src/io/esptool.ts'],
  'quickjs-emscripten-core': ['src/io/sandbox/machine.ts'],
  '@jitl/quickjs-wasmfile-release-sync': ['src/io/sandbox/machine.ts'],
  'lora-packet': ['src/lorawan/referee.ts'],
  'cbor-x': ['src/codec/cbor.ts'],
  uqr: ['src/report/qr.ts'],
  yaml: ['src/config/yaml.ts'],
  yargs: ['src/commands/', 'src/cli.ts'],
  zod: ['src/config/', 'src/sources/', 'src/sinks/', 'src/backends/', 'devices/'],
};

/** The room of a file: the folder below src, the file itself in src, or devices and simulators as a whole. */
export const roomOf = (path: string): string => {
  const [house = '', first = ''] = path.split('/');
  return house === 'src' ? first.replace(/\.ts$/, '') : house;
};
