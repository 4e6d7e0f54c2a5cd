import { problem } from '../../base/problem.js';
import { notHere, type Check, type Finding } from './types.js';

const check = 'busy';
/** Programs that a service manager would start again, by the names that the kernel gives them. */
const services: Readonly<Record<string, string>> = {
  ModemManager: 'sudo systemctl stop ModemManager',
  brltty: 'sudo systemctl stop brltty',
};

/** Who has the ports open. */
export const busy: Check = async (world, { ports }) => {
  if (world.platform !== 'linux')
    return [notHere(check, 'this system does not tell who has a port open; opening it shows whether somebody has')];
  const findings: Finding[] = [];
  for (const { path } of ports) {
    if ((await world.look(path))?.kind !== 'serial') continue;
    const holder = await world.holder(path);
    if (!holder) findings.push({ check, state: 'ok', what: problem('doctor-free', { port: path }) });
    else {
      const command = services[holder.name] ?? `kill ${holder.pid}`;
      findings.push({ check, state: 'problem', what: problem('doctor-busy', { port: path, ...holder }), command });
    }
  }
  return findings.length > 0 ? findings : [notHere(check, 'there is no port')];
};
