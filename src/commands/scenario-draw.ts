import { must, problem, UsageError } from '../base/problem.js';
import { writeAtomic } from '../io/disk.js';
import { mapPlot } from '../report/plots.js';
import type { Plan } from '../sim/plan.js';
import { textOf } from './options.js';
import { planFor } from './scenario-plan.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

const svgOf = ({ name, bays, gateways }: Plan): string =>
  mapPlot({
    title: name,
    bays: bays.map(({ id, lat, lon }) => ({ bay: id, lat, lon, right: 1 })),
    gateways,
  })
    .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="12" ')
    .replaceAll('var(--ink)', '#1b1f24')
    .replaceAll('var(--soft)', '#6a737d')
    .replaceAll('var(--line)', '#d0d7de');

const pointOf = (place: { readonly lat: number; readonly lon: number }, properties: object): object => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [Number(place.lon.toFixed(7)), Number(place.lat.toFixed(7))] },
  properties,
});

const geoJsonOf = ({ bays, gateways }: Plan): string =>
  JSON.stringify({
    type: 'FeatureCollection',
    features: [
      ...bays.map((bay) => pointOf(bay, { kind: 'bay', id: bay.id, lot: bay.lot, sensor: bay.sensor })),
      ...gateways.map((gateway) => pointOf(gateway, { kind: 'gateway', id: gateway.eui, name: gateway.name })),
    ],
  });

export const run = async (args: Args, shell: Shell): Promise<void> => {
  const out = textOf(args, 'out')!;
  if (!/\.(svg|geojson)$/.test(out))
    throw new UsageError(
      problem('wrong-usage', { verb: 'scenario draw', why: `--out ${out}: expected is .svg or .geojson` }),
    );
  const { plan } = await planFor(args, shell);
  must(await writeAtomic(out, out.endsWith('.svg') ? svgOf(plan) : geoJsonOf(plan)));
  if (shell.json) shell.out(JSON.stringify({ file: out, bays: plan.bays.length, gateways: plan.gateways.length }));
  else shell.out(`${out}: ${plan.bays.length} bays, ${plan.gateways.length} gateways`);
};
