import type { Verb } from './verb.js';
const verb: Verb = {
  command: 'encode',
  describe: '',
  examples: [],
  builder: (argv) => argv,
  run: () => Promise.resolve(),
};
export default verb;
