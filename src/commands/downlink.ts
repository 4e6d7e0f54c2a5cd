import { oneLine } from '../base/one-line.js';
import { must, problem, StellwerkError, UsageError } from '../base/problem.js';
import { spanText } from '../base/time.js';
import { toHex } from '../base/hex.js';
import { askControl, type Json } from '../io/control.js';
import { textTable } from '../report/table.js';
import { typedHex } from './bytes.js';
import { doorOptions, doorPath } from './door.js';
import { messageOf } from './message.js';
import { spanOf, textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Args, Verb } from './verb.js';

const usualWaitMs = 600_000;

const verb: Verb = {
  command: 'downlink <device>',
  describe: 'A command to a sensor, through a running gateway',
  examples: [
    ['downlink og-01 --fport 15 --hex 01ff', 'bytes for the sensor of a bay; it gets them after its next uplink'],
    [`downlink og-01 --message '{"type":"setHeartbeat","interval":"long"}'`, 'its codec writes port and bytes'],
    ['downlink fcd6bd00001936b0 --fport 15 --hex 01ff --confirmed --wait --within 2h', 'until it says that it has it'],
    ['downlink og-01 --list', 'what waits for it'],
    ['downlink og-01 --flush', 'and is not to be sent any more'],
  ],
  builder: (argv) =>
    doorOptions(argv)
      .positional('device', { type: 'string', demandOption: true, describe: 'DevEUI, bay or name of the sensor' })
      .option('fport', { nargs: 1, type: 'string', describe: 'Port, 1 to 223; a message brings its own' })
      .option('hex', { nargs: 1, type: 'string', describe: 'Payload in hexadecimal' })
      .option('message', {
        nargs: 1,
        type: 'string',
        describe: 'A message for the codec of the sensor, as JSON; @FILE reads a file, - standard input',
      })
      .option('confirmed', { type: 'boolean', default: false, describe: 'The sensor shall acknowledge it' })
      .option('expires', { nargs: 1, type: 'string', describe: 'Not to be sent after this time, such as 1h' })
      .option('id', { nargs: 1, type: 'string', describe: 'Your name for it, in every event; default: made up' })
      .option('wait', {
        type: 'string',
        describe: 'Wait until it is sent or acknowledged, and print what happens on the way',
      })
      .option('within', { nargs: 1, type: 'string', describe: 'Wait at most so long; default: 10m' })
      .option('list', { type: 'boolean', default: false, describe: 'Show what waits for the sensor' })
      .option('flush', { type: 'boolean', default: false, describe: 'Take out what waits for the sensor' }),
  async run(args, shell) {
    const device = textOf(args, 'device')!;
    const asked = ['hex', 'message'].filter((name) => textOf(args, name) !== undefined);
    const acts = [...asked, ...['list', 'flush'].filter((name) => args[name] === true)];
    const [act = ''] = acts;
    if (acts.length !== 1) throw usage(`give one of --hex, --message, --list and --flush`);
    if (act === 'list') return list(device, args, shell);
    if (act === 'flush') return flush(device, args, shell);
    // First, so that a slip in the command is told whether a gateway runs or not.
    const request = await requestOf(device, args, shell);
    return send({ ...request, withinMs: spanOf(args, 'within', 'downlink') ?? usualWaitMs }, args, shell);
  },
};
export default verb;

const usage = (why: string): UsageError => new UsageError(problem('wrong-usage', { verb: 'downlink', why }));

interface Request {
  readonly device: string;
  readonly command: Json;
  readonly wait?: 'sent' | 'acknowledged';
}

const requestOf = async (device: string, args: Args, shell: Shell): Promise<Request> => {
  const hex = textOf(args, 'hex');
  const message = textOf(args, 'message');
  const port = textOf(args, 'fport');
  const confirmed = args['confirmed'] === true;
  const expiresMs = spanOf(args, 'expires', 'downlink');
  const id = textOf(args, 'id');
  if (port !== undefined && !(/^\d{1,3}$/.test(port) && Number(port) >= 1 && Number(port) <= 223))
    throw usage(`--fport ${port}: expected is a whole number from 1 to 223`);
  if (hex !== undefined && port === undefined) throw usage('--hex needs --fport');
  const command = {
    ...(port !== undefined && { fPort: Number(port) }),
    ...(hex !== undefined && { hex: toHex(must(typedHex(hex, '--hex'))) }),
    ...(message !== undefined && { message: await messageOf({ given: message, verb: 'downlink' }, shell) }),
    confirmed,
    ...(expiresMs !== undefined && { expiresInS: expiresMs / 1000 }),
    ...(id !== undefined && { id }),
  };
  const wait = waitOf(args, confirmed);
  return { device, command, ...(wait && { wait }) };
};

