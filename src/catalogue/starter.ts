// The files that `stellwerk new sensor` begins with: a made-up format that keeps every law, to be replaced line by line.

/** A file to be written, its path from the folder that the user names. */
export interface StarterFile {
  readonly path: string;
  readonly text: string;
}

export interface Names {
  readonly id: string;
  readonly vendor: string;
  readonly model: string;
}

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
/** `acme-eye` is the Eye of Acme, until somebody writes it better. */
export const namesOf = (id: string): Names => {
  const [vendor = '', ...model] = id.split('-');
  return { id, vendor: capital(vendor), model: model.map(capital).join(' ') };
};

const sensorParts = ['flag', 'int', 'inUnit', 'scaled', 'spare', 'uint'] as const;

const sensorBody = ({ id, vendor, model }: Names): string => `defineSensor({
  id: '${id}', // equals the name of this file
  vendor: '${vendor}',
  model: '${model}',
  source: 'made up by stellwerk new: name the data sheet and its revision',
  defaultFPort: 1,
  ports: {
    1: {
      status: layout({
        _reserved: spare(6), // written as zero, ignored on read
        batteryLow: flag,
        occupied: flag,
        batteryV: scaled(uint(8), { factor: 0.02, unit: 'V' }),
        temperatureC: inUnit(int(8), '°C'),
      }),
    },
  },
  downlinks: {
    10: { setHeartbeat: layout({ intervalMin: inUnit(uint(16), 'min') }) },
  },
  toReadings: ({ occupied, batteryLow, batteryV, temperatureC }) => [{ occupied, batteryLow, batteryV, temperatureC }],
  // Cite a page, a captured frame or a published test; ours are made up.
  examples: [
    {
      what: 'occupied at -1 °C',
      fPort: 1,
      hex: '01b4ff',
      message: { type: 'status', batteryLow: false, occupied: true, batteryV: 3.6, temperatureC: -1 },
      readings: [{ occupied: true, batteryLow: false, batteryV: 3.6, temperatureC: -1 }],
      source: 'made up by stellwerk new',
    },
    {
      what: 'free at 22 °C',
      fPort: 1,
      hex: '00b416',
      message: { type: 'status', batteryLow: false, occupied: false, batteryV: 3.6, temperatureC: 22 },
      source: 'made up by stellwerk new',
    },
    {
      what: 'free, with a low battery',
      fPort: 1,
      hex: '028205',
      message: { type: 'status', batteryLow: true, occupied: false, batteryV: 2.6, temperatureC: 5 },
      source: 'made up by stellwerk new',
    },
    {
      what: 'a heartbeat every four hours, please',
      direction: 'downlink',
      fPort: 10,
      hex: '00f0',
      message: { type: 'setHeartbeat', intervalMin: 240 },
      source: 'made up by stellwerk new',
    },
  ],
})`;

const habits = ['dualSensor', 'lithiumV', 'lowCharge', 'watch', 'watcherColumns'] as const;

const behaviourBody = ({ id }: Names): string => `defineBehaviour({
  id: '${id}',
  model,
  mac: { lorawan: '1.0.3', joinDataRates: [5, 4, 3, 2, 1, 0], dataRate: 5, confirmedTries: 8, eirpDbm: 14 },
  source: 'made up by stellwerk new: say where its habits are described',
  // A row of numbers and flags, all zero after a start: 0 stands for the usual interval.
  columns: { ...watcherColumns, intervalMin: 'u16' },
  step(row, input, port) {
    const report = () =>
      port.send(
        {
          type: 'status',
          batteryLow: port.charge < lowCharge,
          occupied: row.occupied,
          batteryV: lithiumV(port.charge, { temperatureC: port.temperatureC }),
          temperatureC: Math.round(port.temperatureC),
        },
        { confirmed: true },
      );
    const again = (share = 1) => port.wakeInMs(1, (row.intervalMin || 6 * 60) * 60_000 * share);
    if (watch(row, input, { port, how: dualSensor })) return report();
    if (input.kind === 'joined') {
      report();
      // A street that gets its power back must not speak in step for ever.
      again(port.dice.next());
    } else if (input.kind === 'wake' && input.slot === 1) {
      report();
      again();
    } else if (input.kind === 'downlink') {
      const command = model.decodeCommand(input.fPort, input.bytes);
      if (command.ok) row.intervalMin = Number(command.value.intervalMin);
    }
  },
})`;

/** JavaScript for a user's own folder: no import, no installation. */
const inFolder = (names: Names): readonly StarterFile[] => [
  {
    path: `devices/sensors/${names.id}.mjs`,
    text: `// ${names.vendor} ${names.model}: what its bytes say, in both directions. Try it: stellwerk ls models ${names.id} --catalogue FOLDER

/** @param {import('stellwerk').Toolkit} toolkit */
export default ({ defineSensor, layout, ${sensorParts.join(', ')} }) =>
${indented(sensorBody(names))};
`,
  },
  {
    path: `simulators/sensors/${names.id}.mjs`,
    text: `// ${names.vendor} ${names.model}: what it sends when a car comes, every few hours, when it starts.
import sensor from '../../devices/sensors/${names.id}.mjs';

/** @param {import('stellwerk').Toolkit} toolkit */
export default (toolkit) => {
  const { defineBehaviour, ${habits.join(', ')} } = toolkit;
  const model = sensor(toolkit);
  return ${indented(behaviourBody(names)).trimStart()};
};
`,
  },
];

/** TypeScript for Stellwerk itself, where the tests take up every file that is there. */
const inHouse = (names: Names): readonly StarterFile[] => [
  {
    path: `devices/sensors/${names.id}.ts`,
    text: `import { defineSensor } from '../../src/codec/define.js';
import { layout } from '../../src/codec/layout.js';
import { ${sensorParts.join(', ')} } from '../../src/codec/parts.js';

/** ${names.vendor} ${names.model}: say what it is, and where sources contradict each other what was chosen and why. */
export default ${sensorBody(names)};
`,
  },
  {
    path: `simulators/sensors/${names.id}.ts`,
    text: `import model from '../../devices/sensors/${names.id}.js';
import { lithiumV, lowCharge } from '../../src/sim/battery.js';
import { defineBehaviour } from '../../src/sim/behaviour.js';
import { dualSensor } from '../../src/sim/detection.js';
import { watch, watcherColumns } from '../../src/sim/watcher.js';

/** ${names.vendor} ${names.model}: say what it sends when, and how it uses LoRaWAN. */
export default ${behaviourBody(names)
      .replaceAll('const report = () =>', 'const report = (): void =>')
      .replace('const again = (share = 1) =>', 'const again = (share = 1): void =>')
      .replace('command.value.intervalMin', "command.value['intervalMin']")};
`,
  },
];

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');

/** The files of a new sensor `<vendor>-<model>`: for the house itself, or for a folder of the user. */
export const starterFiles = (id: string, where: 'house' | 'folder'): readonly StarterFile[] =>
  (where === 'house' ? inHouse : inFolder)(namesOf(id));
