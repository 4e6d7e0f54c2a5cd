import { nearest } from '../base/nearest.js';
import { must, problem, sentenceOf, StellwerkError, UsageError } from '../base/problem.js';
import { isoFromUs, type Us } from '../base/time.js';
import type { KnownDevice, WhyAnswer } from '../gateway/diary.js';
import { askControl } from '../io/control.js';
import { parseEui } from '../lorawan/ids.js';
import { whyJson, whyLines } from '../report/why.js';
import { diagnose, type Case } from '../trace/life-diagnosis.js';
import type { Asked } from '../trace/life-memory.js';
import { livesOf, type Life } from '../trace/life.js';
import type { TraceRecord } from '../trace/record.js';
import { doorPath } from './door.js';
import { textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Args, Verb } from './verb.js';
import { readLog } from './why-log.js';

const usualLast = 5;
const mostLast = 1_000;
/** How many frames of a device a diagnosis looks at, at least. */
const leastLooked = 64;
const mostKept = 100_000;

const usage = (why: string): UsageError => new UsageError(problem('wrong-usage', { verb: 'why', why }));

const verb: Verb = {
  command: 'why [device]',
  describe: 'Why did nothing arrive: what is the matter with a sensor, and the life of each of its frames',
  examples: [
    ['why og-12', 'asks the running gateway of ./stellwerk.yaml'],
    ['why 70b3d57ed0000012 --log log.jsonl', 'from what stellwerk gateway --json has written'],
    ['why og-12 -c kerb-1.yaml --last 20', 'the last twenty frames'],
    ['why 260b1a2f --log -', 'by the DevAddr, from a pipe'],
    ['why --frame 3f0a51c2 --log day.jsonl', 'one frame, by the beginning of its id, from a recording'],
  ],
  builder: (argv) =>
    argv
      .positional('device', { type: 'string', describe: 'DevEUI, bay or name of the sensor, or its DevAddr' })
      .option('log', {
        nargs: 1,
        type: 'string',
        describe: "A gateway's JSON log, or a recording, in place of a running gateway; - reads standard input",
      })
      .option('last', { nargs: 1, type: 'string', describe: `How many lives to show; default: ${usualLast}` })
      .option('all', { type: 'boolean', default: false, describe: 'Show every life that is known' })
      .option('frame', { nargs: 1, type: 'string', describe: 'Only this frame: the beginning of its id' })
      .option('config', {
        alias: 'c',
        nargs: 1,
        type: 'string',
        describe: 'Configuration of the gateway; default: stellwerk.yaml. With --log: names and bays from there',
      })
      .option('control', { nargs: 1, type: 'string', describe: 'Its control socket, in place of the configuration' }),
  async run(args, shell) {
    const device = textOf(args, 'device');
    const frame = textOf(args, 'frame')?.toLowerCase();
    const log = textOf(args, 'log');
    if (device === undefined && frame === undefined) throw usage('name a device, or a frame with --frame');
    if (frame !== undefined && !/^[0-9a-f]{4,16}$/.test(frame))
      throw usage(`--frame ${frame}: expected are 4 to 16 hexadecimal digits`);
    if (device === undefined && log === undefined) throw usage('a running gateway is asked about a device: name it');
    const question = { device, frame, last: lastOf(args), all: args['all'] === true };
    // yargs hands a lone dash over as an empty text.
    const known =
      log === undefined
        ? await live(question, args, shell)
        : await fromLog(question, log === '' ? '-' : log, { args, shell });
    show(known, question, shell);
  },
};
export default verb;

interface Question {
  readonly device: string | undefined;
  readonly frame: string | undefined;
  readonly last: number;
  readonly all: boolean;
}

/** What somebody knows of a device. */
interface Known {
  readonly asked: Asked;
  readonly device?: KnownDevice;
  readonly records: readonly TraceRecord[];
  readonly nowUs?: Us;
  readonly strangers: NonNullable<Case['strangers']>;
  readonly leftOut: number;
  readonly withoutServer?: boolean;
}

