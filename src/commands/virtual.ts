import { verbOfActions, type Action } from './actions.js';

const actions: Readonly<Record<string, Action>> = {
  board: {
    command: 'board <board>',
    describe: 'Play a board on a port that any program can open',
    examples: [
      ['virtual board rak3172', 'a RAK3172 on a pseudo-terminal, in reach of a network of its own'],
      ['virtual board rak3172 --joined-to udp://127.0.0.1:1700', 'its joins are real ones at your server'],
      ['virtual board seeed-wio-e5-mini --link tcp', 'on tcp://127.0.0.1:PORT, on every system'],
      ['virtual board rak4631-r --fault restarts', 'one with something wrong with it'],
    ],
    options: (argv) =>
      argv
        .positional('board', { type: 'string', demandOption: true, describe: 'Which one (stellwerk ls boards)' })
        .option('link', {
          choices: ['pty', 'tcp', 'rfc2217'] as const,
          describe: 'What stands for the cable; default: pty, and tcp on Windows',
        })
        .option('host', { nargs: 1, type: 'string', default: '127.0.0.1', describe: 'Address to listen on' })
        .option('port', { nargs: 1, type: 'number', default: 0, describe: 'Port to listen on; 0: a free one' })
        .option('at', { nargs: 1, type: 'string', describe: 'A name for the pseudo-terminal, such as ./board' })
        .option('joined-to', {
          nargs: 1,
          type: 'string',
          default: 'loopback',
          describe: 'Its network: loopback, udp://host:port, or none: nobody hears it',
        })
        .option('console', { nargs: 1, type: 'string', describe: 'Firmware, where a board has more than one' })
        .option('fault', { nargs: 1, type: 'string', describe: 'What is wrong with it; --fault list shows them' })
        .option('seed', { nargs: 1, type: 'string', default: '1', describe: 'Other dice, other keys' })
        .option('state', {
          nargs: 1,
          type: 'string',
          describe: 'File that is its flash; default: forgotten at the end',
        })
        .option('devices', {
          nargs: 1,
          type: 'string',
          describe: 'Write its DevEUI and keys to this new file, for the gateway of your server',
        })
        .option('for', { nargs: 1, type: 'string', describe: 'End after this time' }),
    load: () => import('./virtual-board.js'),
  },
};

export default verbOfActions({
  command: 'virtual',
  describe: 'Make-believe ends of cables: boards that any program can open',
  actions,
});
