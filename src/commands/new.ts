import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { must, problem, StellwerkError, UsageError } from '../base/problem.js';
import { openCatalogue } from '../catalogue.js';
import { starterFiles, type StarterFile } from '../catalogue/starter.js';
import { codecFiles } from '../catalogue/codec-starter.js';
import { readText, writeAtomic } from '../io/disk.js';
import { makeFolders } from '../io/folders.js';
import { textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Verb } from './verb.js';

const verb: Verb = {
  command: 'new <what> <id>',
  describe: 'Write a starter: a sensor that keeps every law, to be changed line by line',
  examples: [
    ['new sensor acme-eye', 'into ./my-devices: its payload, both ways, and its simulated habits'],
    ['new sensor acme-eye --into devices-of-ours', 'into another folder'],
    ['new sensor acme-eye --codec AcmeEye.js', "a map for a vendor's codec for The Things Stack or ChirpStack (TS013)"],
  ],
  builder: (argv) =>
    argv
      .positional('what', { type: 'string', choices: ['sensor'], demandOption: true, describe: 'What to begin' })
      .positional('id', { type: 'string', demandOption: true, describe: 'Its name: vendor-model, in small letters' })
      .option('into', { nargs: 1, type: 'string', default: 'my-devices', describe: 'Folder; it may be there already' })
      .option('codec', {
        nargs: 1,
        type: 'string',
        describe: "A vendor's JavaScript codec, which is copied unchanged",
      }),
  async run(args, shell) {
    const id = textOf(args, 'id')!;
    if (!/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id))
      throw new UsageError(
        problem('wrong-usage', { verb: 'new', why: `${id} is no id: write vendor-model in small letters and digits` }),
      );
    if ((await openCatalogue().ids('sensors')).includes(id))
      throw new UsageError(problem('wrong-usage', { verb: 'new', why: `${id} is a model of Stellwerk already` }));
    const into = textOf(args, 'into')!;
    const codec = textOf(args, 'codec');
    const house = existsSync(join(into, 'src/codec/define.ts'));
    const files =
      codec === undefined
        ? starterFiles(id, house ? 'house' : 'folder')
        : codecFiles(id, { name: codec, text: await usableCodec(codec) });
    const taken = files.map(({ path }) => join(into, path)).find((path) => existsSync(path));
    if (taken !== undefined) throw new StellwerkError(problem('file-exists', { file: taken }));
    await write(files, into);
    say(files, nextSteps({ id, into, house, codec: codec !== undefined }), { into, shell });
  },
};
export default verb;

/** The text of a codec that the sandbox takes; what it does not take would only be found out later. */
const usableCodec = async (file: string): Promise<string> => {
  const source = must(await readText(file));
  const { openSandbox } = await import('../io/sandbox.js');
  must(await openSandbox({ source, file })).close();
  return source;
};

const write = async (files: readonly StarterFile[], into: string): Promise<void> => {
  for (const { path, text } of files) {
    const file = join(into, path);
    await makeFolders(dirname(file)).catch((error: unknown) => {
      throw new StellwerkError(problem('file-unwritable', { file, why: (error as Error).message }), { cause: error });
    });
    must(await writeAtomic(file, text));
  }
};

const nextSteps = (how: { id: string; into: string; house: boolean; codec: boolean }): readonly string[] => {
  const { id, into, house, codec } = how;
  if (codec)
    return [
      `say in ${join(into, `${id}.map.yaml`)} what the codec's data mean`,
      `stellwerk decode --model ${id} --fport PORT --hex BYTES --catalogue ${into}`,
    ];
  return house
    ? ['npx vitest run test/catalogue test/simulators', 'STELLWERK_UPDATE=1 npx vitest run test/docs']
    : [
        `stellwerk ls models ${id} --catalogue ${into}`,
        `stellwerk decode --model ${id} --hex 01b4ff --catalogue ${into}`,
      ];
};

const say = (
  files: readonly StarterFile[],
  next: readonly string[],
  { into, shell }: { into: string; shell: Shell },
): void => {
  const written = files.map(({ path }) => join(into, path));
  if (shell.json) return shell.out(JSON.stringify({ written, next }));
  written.forEach((file) => shell.out(file));
  shell.talk('next:');
  next.forEach((line) => shell.talk(`  ${line}`));
};
