import { verbs } from './verbs.js';

/** `stellwerk --help`, answered without loading anything else. */
export const helpText = (): string => {
  const width = Math.max(...verbs.map(({ name }) => name.length));
  return `stellwerk <verb> [options]

The signal box for LoRaWAN parking sensors.

Verbs:
${verbs.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

Every verb:
  --help     its options, with examples
  --json     data for programs on stdout; talk stays on stderr
  --version  the version of stellwerk

Examples:
  stellwerk demo
  stellwerk simulate herrenberg-graben --to loopback --for 24h
  stellwerk decode --model bosch-tps110 --fport 1 --hex 01
  stellwerk gateway -c stellwerk.yaml

Exit codes: 0 done, 1 failed, 2 wrong usage.`;
};
