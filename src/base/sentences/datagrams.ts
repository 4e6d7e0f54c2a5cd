/** Gateway datagrams, the sockets that carry them, and files that are read. */
export const datagrams = {
  'bad-base64': { text: '{what} is not base64' },
  'datagram-short': { text: 'a {type} datagram has at least {need} bytes, {have} are there' },
  'datagram-long': { text: 'the datagram has {have} bytes, at most {most} are read' },
  'datagram-version': {
    text: 'the datagram says protocol version {version}, known are 1 and 2',
    hint: 'Something else than a Semtech UDP packet forwarder sends to this port.',
  },
  'datagram-type': { text: 'the datagram type {type} is not in the Semtech UDP protocol' },
  'datagram-json': { text: 'the text in the {type} datagram is not JSON: {why}' },
  'datagram-shape': { text: 'the {type} datagram is not what the protocol says: {why}' },
  'bad-rxpk': { text: 'rxpk {index} is not usable: {field} {why}' },
  'bad-txpk': {
    text: 'the txpk is not usable: {field} {why}',
    hint: 'A packet forwarder drops such a request without an answer; the server that wrote it must be mended.',
  },
  'bad-stat': { text: 'the stat is not usable: {field} {why}' },
  'port-taken': {
    text: '{protocol} port {port} on {host} is already in use by {holder}',
    hint: 'End that program, or listen on another port and write that port into the gateways.',
  },
  'port-forbidden': {
    text: 'the system does not allow this program to listen on {protocol} port {port} of {host}',
    hint: 'Take a port of 1024 or above, or ask for the right: AmbientCapabilities=CAP_NET_BIND_SERVICE in the systemd unit.',
  },
  'address-not-here': {
    text: '{host} is not an address of this machine',
    hint: 'Listen on 127.0.0.1 for this machine alone, or on 0.0.0.0 for all its networks.',
  },
  'host-unknown': {
    text: 'the name {host} leads to no address: {why}',
    hint: 'Check the spelling, or write the address.',
  },
  'socket-failed': { text: 'no {protocol} socket on {host} port {port}: {why}' },
  'open-to-all': {
    text: 'other machines can reach {host}, and Semtech UDP has no authentication: anybody could play a gateway',
    hint: 'List the gateways that may speak (gateways: with the EUI of each), or listen on 127.0.0.1.',
  },
  'bad-target': { text: '{to} does not say where to send to', hint: 'Expected is {form}.' },
  'file-unreadable': { text: '{file} cannot be read: {why}' },
  'file-not-utf8': {
    text: '{file} is not UTF-8 text',
    hint: 'Save it as UTF-8; a spreadsheet calls that "CSV UTF-8", and a workbook (.xlsx) is no text at all.',
  },
} as const;
