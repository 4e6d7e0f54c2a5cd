import { toHex } from '../base/hex.js';
import { must, problem, sentenceOf, StellwerkError, UsageError } from '../base/problem.js';
import type { Catalogue } from '../catalogue.js';
import type { SensorModel, SensorOptions } from '../codec/sensor.js';
import { annotatedDump, meaningOf, messageLines, personalFields } from '../report/explain.js';
import { typedHex } from './bytes.js';
import type { FrameExplained } from './explained.js';
import { catalogueOf, modelOptionsOf, textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Args, Verb } from './verb.js';

const verb: Verb = {
  command: 'decode [frame]',
  describe: 'Explain a frame or a payload, layer by layer',
  examples: [
    ['decode --model bosch-tps110 --fport 1 --hex 01', 'a payload'],
    ['decode --model bosch-tps110 --fport 53 --hex 02 --command', 'a command to the sensor, from a log'],
    ['decode --model bosch-tps110 --option firmware=0.23 --fport 6 --hex 00112233445566778899', 'an older firmware'],
    ['decode 40f17dbe4900020001954378762b11ff0d --keys-file keys.yaml', 'a PHYPayload in hexadecimal or base64'],
    ['decode - --keys-file devices.yaml --model pni-placepod < frame.txt', 'from a pipe, down to the bay'],
  ],
  builder: (argv) =>
    argv
      .positional('frame', { type: 'string', describe: 'PHYPayload in hexadecimal or base64; - reads standard input' })
      .option('model', { type: 'string', describe: 'Sensor model (stellwerk ls models)' })
      .option('fport', { type: 'string', describe: 'Port of the payload' })
      .option('hex', { type: 'string', describe: 'Application payload in hexadecimal' })
      .option('command', { type: 'boolean', default: false, describe: 'The payload is a command to the sensor' })
      .option('option', { nargs: 1, type: 'string', describe: 'An option of the model as name=value; may be repeated' })
      .option('keys-file', {
        nargs: 1,
        type: 'string',
        describe: 'YAML or JSON with appKey, nwkSKey, appSKey, or a devices file; - reads standard input',
      })
      .option('fcnt-high', { type: 'string', default: '0', describe: 'Upper 16 bits of the frame counter' }),
  async run(args, shell) {
    // yargs hands a lone dash over as an empty text.
    const frame = textOf(args, 'frame') === '' ? '-' : textOf(args, 'frame');
    const payload = textOf(args, 'hex');
    const id = textOf(args, 'model');
    if ((frame === undefined) === (payload === undefined))
      throw new UsageError(
        problem('wrong-usage', { verb: 'decode', why: 'give either a frame or --hex with a payload' }),
      );
    const catalogue = await catalogueOf(args, shell);
    const model = id === undefined ? undefined : must(await catalogue.load('sensors', id));
    const options = model ? await modelOptionsOf(args, model, 'decode') : {};
    if (payload !== undefined) {
      const fPort = numberOf(args, 'fport', { fallback: model?.defaultFPort, most: 255 });
      if (!model || fPort === undefined)
        throw new UsageError(problem('wrong-usage', { verb: 'decode', why: 'a payload needs --model' }));
      const bytes = must(typedHex(payload, '--hex'));
      const explained = explainPayload({ model, fPort, options, command: args['command'] === true }, bytes);
      if (shell.json) return shell.out(JSON.stringify(explained.json));
      return explained.lines.forEach(shell.out);
    }
    const keysFile = textOf(args, 'keys-file');
    if (frame === '-' && keysFile === '-')
      throw new UsageError(problem('input-twice', { one: 'the frame', other: 'the keys' }));
    const text = frame === '-' ? await shell.readStdin() : frame!;
    // Only frames need YAML for keys and lora-packet for its verdict; a payload is explained in half the time without.
    const { explainFrame } = await import('./explain-frame.js');
    const fCntHigh = numberOf(args, 'fcnt-high', { fallback: 0, most: 0xffff })!;
    const explained = await explainFrame(text, { keysFile, fCntHigh, shell });
    const sender = model ?? (await namedModel(explained, catalogue));
    report(explained, sender && { model: sender, options }, shell);
    if (explained.failed) throw new StellwerkError(explained.failed);
  },
};
export default verb;

const numberOf = (
  args: Args,
  name: string,
  { fallback, most }: { readonly fallback: number | undefined; readonly most: number },
): number | undefined => {
  const text = textOf(args, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most)
    throw new UsageError(
      problem('wrong-usage', {
        verb: 'decode',
        why: `--${name} ${text}: expected is a whole number from 0 to ${most}`,
      }),
    );
  return value;
};

interface Explained {
  readonly json: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

interface Asked {
  readonly model: SensorModel;
  readonly fPort: number;
  readonly options: SensorOptions;
  readonly command: boolean;
}

const explainPayload = ({ model, fPort, options, command }: Asked, bytes: Uint8Array): Explained => {
  const message = must((command ? model.decodeCommand : model.decode)(fPort, bytes, { options }));
  const fields = (command ? model.annotateCommand : model.annotate)(fPort, bytes, { options });
  const readings = command ? [] : model.toReadings(message, { options });
  const personal = personalFields(model, message.type);
  const left = typeof message['rest'] === 'string' ? message['rest'] : '';
  return {
    json: {
      ...{ model: model.id, fPort, ...(command && { command }), message },
      ...(!command && { reading: readings.at(-1) ?? {} }),
      ...(readings.length > 1 && { readings }),
      ...(personal.length > 0 && { personal }),
      ...(left !== '' && { leftOver: { hex: left, at: bytes.length - left.length / 2 } }),
    },
    lines: [
      `${command ? 'command to' : 'payload of'} ${model.vendor} ${model.model} on port ${fPort}: ${toHex(bytes)}`,
      ...annotatedDump(bytes, fields),
      'message',
      ...messageLines(message),
      ...(personal.length > 0 ? [`personal, and kept out of events: ${personal.join(', ')}`] : []),
      ...(left === '' ? [] : [`left over from byte ${bytes.length - left.length / 2} on, not understood: ${left}`]),
      ...(command
        ? []
        : ['for the bay', ...(readings.length === 0 ? nothing : readings.map((one) => `  ${meaningOf(one)}`))]),
    ],
  };
};

const nothing = ['  says nothing about the bay'];

/** The model that the sender's entry in a devices file names, when there is a payload for it. */
const namedModel = async ({ opened, model }: FrameExplained, catalogue: Catalogue): Promise<SensorModel | undefined> =>
  opened && model !== undefined ? must(await catalogue.load('sensors', model)) : undefined;

const report = (frame: FrameExplained, sender: Pick<Asked, 'model' | 'options'> | undefined, shell: Shell): void => {
  const { opened } = frame;
  // First, so that a payload which the model refuses does not take the frame's explanation with it.
  shell.beside({ lorawan: frame.json });
  if (!shell.json) frame.lines.forEach(shell.out);
  // Without the MIC's blessing there is nothing below to trust.
  if (frame.failed) return;
  const readable =
    opened && sender && opened.fPort > 0
      ? explainPayload({ ...sender, fPort: opened.fPort, command: !opened.uplink }, opened.payload)
      : undefined;
  if (shell.json) return shell.out(JSON.stringify({ ...readable?.json, lorawan: frame.json }));
  if (readable) return readable.lines.forEach(shell.out);
  if (opened)
    shell.talk(
      sentenceOf(opened.fPort > 0 ? problem('model-missing', { fPort: opened.fPort }) : problem('no-sensor-data')),
    );
};
