import { existsSync } from 'node:fs';
import { must, problem, StellwerkError, UsageError } from '../base/problem.js';
import { writeAtomic } from '../io/disk.js';
import { textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

/** A town that checks and plays as it is. */
const townText = (of: {
  readonly bays: number;
  readonly at: string;
}): string => `# A place and its day. Completion in an editor: stellwerk scenario schema > scenario.schema.json
# yaml-language-server: $schema=scenario.schema.json
name: A town of ${of.bays} bays
start: 2026-06-03T00:00:00+02:00
zone: Europe/Berlin
# Switched on one after the other: all at once they would drown each other's joins.
bootWithin: 1h

# Streets that nobody drew. Rows of bays of your own: lots: [{ id, bays, prefix, at: [lat, lon], spacingM, bearingDeg }].
grids:
  - { id: town, at: [${of.at}], bays: ${of.bays}, perKm2: 1500, baysPerLot: 20 }

# Gateways in even rows. One by one: gateways: [{ name, eui, at: [lat, lon], heightM, chip, outages: [{ from: 2h, for: 30m }] }].
gatewayGrid: { everyM: 500, heightM: 20, antennaGainDb: 3, chip: SX1302 }

# Models of stellwerk ls models, by their shares.
sensors:
  - { model: pni-placepod, share: 3 }
  - { model: cicicom-s-lg-i3, share: 2 }

demand:
  # Share of bays taken in each hour of the day. Assumed.
  weekday: &day [.2, .2, .2, .2, .2, .2, .2, .3, .4, .5, .6, .7, .7, .7, .7, .6, .6, .6, .7, .7, .5, .4, .3, .2]
  saturday: *day
  sunday: *day
  # How long cars stay. Assumed.
  dwell:
    - { share: 60, median: 25m, sigma: 0.7 }
    - { share: 30, median: 70m, sigma: 0.6 }
    - { share: 10, mean: 7.5h, deviation: 1.5h }

# ns-3, okumura-hata, hata-actility, oulu, lorasim or free-space; croce, goursaud or aloha.
air: { model: ns-3, shadowingDb: 4, correlationM: 110, interference: croce }
`;

export const run = async (args: Args, shell: Shell): Promise<void> => {
  const file = textOf(args, 'file')!;
  const { bays } = args;
  const at = textOf(args, 'at')!;
  const wrong = (why: string): UsageError => new UsageError(problem('wrong-usage', { verb: 'scenario new', why }));
  if (!/\.ya?ml$/.test(file)) throw wrong(`${file}: expected is a name that ends with .yaml`);
  if (typeof bays !== 'number' || !Number.isInteger(bays) || bays < 1 || bays > 2_000_000)
    throw wrong('--bays: expected is a whole number from 1 to 2000000');
  const [, lat, lon] = /^(-?\d{1,2}(?:\.\d+)?),\s*(-?\d{1,3}(?:\.\d+)?)$/.exec(at) ?? [];
  if (lat === undefined || lon === undefined || Math.abs(Number(lat)) > 90 || Math.abs(Number(lon)) > 180)
    throw wrong(`--at ${at}: expected are latitude and longitude, such as 48.6853,9.0113`);
  if (existsSync(file)) throw new StellwerkError(problem('file-exists', { file }));
  must(await writeAtomic(file, townText({ bays, at: `${lat}, ${lon}` })));
  const next = `stellwerk simulate ${file} --for 24h`;
  if (shell.json) return shell.out(JSON.stringify({ written: [file], next: [next] }));
  shell.out(file);
  shell.talk(`next: ${next}`);
};
