import { z } from 'zod';
import type { SensorModel } from '../codec/sensor.js';
import type { BackendKind } from '../backends/define.js';
import { deviceSchema, gatewaySchema, type ConfigParts } from './gateway.js';

interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** The JSON Schema of the configuration, for completion in editors. */
export const configJsonSchema = (parts: ConfigParts): Readonly<Record<string, unknown>> => ({
  title: 'Stellwerk gateway configuration',
  ...z.toJSONSchema(gatewaySchema(parts), { io: 'input', unrepresentable: 'any' }),
});

const asJson = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;

const typeText = (schema: JsonSchema): string => {
  const choices = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (choices) return choices.map((one) => `\`${String(one)}\``).join(', ');
  const members = schema.anyOf ?? schema.oneOf;
  if (members) return members.map(typeText).join(' or ');
  if (schema.type === 'array') return 'list';
  return (
    { object: 'section', integer: 'whole number', string: 'text', boolean: '`true`, `false`' }[schema.type ?? ''] ??
    schema.type ??
    'any'
  );
};

/** The options of a sensor model, a row each: name, values, default, meaning. None for a model without options. */
export const optionTable = (options: SensorModel['options']): readonly (readonly [string, string, string, string])[] =>
  options === undefined
    ? []
    : Object.entries(asJson(options as z.ZodType).properties ?? {}).map(([name, option]) => [
        name,
        typeText(option).replaceAll('`', ''),
        option.default === undefined ? '' : JSON.stringify(option.default),
        option.description ?? '',
      ]);

/** What stands one level down; of a section or a list of sections, the section. */
const below = (option: JsonSchema): JsonSchema | undefined =>
  [option, ...(option.anyOf ?? [])].find(({ properties }) => properties !== undefined);

/** A row for each option; those of a section follow it, as the environment and problems name them: `privacy.tags`. */
const rowsOf = (schema: JsonSchema, above = ''): string =>
  Object.entries(schema.properties ?? {})
    .flatMap(([own, option]) => {
      const name = `${above}${own}`;
      const section = below(option);
      const needed = schema.required?.includes(name) && option.default === undefined ? 'needed' : '';
      const fallback =
        option.default === undefined
          ? needed
          : `\`${typeof option.default === 'string' ? option.default : JSON.stringify(option.default)}\``;
      const row = `| \`${name}\` | ${typeText(option)} | ${fallback} | ${option.description ?? ''} |`;
      return section ? [row, rowsOf(section, `${name}.`)] : [row];
    })
    .join('\n');

const table = (title: string, schema: JsonSchema): string =>
  `**${title}**\n\n| option | value | default | meaning |\n| --- | --- | --- | --- |\n${rowsOf(schema)}`;

/** The README's tables of the gateway configuration, one for each section. */
export const configTables = (parts: ConfigParts): string =>
  [
    table('The file', asJson(gatewaySchema(parts))),
    table('A device', asJson(deviceSchema(parts.sensorIds))),
    ...parts.sources.map((kind) => table(`Source \`${kind.id}\`: ${kind.summary}`, asJson(kind.config))),
    ...parts.sinks.map((kind) => table(`Sink \`${kind.id}\`: ${kind.summary}`, asJson(kind.config))),
  ].join('\n\n');

/** The README's table of what a simulation can play to. */
export const backendTable = (backends: readonly BackendKind[]): string =>
  ['| `--to` | what |', '| --- | --- |', ...backends.map(({ form, summary }) => `| \`${form}\` | ${summary} |`)].join(
    '\n',
  );

/** The text with everything between its markers `<!-- name:start -->` and `<!-- name:end -->` replaced; undefined when they are missing. */
export const updateMarked = (text: string, name: string, content: string): string | undefined => {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  return from < 0 || to < from ? undefined : `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
};
