import { problem } from '../../base/problem.js';
import { notHere, type Check } from './types.js';

const check = 'names';

/** Whether the name of the port is one that this system uses for calling out. */
export const names: Check = ({ platform }, { named }) => {
  if (platform !== 'win32' && platform !== 'darwin')
    return Promise.resolve([notHere(check, 'every path may be a port on this system')]);
  if (named === undefined) return Promise.resolve([notHere(check, 'no port was named')]);
  if (platform === 'win32' && !/^(\\\\[.?]\\)?COM\d{1,3}$/i.test(named))
    return Promise.resolve([{ check, state: 'problem', what: problem('doctor-com-name', { port: named }) }]);
  // macOS: tty.* is for calls that come in and blocks until a carrier is there, cu.* is for calling out.
  if (platform === 'darwin' && named.startsWith('/dev/tty.')) {
    const better = named.replace('/dev/tty.', '/dev/cu.');
    return Promise.resolve([{ check, state: 'warning', what: problem('doctor-tty-name', { port: named, better }) }]);
  }
  return Promise.resolve([{ check, state: 'ok', what: problem('doctor-names-fine') }]);
};
