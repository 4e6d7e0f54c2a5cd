import { problem, UsageError } from '../base/problem.js';
import { configJsonSchema, configTables } from '../config/docs.js';
import { configParts } from '../config/gateway.js';
import { readyConfig } from './gateway.js';
import { catalogueOf, textOf } from './options.js';
import type { Verb } from './verb.js';

const verb: Verb = {
  command: 'config <what> [file]',
  describe: 'Check a configuration, or show what one may hold',
  examples: [
    ['config check stellwerk.yaml', 'every problem with file, line and column'],
    ['config schema > stellwerk.schema.json', 'JSON Schema for completion in an editor'],
    ['config docs', 'tables of all options, in Markdown'],
  ],
  builder: (argv) =>
    argv
      .positional('what', {
        type: 'string',
        choices: ['check', 'schema', 'docs'],
        demandOption: true,
        describe: 'What to do',
      })
      .positional('file', { type: 'string', describe: 'The configuration to check (default: stellwerk.yaml)' }),
  async run(args, shell) {
    const catalogue = await catalogueOf(args, shell);
    switch (args['what']) {
      case 'check': {
        const file = textOf(args, 'file') ?? 'stellwerk.yaml';
        const { devices, sources, sinks, config } = await readyConfig(file, { env: shell.env, catalogue });
        const facts = {
          file,
          devices: devices.length,
          sources: sources.map(({ kind }) => kind.id),
          sinks: sinks.map(({ kind }) => kind.id),
        };
        if (shell.json) return shell.out(JSON.stringify({ ok: true, ...facts, name: config.name }));
        return shell.out(
          `${file} is right: ${devices.length} devices, sources ${facts.sources.join(', ')}, sinks ${facts.sinks.join(', ')}`,
        );
      }
      case 'schema':
        return shell.out(JSON.stringify(configJsonSchema(await configParts(catalogue)), null, 2));
      case 'docs': {
        const tables = configTables(await configParts(catalogue));
        return shell.out(shell.json ? JSON.stringify({ markdown: tables }) : tables);
      }
      default:
        throw new UsageError(problem('wrong-usage', { verb: 'config', why: 'say check, schema or docs' }));
    }
  },
};
export default verb;