const lastOf = (args: Args): number => {
  const text = textOf(args, 'last');
  if (text === undefined) return usualLast;
  const last = Number(text);
  if (Number.isInteger(last) && last >= 1 && last <= mostLast) return last;
  throw usage(`--last ${text}: expected is a whole number from 1 to ${mostLast}`);
};

/** Whom a person means who wrote this. */
const askedBy = (text: string | undefined, frame: string | undefined): Asked => {
  const named = frame === undefined ? {} : { frame };
  if (text === undefined) return named;
  const eui = parseEui(text);
  if (eui.ok) return { ...named, devEui: eui.value };
  return { ...named, bay: text, ...(/^[0-9a-f]{8}$/i.test(text) && { devAddr: text.toLowerCase() }) };
};

const live = async ({ device, frame, last, all }: Question, args: Args, shell: Shell): Promise<Known> => {
  const path = await doorPath({ ...args, config: textOf(args, 'config') ?? 'stellwerk.yaml' }, shell);
  const wanted = all ? mostLast : Math.max(last * 2, leastLooked);
  const asked = await askControl({ path, do: 'why', body: { device: device!, last: wanted }, stop: shell.stop });
  const answer = must(asked) as unknown as Partial<WhyAnswer>;
  const { records = [], nowUs, sinceUs, strangers = [], leftOut = 0 } = answer;
  if (sinceUs !== undefined && records.length === 0) shell.talk(`this gateway remembers since ${isoFromUs(sinceUs)}`);
  return {
    asked: answer.device
      ? { devEui: answer.device.devEui, ...(frame !== undefined && { frame }) }
      : askedBy(device, frame),
    ...(answer.device && { device: answer.device }),
    records: records as readonly TraceRecord[],
    ...(nowUs !== undefined && { nowUs }),
    strangers,
    leftOut,
  };
};

const fromLog = async (
  { device, frame, last, all }: Question,
  path: string,
  { args, shell }: { readonly args: Args; readonly shell: Shell },
): Promise<Known> => {
  const registered = device === undefined ? undefined : await registeredAs(device, args, shell);
  const asked = registered
    ? { devEui: registered.devEui, bay: registered.bay, ...(frame !== undefined && { frame }) }
    : askedBy(device, frame);
  const most = all ? mostKept : Math.max(last * 4, leastLooked);
  const read = await readLog(path, { asked, most, stop: shell.stop, progress: (text) => shell.talk(text) });
  const { memory, lines, skipped, firstSkipped, endUs, names, withoutServer } = read;
  if (firstSkipped && !shell.json)
    shell.talk(`${skipped} of ${lines} lines were skipped; the first: ${sentenceOf(firstSkipped)}`);
  if (shell.json) shell.beside({ lines, skipped });
  const { frames, asides, around } = memory.of(asked);
  if (frames.length + asides.length === 0 && !registered) {
    const who = device ?? `frame ${frame}`;
    const near = nearest(device ?? '', [...names]);
    throw new StellwerkError(
      near.length === 0
        ? problem('why-nobody', { who, lines })
        : problem('why-unknown', { who, near: near.join(', ') }),
    );
  }
  return {
    asked,
    ...(registered && { device: registered }),
    records: [...frames.flat(), ...asides.flat(), ...around],
    ...(endUs !== undefined && { nowUs: endUs }),
    withoutServer,
    strangers: memory.strangers().slice(0, 8),
    leftOut: 0,
  };
};

/** The device of that name in the configuration, when one was given. */
const registeredAs = async (text: string, args: Args, shell: Shell): Promise<KnownDevice | undefined> => {
  const file = textOf(args, 'config');
  if (file === undefined) return undefined;
  // Models and schemas: only for those who ask for names.
  const { readyConfig } = await import('./gateway.js');
  const { catalogueOf } = await import('./options.js');
  const { devices } = await readyConfig(file, { env: shell.env, catalogue: await catalogueOf(args, shell) });
  const eui = parseEui(text);
  const found = devices.find(
    ({ devEui, bay, name }) => (eui.ok && devEui === eui.value) || bay === text || name === text,
  );
  return (
    found && {
      devEui: found.devEui,
      name: found.name,
      bay: found.bay,
      lot: found.lot,
      model: found.model.id,
      lorawan: found.lorawan,
      activation: found.activation.kind,
    }
  );
};

