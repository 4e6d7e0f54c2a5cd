import { dice } from '../base/dice.js';
import { toHex } from '../base/hex.js';
import { must, problem, sentenceOf } from '../base/problem.js';
import { messageOf } from './message.js';
import { catalogueOf, textOf } from './options.js';
import type { Verb } from './verb.js';

const verb: Verb = {
  command: 'encode',
  describe: 'The payload of a message, or of a command to a sensor',
  examples: [
    [`encode --model bosch-tps110 --message '{"type":"status","occupied":true}'`, 'prints port and bytes'],
    [`encode --model bosch-tps110 --command --message '{"type":"setHeartbeat","interval":"long"}'`, 'a downlink'],
    ['encode --model pni-placepod', 'a sample message of every type'],
  ],
  builder: (argv) =>
    argv
      .option('model', { type: 'string', demandOption: true, describe: 'Sensor model (stellwerk ls models)' })
      .option('message', {
        nargs: 1,
        type: 'string',
        describe: 'The message as JSON; @FILE reads a file, - standard input',
      })
      .option('command', { type: 'boolean', default: false, describe: 'A command to the sensor (downlink)' }),
  async run(args, shell) {
    const model = must(await (await catalogueOf(args, shell)).load('sensors', textOf(args, 'model')!));
    const given = textOf(args, 'message');
    const command = args['command'] === true;
    if (given === undefined) {
      const types = command ? model.commandTypes : model.messageTypes;
      const samples = types.map((type) => model.sample(type, dice('encode', `${model.id} ${type}`)));
      if (types.length === 0) shell.talk(sentenceOf(problem('no-commands', { model: model.id })));
      if (shell.json) return shell.out(JSON.stringify(samples));
      return samples.forEach((sample) => shell.out(JSON.stringify(sample)));
    }
    const message = await messageOf({ given, verb: 'encode' }, shell);
    const { fPort, bytes } = must(command ? model.encodeCommand(message) : model.encode(message));
    const hex = toHex(bytes);
    shell.out(shell.json ? JSON.stringify({ fPort, hex }) : `port ${fPort}: ${hex}`);
  },
};
export default verb;