const waitOf = (args: Args, confirmed: boolean): Request['wait'] => {
  const text = textOf(args, 'wait');
  if (text === undefined) {
    if (textOf(args, 'within') !== undefined) throw usage('--within says how long to --wait');
    return undefined;
  }
  const wait = text === '' ? (confirmed ? 'acknowledged' : 'sent') : text;
  if (wait !== 'sent' && wait !== 'acknowledged') throw usage(`--wait ${text}: expected is sent or acknowledged`);
  if (wait === 'acknowledged' && !confirmed) throw new UsageError(problem('downlink-wait-unconfirmed'));
  return wait;
};

const send = async (
  { withinMs, wait, ...request }: Request & { readonly withinMs: number },
  args: Args,
  shell: Shell,
): Promise<void> => {
  let last: Json | undefined;
  const answer = await askControl({
    path: await doorPath(args, shell),
    do: 'downlink',
    body: { ...request, ...(wait && { wait }) },
    event(event) {
      last = event;
      shell.out(shell.json ? JSON.stringify(event) : eventLine(event));
    },
    ...(wait && { withinMs }),
    stop: shell.stop,
  });
  if (answer.ok) return;
  const { problem: why } = answer;
  if (last && wait && why.code === 'control-silent')
    throw new StellwerkError(
      problem('downlink-still-waiting', {
        span: spanText(withinMs),
        id: word(last['id']),
        state: word(last['state']),
        until: wait,
      }),
    );
  if (last && wait && why.code === 'control-stopped')
    throw new StellwerkError(
      problem('downlink-left', { id: word(last['id']), state: word(last['state']), until: wait }),
    );
  throw new StellwerkError(why);
};

const word = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? oneLine(String(value)) : '(unknown)';

/** `07:30:00 sent          port 15, counter 4, frame 00112233445566aa`. */
const eventLine = (event: Json): string => {
  const time = word(event['time']).slice(11, 19);
  const facts = [
    event['fPort'] === undefined ? '' : `port ${word(event['fPort'])}`,
    event['state'] === 'queued' ? `${event['confirmed'] === true ? 'confirmed, ' : ''}id ${word(event['id'])}` : '',
    event['fCnt'] === undefined ? '' : `counter ${word(event['fCnt'])}`,
    event['frame'] === undefined ? '' : `frame ${word(event['frame'])}`,
    event['why'] === undefined ? '' : word(event['why']),
  ];
  return `${time} ${word(event['state']).padEnd(13)} ${facts.filter((fact) => fact !== '').join(', ')}`.trimEnd();
};

const ask = async (what: 'queue' | 'flush', { device, args }: { device: string; args: Args }, shell: Shell) =>
  must(await askControl({ path: await doorPath(args, shell), do: what, body: { device }, stop: shell.stop }));

const mostDigits = 32;
/** A payload in a cell of a table: a long one makes no column of 484 digits. */
const bytesText = (hex: string): string =>
  hex.length <= mostDigits ? hex : `${hex.slice(0, mostDigits)}... (${hex.length / 2} bytes)`;

const list = async (device: string, args: Args, shell: Shell): Promise<void> => {
  const answer = await ask('queue', { device, args }, shell);
  if (shell.json) return shell.out(JSON.stringify(answer));
  const queue = Array.isArray(answer['queue']) ? (answer['queue'] as readonly Json[]) : [];
  if (queue.length === 0) return shell.out(`nothing waits for ${word(answer['device'])}`);
  const rows = queue.map((one) => [
    word(one['id']),
    word(one['fPort']),
    bytesText(word(one['hex'])),
    one['confirmed'] === true ? 'yes' : 'no',
    word(one['queued']),
    word(one['tries']),
    one['expires'] === undefined ? '' : word(one['expires']),
  ]);
  const [head, ...lines] = textTable([['id', 'port', 'bytes', 'confirmed', 'queued', 'sent', 'expires'], ...rows]);
  shell.out(shell.paint.bold(head!));
  lines.forEach(shell.out);
};

const flush = async (device: string, args: Args, shell: Shell): Promise<void> => {
  const answer = await ask('flush', { device, args }, shell);
  shell.out(
    shell.json
      ? JSON.stringify(answer)
      : `${word(answer['flushed'])} taken out of the queue of ${word(answer['device'])}`,
  );
};
