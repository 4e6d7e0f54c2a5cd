/** The control socket of a running gateway, and commands to sensors. */
export const control = {
  'control-path-long': {
    text: 'the path of the control socket has {have} bytes, the system takes {most}: {path}',
    hint: 'Set control: to a shorter path, such as /run/stellwerk/control.sock, or to off.',
  },
  'control-in-use': {
    text: 'the control socket {path} belongs to {holder}, which runs',
    hint: 'End that one, or give this one another name or another control: path.',
  },
  'control-not-a-socket': {
    text: '{path} is there already and is no socket, so it was left alone',
    hint: 'Move it away, or set control: to another path.',
  },
  'control-folder-shared': {
    text: 'the folder {folder} of the control socket belongs to somebody else, or others may write into it',
    hint: 'Set control: to a path in a folder of your own.',
  },
  'control-nobody': {
    text: 'no gateway runs here: nothing answers on {path}',
    hint: 'Start it with stellwerk gateway -c FILE; if it runs, name its configuration with --config FILE or its socket with --control PATH.',
  },
  'control-forbidden': {
    text: 'the control socket {path} may not be opened: {why}',
    hint: 'Only the user who runs the gateway may; run this command as that user.',
  },
  'control-off': {
    text: 'the configuration {file} says control: off, so nobody can ask that gateway',
    hint: 'Take the line out, or set a path, and start the gateway anew.',
  },
  'control-silent': { text: 'the gateway on {path} did not answer within {span}' },
  'control-stopped': { text: 'stopped before the gateway had answered' },
  'control-lost': { text: 'the gateway on {path} was gone before it had answered' },
  'control-strange': {
    text: 'what answers on {path} does not speak as a gateway of this version does',
    hint: 'Is it another program, or a Stellwerk of another version?',
  },
  'control-refused': { text: 'the gateway refuses: {message} ({code})' },
  'control-bad-request': {
    text: 'this is no request: {why}',
    hint: 'A request is one JSON object in one line, with a number as id and the name of what to do as do.',
  },
  'control-unknown-request': { text: 'there is no request "{request}"', hint: 'Known are {known}.' },
  'control-line-long': { text: 'a request has at most {most} bytes' },
  'control-busy': { text: 'at most {most} {what} are served at once', hint: 'Wait until another one has ended.' },
  'command-no-json': { text: 'the command is not JSON: {why}' },
  'command-too-long': { text: 'the command has {have} bytes, at most {most} are read' },
  'command-field': { text: '{field} of the command is {value}, expected is {expected}' },
  'command-unknown-field': {
    text: 'a command has no field {field}',
    hint: 'Known are {known}.',
  },
  'command-content': {
    text: 'the command has {have} of hex, data and message, expected is one',
    hint: 'Give the payload as hex or as data (base64), or a message for the codec of the sensor.',
  },
  'command-no-port': {
    text: 'the command does not say on which port its bytes go',
    hint: 'Add fPort, 1 to 223; only a message brings its port along.',
  },
  'command-two-ends': { text: 'the command has both expiresAt and expiresInS', hint: 'Give one of them.' },
  'command-retained': {
    text: 'the command is retained on the broker, which would repeat it at every reconnection',
    hint: 'Publish it without the retain flag, and clear the topic with an empty retained message.',
  },
  'device-not-found': {
    text: 'no device, bay or name is {device} here',
    hint: 'Nearest: {near}.',
  },
  'downlink-failed': { text: 'the downlink {id} did not reach {device}: {reason}' },
  'downlink-still-waiting': {
    text: 'after {span} the downlink {id} is still {state}, not {until}',
    hint: 'It goes on without us. A class A device listens only after it has sent: --wait longer with --within 2h, or look with --list.',
  },
  'downlink-left': {
    text: 'stopped while the downlink {id} was {state}, not {until}',
    hint: 'It goes on without us: look with --list, or take it out with --flush.',
  },
  'downlink-wait-unconfirmed': {
    text: 'nobody acknowledges a downlink that is not confirmed',
    hint: 'Add --confirmed, or wait until it is sent.',
  },
} as const;
