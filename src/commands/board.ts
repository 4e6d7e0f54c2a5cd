import type { Argv } from 'yargs';
import { verbOfActions, type Action } from './actions.js';

const port = (argv: Argv): Argv =>
  argv.positional('port', {
    type: 'string',
    describe: '/dev/ttyUSB0, COM3, tcp://host:port or rfc2217://host:port; default: the only one that is there',
  });

const actions: Readonly<Record<string, Action>> = {
  identify: {
    command: 'identify [port]',
    describe: 'What it is, and whether it talks; changes nothing on the board',
    examples: [
      ['board identify', 'the only board that is plugged in'],
      ['board identify /dev/ttyUSB0 --json', 'for programs'],
      ['board identify /dev/ttyUSB0 --reset pulse', 'a board that only talks when it starts, such as an ESP32'],
      ['board identify rfc2217://192.0.2.7:2217', 'at a serial server'],
    ],
    options: port,
    load: () => import('./board-identify.js'),
  },
  send: {
    command: 'send <port> [line]',
    describe: 'A command to its console, or an uplink to its network',
    examples: [
      ["board send /dev/ttyUSB0 'AT+VER=?'", 'a command in its own words, and the answer'],
      ['board send /dev/ttyUSB0 --fport 2 --hex 01ff --confirmed', 'an uplink; waits for what becomes of it'],
      ['board send /dev/ttyUSB0 --join --fport 2 --hex 01ff', 'joins first, unless it has joined'],
    ],
    options: (argv) =>
      argv
        .positional('port', { type: 'string', demandOption: true, describe: 'Path or URL of the port' })
        .positional('line', { type: 'string', describe: 'A command in the words of its console' })
        .option('fport', { nargs: 1, type: 'string', describe: 'Port of an uplink, 1 to 223' })
        .option('hex', { nargs: 1, type: 'string', describe: 'Payload of an uplink, in hexadecimal' })
        .option('confirmed', { type: 'boolean', default: false, describe: 'The network shall acknowledge it' })
        .option('join', { type: 'boolean', default: false, describe: 'Join first' })
        .option('attempts', { nargs: 1, type: 'number', default: 3, describe: 'Join requests at most' }),
    load: () => import('./board-send.js'),
  },
  watch: {
    command: 'watch [port]',
    describe: 'What it says by itself, explained as it comes; asks once who it is, with --console not even that',
    examples: [
      ['board watch /dev/ttyUSB0', 'until Ctrl-C; waits for a cable that drops'],
      ['board watch /dev/ttyUSB0 --for 30s --json', 'a JSON line for each line and event'],
    ],
    options: (argv) =>
      port(argv).option('for', { nargs: 1, type: 'string', describe: 'End after this time, such as 30s' }),
    load: () => import('./board-watch.js'),
  },
  console: {
    command: 'console [port]',
    describe: 'A terminal on its console; Ctrl-] leaves it',
    examples: [
      ['board console /dev/ttyUSB0', 'what you type goes to the board, key by key'],
      ['board console /dev/ttyUSB0 --time --hex', 'with the time of each line, and as bytes'],
      ['board console /dev/ttyUSB0 < lines.txt', 'lines from a file or a pipe, one after another, then ends'],
    ],
    options: (argv) =>
      port(argv)
        .option('hex', { type: 'boolean', default: false, describe: 'Show bytes in hexadecimal beside the text' })
        .option('time', { type: 'boolean', default: false, describe: 'Show when each line came' })
        .option('echo', {
          type: 'boolean',
          default: true,
          describe: '--no-echo: for a board that sends back what you type',
        })
        .option('events', { type: 'boolean', default: true, describe: '--no-events: only what the board says' }),
    load: () => import('./board-console.js'),
  },
  rescue: {
    command: 'rescue [port]',
    describe: 'Back to factory state: unlocks it, leaves data modes and the bootloader, resets; asks first',
    examples: [
      ['board rescue /dev/ttyUSB0', 'asks first: keys are lost'],
      ['board rescue /dev/ttyUSB0 --yes --console rak-rui3', 'a board that no longer says what it is'],
    ],
    options: (argv) =>
      port(argv).option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'Do not ask' }),
    load: () => import('./board-rescue.js'),
  },
};

export default verbOfActions({
  command: 'board',
  describe: 'A board on a serial port: what it is, what it says, what it is told',
  actions,
  shared: (argv) =>
    argv
      .option('baud', { nargs: 1, type: 'number', describe: 'Speed of the port; default: those that boards use' })
      .option('console', { nargs: 1, type: 'string', describe: 'Language of its firmware (stellwerk ls consoles)' })
      .option('reset', {
        choices: ['never', 'pulse', 'bootloader'] as const,
        default: 'never',
        describe: 'Whether opening the port may restart the board',
      })
      .option('log', { nargs: 1, type: 'string', describe: 'File for every exchange, keys hidden; --no-log: none' }),
});
