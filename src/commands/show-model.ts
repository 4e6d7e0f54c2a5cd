import { dice } from '../base/dice.js';
import { problem, StellwerkError } from '../base/problem.js';
import { exampleFaults } from '../codec/laws.js';
import type { SensorModel } from '../codec/sensor.js';
import { optionTable } from '../config/docs.js';
import { directionsOf, formatLines } from '../report/models.js';
import { textTable } from '../report/table.js';
import { wrapped } from '../report/wrap.js';
import type { Shell } from './shell.js';

type Options = ReturnType<typeof optionTable>;

const modelJson = (model: SensorModel, options: Options, broken: readonly string[]): object => ({
  id: model.id,
  vendor: model.vendor,
  model: model.model,
  source: model.source,
  fPorts: model.fPorts,
  defaultFPort: model.defaultFPort,
  directions: directionsOf(model),
  options: options.map(([name, values, fallback, meaning]) => ({ name, values, default: fallback, meaning })),
  formats: model.formats.map((format) => ({
    ...format,
    sample: model.sample(format.type, dice('ls', `${model.id} ${format.type}`)),
  })),
  examples: model.examples,
  broken,
});

const examplesText = (count: number, broken: number): string =>
  count === 0
    ? 'no examples: nothing shows whether it decodes rightly'
    : `${count} examples with their sources, ${broken === 0 ? 'all decoded and made again as they should be' : `${broken} BROKEN`}`;

const modelLines = (
  model: SensorModel,
  how: { options: Options; broken: readonly string[]; shell: Shell },
): string[] => {
  const { options, broken, shell } = how;
  return [
    ...wrapped(`${model.id}: ${model.vendor} ${model.model}`, shell.columns, '  ').map(shell.paint.bold),
    ...wrapped(`source: ${model.source}`, shell.columns, '  '),
    examplesText(model.examples.length, broken.length),
    ...(options.length === 0 ? [] : ['options', ...textTable(options, { indent: '  ', width: shell.columns })]),
    ...model.formats.flatMap((format) => {
      const [head, ...rows] = formatLines(format, shell.columns);
      return ['', shell.paint.bold(head!), ...rows];
    }),
  ];
};

/** A model as documentation: who makes it, its options, every byte of its payloads, and whether its examples hold. */
export const showModel = (model: SensorModel, shell: Shell): void => {
  const broken = model.examples.flatMap((example) =>
    exampleFaults(model, example).map((fault) => `${example.what}: ${fault}`),
  );
  const options = optionTable(model.options);
  if (!shell.json) modelLines(model, { options, broken, shell }).forEach(shell.out);
  else if (broken.length === 0) shell.out(JSON.stringify(modelJson(model, options, broken)));
  else shell.beside({ model: modelJson(model, options, broken) });
  if (broken.length > 0)
    throw new StellwerkError(problem('model-examples', { model: model.id, count: broken.length, first: broken[0]! }));
};
