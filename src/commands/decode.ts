import type { Verb } from './verb.js';
const verb: Verb = {
  command: 'decode',
  describe: '',
  examples: [],
  builder: (argv) => argv,
  run: () => Promise.resolve(),
};
export default verb;
