/** What keeps a serial port from being opened or used. */
export const ports = {
  'link-lost': {
    text: '{address} is gone: {why}',
    hint: 'Look at the cable and at what is on its other end.',
  },
  'pty-not-here': {
    text: 'this system has no pseudo-terminals for us: {why}',
    hint: 'Take --link tcp and open its address as a port.',
  },
  'port-url': {
    text: '{address} is no port that can be opened',
    hint: 'Write a path such as /dev/ttyUSB0, a name such as COM3, tcp://host:port or rfc2217://host:port.',
  },
  'port-missing': {
    text: 'there is no port {address}',
    hint: 'stellwerk ports shows those that are there; stellwerk doctor looks for the usual causes.',
  },
  'port-no-permission': {
    text: '{address} may not be opened by you: it belongs to the group {group}',
    hint: 'Run sudo usermod -aG {group} "$USER", then log out and in. stellwerk doctor {address} --fix does it with a udev rule.',
  },
  'port-busy': {
    text: '{address} is open in {holder}',
    hint: 'Close it there and try again.',
  },
  'port-not-serial': { text: '{address} is no serial port: {why}', hint: 'stellwerk ports shows those that are.' },
  'port-failed': {
    text: '{address} cannot be opened: {why}',
    hint: 'stellwerk doctor {address} looks for the usual causes.',
  },
} as const;
