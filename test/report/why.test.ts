import { expect, test } from 'vitest';
import { problem } from '../../src/base/problem.js';
import { whyJson, whyLines, type LifeFigures, type WhyFigures } from '../../src/report/why.js';
import { livesOf } from '../../src/trace/life.js';
import * as one from '../trace/lives.js';

const plain = {
  bold: (text: string) => text,
  dim: (text: string) => text,
  red: (text: string) => text,
  green: (text: string) => text,
};
const marked = {
  ...plain,
  red: (text: string) => `\u001b[31m${text}\u001b[0m`,
  green: (text: string) => `\u001b[32m${text}\u001b[0m`,
};
const { t0, s } = one;
const phy = one.dataPhy(1);
const figures = (lives: readonly LifeFigures[], more = 0): WhyFigures => ({
  who: 'og-12',
  finding: problem('why-data-refused', { who: 'og-12', reasons: 'replay x 1', next: 'Let it join again.' }),
  well: false,
  also: [problem('why-gateway-offline', { gateway: one.gateway, since: 'yesterday' })],
  lives,
  more,
});
const refused = livesOf([
  one.sent(phy, t0),
  one.outcome(phy, t0 + s, { result: 'refused', why: 'replay', detail: 'a\u001b[2Jb', fCnt: 1 }),
]).lives;

test('the diagnosis stands first, the steps of a life below it in columns', () =>
  expect(whyLines(figures(refused, 3), { paint: plain, width: Infinity })).toEqual([
    'The uplinks of og-12 are refused: replay x 1.',
    '  Let it join again.',
    '  Gateway 00800000a00009ef, which heard it last, has been offline since yesterday.',
    '',
    `2026-06-01  uplink ${one.idOf(phy)}  data  FCnt 1  port 2  DevAddr 260b1a2f`,
    '  06:00:00.000  device   sent     868.1 MHz SF7BW125',
    '  06:00:00.050  air      heard    by 1 gateway',
    '  06:00:01.000  gateway  heard    00800000a00009ef -97 dBm, SNR 8.5',
    '  06:00:01.000  server   climbed  server, session (260b1a2f), mic',
    '  06:00:01.000  counter  replay   its counter was passed by long ago; a [2Jb',
    '  = ended  counter  replay: its counter was passed by long ago',
    '',
    '3 older ones are known: --last N or --all shows them.',
  ]));

test('a bay at the beginning of a sentence stays as it is written', () => {
  const well = { ...figures([]), finding: problem('why-joining', { who: 'og-12' }), also: [] };
  expect(whyLines(well, { paint: plain, width: Infinity })[0]).toBe('og-12 has joined, and sent nothing since.');
});

test('colours mark where it ended, and do not shift the columns', () => {
  const bare = (text: string): string => text.replace(/\u001b\[\d+m/g, '');
  const coloured = whyLines(figures(refused), { paint: marked, width: 70 });
  expect(coloured.map(bare)).toEqual(whyLines(figures(refused), { paint: plain, width: 70 }));
  expect(coloured.join('\n')).toContain('\u001b[31mreplay\u001b[0m');
  for (const line of coloured.slice(4)) expect(bare(line).length).toBeLessThanOrEqual(70);
});

test('programs get codes, sentences, instants and every rung', () => {
  const said = whyJson(figures(refused));
  expect(said).toMatchObject({
    who: 'og-12',
    well: false,
    diagnosis: { code: 'why-data-refused', next: 'Let it join again.' },
  });
  const [life] = said['lives'] as readonly { time: string; steps: readonly { stage: string }[] }[];
  expect(life!.time).toBe('2026-06-01T06:00:00.000Z');
  expect(life!.steps.map(({ stage }) => stage)).toEqual([
    'device',
    'air',
    'gateway',
    'server',
    'session',
    'mic',
    'counter',
  ]);
});
