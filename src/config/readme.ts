import { commandFields, downlinkEventFields } from '../dialects/city/downlink-json.js';
import { lotFields } from '../dialects/city/lot-json.js';
import { eventFields } from '../dialects/city/stellwerk-json.js';
import type { BackendKind } from '../backends/define.js';
import type { SensorModel } from '../codec/sensor.js';
import type { Dialect } from '../console/dialect.js';
import { downlinkLosses, downlinkLossWords, outcomeWords, refusals } from '../ladder/outcome.js';
import { downlinkFailures, downlinkFailureWords } from '../network/queue.js';
import { findingKinds, findingWords } from '../parking/findings.js';
import { directionsText, portsText, tells } from '../report/models.js';
import { twinFaults } from '../sim/twin-faults.js';
import type { VirtualConsole } from '../sim/twin.js';
import { backendTable, configTables, updateMarked } from './docs.js';
import type { ConfigParts } from './gateway.js';

/** What the README's generated parts are made of. */
export interface ReadmeFacts {
  readonly parts: ConfigParts;
  readonly models: readonly SensorModel[];
  readonly backends: readonly BackendKind[];
  readonly consoles: readonly Dialect[];
  readonly twins: readonly VirtualConsole[];
}

const markdown = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** The README with every generated table brought up to date; throws when a pair of markers is missing. */
export const updatedReadme = (text: string, { parts, models, backends, consoles, twins }: ReadmeFacts): string => {
  const tables: Readonly<Record<string, string>> = {
    backends: backendTable(backends),
    consoles: markdown(
      ['console', 'firmware', 'baud', 'virtual boards'],
      consoles.map(({ id, name, bauds }) => [
        `\`${id}\``,
        name,
        String(bauds[0]),
        (twins.find((twin) => twin.id === id)?.boards ?? []).map((board) => `\`${board}\``).join(' '),
      ]),
    ),
    faults: markdown(
      ['`--fault`', 'what is wrong with the board'],
      Object.entries(twinFaults).map(([name, what]) => [`\`${name}\``, what]),
    ),
    events: markdown(['field', 'type', 'meaning'], eventFields),
    lots: markdown(['field', 'type', 'meaning'], lotFields),
    findings: markdown(
      ['finding', 'meaning'],
      findingKinds.map((kind) => [`\`${kind}\``, findingWords[kind]]),
    ),
    sinks: markdown(
      ['sink', 'where events go'],
      parts.sinks.map(({ id, summary }) => [`\`${id}\``, summary]),
    ),
    sources: markdown(
      ['source', 'where frames and counts come from'],
      parts.sources.map(({ id, summary }) => [`\`${id}\``, summary]),
    ),
    commands: markdown(['field', 'type', 'meaning'], commandFields),
    'downlink-events': markdown(['field', 'type', 'meaning'], downlinkEventFields),
    'downlink-failures': markdown(
      ['why', 'meaning'],
      downlinkFailures.map((why) => [`\`${why}\``, downlinkFailureWords[why]]),
    ),
    config: configTables(parts),
    outcomes: markdown(
      ['outcome', 'meaning'],
      [
        ['`accepted`', 'its readings became parking events'],
        ['`joined`', 'a join request was answered'],
        ...refusals.map((why) => [`\`${why}\``, outcomeWords[why]]),
      ],
    ),
    downlinks: markdown(
      ['a downlink frame that did not leave', 'meaning'],
      downlinkLosses.map((why) => [`\`${why}\``, downlinkLossWords[why]]),
    ),
    models: markdown(
      ['model', 'sensor', 'ports', 'directions', 'tells', 'examples'],
      models.map((model) => [
        `\`${model.id}\``,
        `${model.vendor} ${model.model}`,
        portsText(model, ', '),
        directionsText(model),
        tells(model).join(', '),
        String(model.examples.length),
      ]),
    ),
  };
  return Object.entries(tables).reduce((sofar, [name, table]) => {
    const next = updateMarked(sofar, name, table);
    if (next === undefined) throw new RangeError(`the README has no place for ${name}`);
    return next;
  }, text);
};
