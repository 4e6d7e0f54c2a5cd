import { oneLine } from '../../base/one-line.js';
import { problem } from '../../base/problem.js';
import type { Known } from '../../console/guess.js';
import { notHere, type Check, type Finding } from './types.js';

const check = 'udev-rule';
export const ruleFile = '/etc/udev/rules.d/60-stellwerk.rules';
const reload = 'sudo udevadm control --reload && sudo udevadm trigger';

/**
 * The udev rule for all boards and bridges of the catalogue. Its name sorts before 70-uaccess.rules, which gives what is
 * tagged to who sits at the machine; ModemManager honours its tag on a device and its ports (its reference, "Modem filter").
 */
export const ruleText = ({ boards, bridges }: Known): string => {
  const names = new Map<string, Set<string>>();
  const note = ({ vid, pid }: { readonly vid: string; readonly pid: string }, name: string): void => {
    // The file is read by root's udevd: nothing but an id may stand where an id belongs.
    if (!/^[0-9A-F]{4}$/.test(vid) || !/^[0-9A-F]{4}$/.test(pid)) return;
    const usb = `${vid}:${pid}`.toLowerCase();
    names.set(usb, (names.get(usb) ?? new Set()).add(oneLine(name)));
  };
  for (const { maker, chip, usb } of bridges) for (const id of usb) note(id, `${maker} ${chip}`);
  for (const { maker, name, usb } of boards) for (const id of usb) if ('vid' in id) note(id, `${maker} ${name}`);
  const lines = [...names.keys()].sort().flatMap((usb) => {
    const [vid, pid] = usb.split(':');
    const match = `ATTRS{idVendor}=="${vid}", ATTRS{idProduct}=="${pid}"`;
    return [`# ${[...names.get(usb)!].join('; ')}`, `${match}, TAG+="uaccess", ENV{ID_MM_DEVICE_IGNORE}="1"`];
  });
  return [
    '# Written by stellwerk doctor --fix, which writes it anew: put changes of your own into another file.',
    '# Who sits at this machine may open these devices; ModemManager does not send AT commands to them.',
    'ACTION=="remove", GOTO="stellwerk_end"',
    'SUBSYSTEM!="usb|tty", GOTO="stellwerk_end"',
    ...lines,
    'LABEL="stellwerk_end"',
    '',
  ].join('\n');
};

/** Whether our rule is in place; with `fix` it is shown and written. */
export const udevRule: Check = async (world, { fix }) => {
  if (world.platform !== 'linux') return [notHere(check, 'this system has no udev')];
  // Containers may have the folders of udev; only where it runs there is its socket.
  if ((await world.look('/run/udev'))?.kind !== 'folder')
    return [notHere(check, 'no udev runs here, as in a container')];
  const text = ruleText(world.known);
  const facts = { file: ruleFile };
  const present = await world.readText(ruleFile);
  if (present === text) return [{ check, state: 'ok', what: problem('doctor-rule-there', facts) }];
  const found = (code: 'doctor-rule-missing' | 'doctor-rule-old'): Finding => ({
    check,
    state: 'warning',
    what: problem(code, facts),
  });
  if (!fix) return [found(present === undefined ? 'doctor-rule-missing' : 'doctor-rule-old')];
  world.progress(`this goes into ${ruleFile}:`);
  for (const line of text.trimEnd().split('\n')) world.progress(`  ${line}`);
  if (world.user.uid !== 0) {
    const command = `sudo ${world.self} doctor --fix`;
    return [{ check, state: 'problem', what: problem('doctor-rule-needs-root', facts), command }];
  }
  const why = await world.writeText(ruleFile, text);
  if (why !== undefined) return [{ check, state: 'problem', what: problem('doctor-rule-failed', { ...facts, why }) }];
  return [{ check, state: 'ok', what: problem('doctor-rule-written', facts), command: reload }];
};
