import { problem } from '../../base/problem.js';
import type { PortInfo } from '../../io/ports.js';
import { notHere, shellWord, type Check, type Finding, type World } from './types.js';

interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

const check = 'permission';
/** Groups that own serial ports: Debian and its kin, Arch and its kin. */
const usual = ['dialout', 'uucp'];

const groupsIn = (text: string): readonly Group[] =>
  text.split('\n').flatMap((line): Group[] => {
    const [name = '', , gid = '', members = ''] = line.split(':');
    if (name === '' || !/^\d+$/.test(gid)) return [];
    return [{ name, gid: Number(gid), members: members.split(',').filter((one) => one !== '') }];
  });

const joining = ({ user }: World, group: string): string =>
  `sudo usermod -aG ${shellWord(group)} ${shellWord(user.name)}`;

const ofPort = async (world: World, { path }: PortInfo, groups: readonly Group[]): Promise<Finding | undefined> => {
  const file = await world.look(path);
  if (file?.kind !== 'serial' && file?.kind !== 'pty') return undefined;
  if (await world.mayOpen(path)) return { check, state: 'ok', what: problem('doctor-may-open', { port: path }) };
  const { name: user, groups: mine } = world.user;
  const group = groups.find(({ gid }) => gid === file.gid);
  const facts = { port: path, group: group?.name ?? String(file.gid), user };
  const groupMay = (file.mode & 0o060) === 0o060;
  // Root's own group is no group to join.
  if (!groupMay || mine.includes(file.gid) || file.gid === 0) {
    const mode = (file.mode & 0o777).toString(8).padStart(4, '0');
    return { check, state: 'problem', what: problem('doctor-no-right', { ...facts, mode }) };
  }
  if (group?.members.includes(user)) return { check, state: 'problem', what: problem('doctor-old-login', facts) };
  return {
    check,
    state: 'problem',
    what: problem('doctor-not-in-group', facts),
    command: joining(world, facts.group),
  };
};

/** Whether the user may open the ports, or could open one if it were there. */
export const permission: Check = async (world, { ports }) => {
  if (world.platform !== 'linux') return [notHere(check, 'this system gives every user its serial ports')];
  const groups = groupsIn((await world.readText('/etc/group')) ?? '');
  const found = await Promise.all(ports.map((port) => ofPort(world, port, groups)));
  const findings = found.flatMap((finding) => finding ?? []);
  if (findings.length > 0) return findings;
  if (world.user.uid === 0) return [notHere(check, 'root may open every port')];
  const serial = groups.filter(({ name }) => usual.includes(name));
  const [first] = serial;
  if (!first) return [notHere(check, 'there is no port, and no group for ports is known here')];
  const { name: user } = world.user;
  const joined = serial.find(({ gid }) => world.user.groups.includes(gid));
  if (joined) return [{ check, state: 'ok', what: problem('doctor-in-a-group', { user, group: joined.name }) }];
  const waiting = serial.find(({ members }) => members.includes(user));
  if (waiting) return [{ check, state: 'warning', what: problem('doctor-old-login', { user, group: waiting.name }) }];
  return [
    {
      check,
      state: 'warning',
      what: problem('doctor-in-no-group', { user, group: first.name }),
      command: joining(world, first.name),
    },
  ];
};