/** Whether a life is that of whom was asked for. */
const belongs = (life: Life, { devEui, devAddr, bay }: Asked, addresses: ReadonlySet<string>): boolean => {
  if (devEui !== undefined && life.devEui === devEui) return true;
  if (bay !== undefined && life.bay === bay) return true;
  const address = life.devAddr;
  // A frame that nobody could open belongs to whoever has its DevAddr.
  return address !== undefined && (address === devAddr || (life.devEui === undefined && addresses.has(address)));
};

const show = (known: Known, question: Question, shell: Shell): void => {
  const { asked, device } = known;
  const { lives: all, around } = livesOf(known.records);
  const isDevice = asked.devEui !== undefined || asked.bay !== undefined || asked.devAddr !== undefined;
  const devEui = asked.devEui ?? all.find(({ bay }) => bay !== undefined && bay === asked.bay)?.devEui;
  const whom = { ...asked, ...(devEui !== undefined && { devEui }) };
  const addresses = new Set(all.flatMap((life) => (life.devEui === devEui && life.devAddr ? [life.devAddr] : [])));
  const lives = isDevice ? all.filter((life) => belongs(life, whom, addresses)) : all;
  const { frame } = asked;
  const wanted =
    frame === undefined
      ? lives
      : lives.filter(({ id, answers, frames }) => [id, answers, ...frames].some((one) => one?.startsWith(frame)));
  if (frame !== undefined && wanted.length === 0) {
    const ids = lives.flatMap(({ kind, id }) => (kind === 'uplink' || kind === 'downlink' ? [id] : []));
    const near = nearest(frame, ids).join(', ');
    throw new StellwerkError(problem('why-no-frame', { frame, near: near === '' ? 'none' : near }));
  }
  const bay = device?.bay ?? lives.find((life) => life.bay !== undefined)?.bay;
  const who = nameOf({ device, bay, devEui, asked: question.device ?? `frame ${frame}` });
  const diagnosis = diagnose({
    who,
    lives,
    around,
    ...(known.nowUs !== undefined && { nowUs: known.nowUs }),
    ...(known.withoutServer !== undefined && { withoutServer: known.withoutServer }),
    strangers: known.strangers,
  });
  const shown = question.all || frame !== undefined ? wanted : newest(wanted, question.last);
  const more = wanted.length - shown.length + known.leftOut;
  const figures = { who, ...diagnosis, lives: shown, more };
  if (shell.json) return shell.out(JSON.stringify(whyJson(figures)));
  const width = shell.terminal ? shell.columns : Infinity;
  whyLines(figures, { paint: shell.paint, width }).forEach(shell.out);
};

/** `og-12 (70b3d57ed0000012)`. */
const nameOf = (known: {
  readonly device: KnownDevice | undefined;
  readonly bay: string | undefined;
  readonly devEui: string | undefined;
  readonly asked: string;
}): string => {
  const { device, bay, devEui, asked } = known;
  const name = device && device.name !== device.bay ? `${device.name}, ${device.bay}` : bay;
  if (name === undefined) return devEui ?? asked;
  return devEui === undefined || devEui === name ? name : `${name} (${devEui})`;
};

/** The last lives, each with the downlinks that came after the first of them. */
const newest = (lives: readonly Life[], last: number): readonly Life[] => {
  const own = lives.filter(({ kind }) => kind !== 'downlink');
  const from = own.at(-last)?.atUs ?? -Infinity;
  const firsts = new Set(own.slice(-last));
  return lives.filter((life) => (life.kind === 'downlink' ? life.atUs >= from : firsts.has(life)));
};
