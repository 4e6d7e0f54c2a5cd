import type { Argv } from 'yargs';
import { verbOfActions, type Action } from './actions.js';

const which = (argv: Argv): Argv =>
  argv
    .positional('scenario', {
      type: 'string',
      demandOption: true,
      describe: 'Name (stellwerk ls scenarios) or YAML file',
    })
    .option('seed', { type: 'string', default: '1', describe: 'Other dice: other sensors in the bays, other houses' });

const actions: Readonly<Record<string, Action>> = {
  new: {
    command: 'new <file>',
    describe: 'Begin a scenario: a YAML file with a town in it, to be changed line by line',
    examples: [
      ['scenario new town.yaml --bays 500 --at 48.685,9.011', 'streets and gateways around a place'],
      ['scenario new block.yaml --bays 20', 'one block'],
    ],
    options: (argv) =>
      argv
        .positional('file', { type: 'string', demandOption: true, describe: 'YAML file, which must not exist' })
        .option('bays', { type: 'number', default: 200, describe: 'How many' })
        .option('at', { type: 'string', default: '48.6853,9.0113', describe: 'Latitude,longitude of the middle' }),
    load: () => import('./scenario-new.js'),
  },
  check: {
    command: 'check <scenario>',
    describe: 'Whether a scenario is right: every problem with file, line and column, and what is doubtful',
    examples: [['scenario check town.yaml', 'before it is played']],
    options: which,
    load: () => import('./scenario-check.js'),
  },
  info: {
    command: 'info <scenario>',
    describe: 'What is in a scenario: bays, sensors, gateways, distances',
    examples: [['scenario info boeblingen', 'in numbers']],
    options: which,
    load: () => import('./scenario-info.js'),
  },
  draw: {
    command: 'draw <scenario>',
    describe: 'A map of bays and gateways, as SVG or GeoJSON',
    examples: [
      ['scenario draw town.yaml --out town.svg', 'to look at'],
      ['scenario draw town.yaml --out town.geojson', 'for a map'],
    ],
    options: (argv) =>
      which(argv).option('out', {
        nargs: 1,
        type: 'string',
        demandOption: true,
        describe: 'File that ends with .svg or .geojson',
      }),
    load: () => import('./scenario-draw.js'),
  },
  schema: {
    command: 'schema',
    describe: 'JSON Schema of scenario files, for completion in an editor',
    examples: [
      ['scenario schema > scenario.schema.json', 'with: # yaml-language-server: $schema=scenario.schema.json'],
    ],
    options: (argv) => argv,
    load: () => import('./scenario-schema.js'),
  },
};

/** Scenario files: begin, check, look at. */
export default verbOfActions({
  command: 'scenario',
  describe: 'Scenario files: begin one, check it, look at it',
  actions,
});
