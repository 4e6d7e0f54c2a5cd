#!/usr/bin/env node
import { createRequire } from 'node:module';
import { helpText } from './commands/help.js';

// Help and version are answered before anything else is loaded: in the time of `node -e 0`, not of a parser.
const argv = process.argv.slice(2);
const [first] = argv;
if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
  process.stdout.write(`${helpText()}\n`);
  if (first === undefined) process.exitCode = 2;
} else if (first === '--version' || first === '-v') {
  const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
  process.stdout.write(`${version}\n`);
} else {
  const { main } = await import('./commands/main.js');
  process.exitCode = await main(argv);
}
