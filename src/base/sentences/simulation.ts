/** Cities, scenarios and their clocks. */
export const simulation = {
  'scenario-empty': { text: 'the scenario {scenario} has no bays', hint: 'Give one of its lots at least one bay.' },
  'unknown-target': { text: '{to} is no target that a simulation can play to', hint: 'Known are: {known}.' },
  'scenario-twice': { text: 'two lots have the {key} {value}' },
  'scenario-sensor': {
    text: 'the scenario names the sensor {model}, which nobody can play',
    hint: 'Known are: {known}.',
  },
  'scenario-no-bays': {
    text: 'the scenario has no bays',
    hint: 'List streets in `lots:`, or let some be drawn in `grids:` (id, at, bays).',
  },
  'scenario-no-gateways': {
    text: 'the scenario has no gateways, so nobody hears a sensor',
    hint: 'List some in `gateways:`, or set them up in even rows with `gatewayGrid:` (everyM).',
  },
  'speed-needs-both-ends': {
    text: 'at speed {speed} the server at {to} cannot keep up: its receive windows run in real time',
    hint: 'Leave --speed away (real time), add --uplink-only, or let both ends be ours with --to loopback.',
  },
  'fresh-needs-both-ends': {
    text: 'the server at {to} remembers the nonces of these devices, so they cannot start anew on our side alone',
    hint: 'Use another --seed (other devices), or delete the devices on that server and the folder {state}.',
  },
  'state-damaged': {
    text: '{file} is not the state of a simulation',
    hint: 'Move it away, or start anew with --fresh.',
  },
  'state-of-other-run': {
    text: '{file} belongs to the scenario {have} with seed {haveSeed}, this run is {want} with seed {wantSeed}',
    hint: 'Give each run a state folder of its own, or start anew with --fresh.',
  },
  'ledger-open': {
    text: 'the sums do not balance: {sent} frames were sent, {found} are accounted for, {open} have no outcome yet',
    hint: 'On a busy machine the loopback socket may have dropped datagrams; stellwerk simulate --to loopback uses none.',
  },
} as const;
