import type { Argv } from 'yargs';
import { verbOfActions, type Action } from './actions.js';

const keysFile = (argv: Argv): Argv =>
  argv.option('keys-file', {
    alias: 'key-file',
    type: 'string',
    describe: 'File with its keys (- is standard input): 32 digits, or appKey: / nwkSKey: / appSKey:',
  });
const device = (argv: Argv): Argv =>
  argv
    .option('model', { type: 'string', describe: 'Sensor model (stellwerk ls models)' })
    .option('lot', { type: 'string', describe: 'Lot that the bay belongs to' })
    .option('lorawan', { type: 'string', describe: 'LoRaWAN version: 1.0.2, 1.0.3 or 1.0.4' });
const profile = (argv: Argv): Argv =>
  argv.option('profile', {
    type: 'string',
    describe: 'What the ProfileID of a code means: HEX=MODEL; may be given more than once',
  });

const actions: Readonly<Record<string, Action>> = {
  list: {
    command: 'list [text]',
    describe: 'Who is registered; never a key',
    examples: [
      ['devices list', 'everybody'],
      ['devices list og- --lot oberer-graben', 'whose name, bay or DevEUI has og- in it'],
      ['devices list --model bosch-tps110 --json', 'for programs'],
    ],
    options: (argv) =>
      argv
        .positional('text', { type: 'string', describe: 'A part of name, bay or DevEUI' })
        .option('lot', { type: 'string', describe: 'Of this lot alone' })
        .option('model', { type: 'string', describe: 'Of this model alone' }),
    load: () => import('./devices-list.js'),
  },
  add: {
    command: 'add [devEui]',
    describe: 'Register a sensor',
    examples: [
      ['devices add fcd6bd00001936b0 --model bosch-tps110 --bay og-01 --keys-file key.txt', 'its AppKey from a file'],
      ['devices add fcd6bd00001936b0 --model bosch-tps110', 'asks for the AppKey, or takes it from a pipe'],
      ['devices add fcd6bd00001936b0 --model bosch-tps110 --generate-key --show-key', 'a new key, shown once'],
      [
        "devices add --qr 'LW:D0:...' --model bosch-tps110 --keys-file key.txt",
        'DevEUI and JoinEUI from a scanned code',
      ],
      [
        'devices add 70b3d57ed0000001 --model pni-placepod --abp --dev-addr 260b1a2f --keys-file keys.yaml',
        'personalised',
      ],
    ],
    options: (argv) =>
      profile(keysFile(device(argv)))
        .positional('devEui', { type: 'string', describe: '16 hexadecimal digits' })
        .option('qr', { type: 'string', describe: 'Text of a scanned QR code (LoRaWAN TR005)' })
        .option('name', { type: 'string', describe: 'What people call it' })
        .option('bay', { type: 'string', describe: 'Bay that it watches' })
        .option('join-eui', { type: 'string', describe: 'JoinEUI, checked when given' })
        .option('class', { type: 'string', describe: 'A or C: when it listens' })
        .option('counters', { type: 'string', describe: 'strict or may-reset: whether its counters may begin anew' })
        .option('adr', { type: 'boolean', default: true, describe: '--no-adr: the network leaves its data rate alone' })
        .option('option', { type: 'string', describe: 'Option of the model: name=value' })
        .option('abp', { type: 'boolean', default: false, describe: 'Personalised: a fixed session, no join' })
        .option('dev-addr', { type: 'string', describe: 'DevAddr of a personalised device' })
        .option('generate-key', { type: 'boolean', default: false, describe: 'Make its keys' })
        .option('show-key', { type: 'boolean', default: false, describe: 'Print the keys that were made, this once' }),
    load: () => import('./devices-add.js'),
  },
  rm: {
    command: 'rm <device>',
    describe: 'Take a sensor out of the file, and its keys with it',
    examples: [
      ['devices rm og-01', 'by DevEUI, name or bay; asks first'],
      ['devices rm fcd6bd00001936b0 --yes', 'does not ask'],
    ],
    options: (argv) =>
      argv
        .positional('device', { type: 'string', demandOption: true, describe: 'DevEUI, name or bay' })
        .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'Do not ask' }),
    load: () => import('./devices-rm.js'),
  },
  import: {
    command: 'import <list>',
    describe: 'Register the sensors of a CSV file or of scanned QR codes',
    examples: [
      ['devices import fleet.csv --model bosch-tps110 --dry-run', 'what is wrong, by row and column'],
      ['devices import fleet.csv --skip-bad', 'the good rows; says which were left'],
      ['devices import codes.txt --model bosch-tps110 --keys-file keys.csv', 'a code per line, keys by DevEUI'],
      ['devices import codes.txt --profile 004500aa=bosch-tps110 --keys-file keys.csv', 'the model from the code'],
    ],
    options: (argv) =>
      profile(keysFile(device(argv)))
        .positional('list', { type: 'string', demandOption: true, describe: 'The file; - is standard input' })
        .option('format', { type: 'string', choices: ['csv', 'tr005'], describe: 'Default: what the file looks like' })
        .option('dry-run', { type: 'boolean', default: false, describe: 'Check, and write nothing' })
        .option('skip-bad', { type: 'boolean', default: false, describe: 'Leave out what is wrong' }),
    load: () => import('./devices-import.js'),
  },
  export: {
    command: 'export',
    describe: 'Write the registered sensors, or those of a scenario, for somebody else',
    examples: [
      ['devices export --format csv --out fleet.csv', 'with keys, readable by you alone'],
      ['devices export --format csv --no-keys', 'without, to standard output'],
      ['devices export --format tr005 --svg labels', 'a QR code for each, as labels/DEVEUI.svg'],
      ['devices export --scenario herrenberg-graben --seed 1 --out devices.yaml', 'a simulated fleet for any server'],
    ],
    options: (argv) =>
      argv
        .option('format', { type: 'string', choices: ['yaml', 'json', 'csv', 'tr005'], describe: 'Default: yaml' })
        .option('out', { type: 'string', describe: 'File to write, for your eyes only; else standard output' })
        .option('keys', { type: 'boolean', default: true, describe: '--no-keys leaves them out' })
        .option('show-keys', { type: 'boolean', default: false, describe: 'Print keys even to a terminal' })
        .option('scenario', { type: 'string', describe: 'The sensors of this scenario (stellwerk ls scenarios)' })
        .option('seed', { type: 'string', default: '1', describe: 'Other dice, other devices' })
        .option('uplink-only', {
          type: 'boolean',
          default: false,
          describe: 'Fixed sessions, for servers that answer nothing',
        })
        .option('join-eui', { type: 'string', describe: 'JoinEUI of codes for devices of which none is known' })
        .option('svg', { type: 'string', describe: 'With tr005: a folder for an image of each code' }),
    load: () => import('./devices-export.js'),
  },
  qr: {
    command: 'qr <device>',
    describe: 'The QR code of a sensor (LoRaWAN TR005); it holds no key',
    examples: [
      ['devices qr og-01', 'in the terminal'],
      ['devices qr og-01 --svg og-01.svg', 'as an image'],
      ['devices qr og-01 --serial YY1234 --profile-id 004500AA', 'with what its maker says of it'],
    ],
    options: (argv) =>
      argv
        .positional('device', { type: 'string', demandOption: true, describe: 'DevEUI, name or bay' })
        .option('svg', { type: 'string', describe: 'Write an image to this file' })
        .option('profile-id', { type: 'string', describe: 'VendorID and VendorProfileID: 8 hexadecimal digits' })
        .option('serial', { type: 'string', describe: 'Serial number' })
        .option('join-eui', { type: 'string', describe: 'JoinEUI, when the file has none' })
        .option('invert', { type: 'boolean', default: false, describe: 'Without colours: for a light terminal' }),
    load: () => import('./devices-qr.js'),
  },
};

export default verbOfActions({
  command: 'devices',
  describe: 'Register sensors: the devices file of the gateway, with its keys',
  actions,
  shared: (argv) => argv.option('file', { type: 'string', default: 'devices.yaml', describe: 'The devices file' }),
});
