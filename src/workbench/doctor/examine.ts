import { brltty } from './brltty.js';
import { busy } from './busy.js';
import { concentrator } from './concentrator.js';
import { device } from './device.js';
import { driver } from './driver.js';
import { modemManager } from './modem-manager.js';
import { names } from './names.js';
import { permission } from './permission.js';
import { lookForPorts } from './ports.js';
import { speed } from './speed.js';
import { notHere, type Check, type Finding, type Patient, type World } from './types.js';
import { udevRule } from './udev.js';

/** In the order in which one thing rests on the other. The rule comes before what it mends. */
const checks: readonly Check[] = [names, device, udevRule, permission, modemManager, brltty, busy, concentrator];

/**
 * What is the matter with the serial ports of this machine, or with the one that was named; `found` hears each finding as
 * soon as it is there. Nothing is ever written to a port, and only a named port is opened, to listen. At most 30 s.
 */
export const examine = async (
  world: World,
  {
    named,
    fix = false,
    wait = false,
    found = () => undefined,
  }: {
    readonly named?: string;
    readonly fix?: boolean;
    readonly wait?: boolean;
    found?(finding: Finding): void;
  },
): Promise<readonly Finding[]> => {
  const all: Finding[] = [];
  const note = (findings: readonly Finding[]): void => {
    for (const finding of findings) {
      all.push(finding);
      found(finding);
    }
  };
  note(await driver(world, { ports: [], fix: false }));
  const looked = await lookForPorts(world, { wait, ...(named !== undefined && { named }) });
  note(looked.findings);
  const patient: Patient = { ports: looked.ports, fix, ...(named !== undefined && { named }) };
  for (const check of checks) if (!world.stopped()) note(await check(world, patient));
  // A port that cannot be opened would only say the same once more.
  const blocked = all.some(({ check, state }) => state === 'problem' && check !== 'udev-rule' && check !== 'brltty');
  if (blocked) note([notHere('speed', 'what is wrong above comes first')]);
  else if (!world.stopped()) note(await speed(world, patient));
  return all;
};
