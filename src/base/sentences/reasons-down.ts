import type { Reasons } from './reason-words.js';

/** Fates of a downlink in the air. */
export const fate = {
  'not-listening': {
    text: 'the device did not listen at that time, on that frequency, at that data rate',
    next: 'Compare RX1 delay, RX2 frequency and RX2 data rate of the network with those of the device.',
  },
  'too-weak': {
    text: 'it was too weak at the device',
    next: 'The device hears worse than the gateway: a nearer gateway, or RX2 with a low data rate, helps.',
  },
  collision: {
    text: 'another downlink on the same channel drowned it',
    next: 'Two gateways answered at the same time; this happens by chance.',
  },
} as const satisfies Reasons;

/** Why a downlink frame did not leave. */
export const downlinkLoss = {
  'gateway-duty-cycle': {
    text: 'no gateway may send any more within this hour on a frequency of its windows',
    next: 'Fewer confirmed uplinks and downlinks, a second gateway, or RX2 in the 10 % band help.',
  },
  'too-late': {
    text: 'the windows were too near, or over, when it came to the gateways',
    next: 'The way to the gateway is too slow: measure its round trip (ping), and give rx1DelayS a second more.',
  },
  collision: {
    text: 'every gateway that could have sent it sends something else at that time',
    next: 'Wait for the next uplink; when it happens often, a second gateway helps.',
  },
  'gateway-refused': {
    text: 'the gateways refused its frequency, power or time',
    next: 'Compare the TX frequencies and the power in the configuration of the packet forwarder with the region.',
  },
  'no-answer': {
    text: 'the gateways did not answer the request to send',
    next: 'Look at the network behind the gateway: UDP must come back to it through NAT and firewall.',
  },
  'no-gateway': {
    text: 'no gateway that heard the device can be reached',
    next: 'Does the packet forwarder send its keep-alive (PULL_DATA) to us? Without it nothing can be sent.',
  },
  'no-window': {
    text: 'the uplink came without a counter value, or at a data rate that has no answer',
    next: 'The source of this frame cannot carry answers (a recording, a forwarder without tmst).',
  },
  'not-stored': {
    text: 'its counter could not be written to disk',
    next: 'Look at the disk of the gateway: is it full, or read-only?',
  },
} as const satisfies Reasons;

/** Why one window of one gateway was not used. */
export const window = {
  'too-late': {
    text: 'it came too late to the gateway',
    next: 'Measure the round trip to the gateway, and give rx1DelayS a second more.',
  },
  'too-early': {
    text: 'it came too early to the gateway',
    next: 'The counter of the gateway jumped: restart its packet forwarder.',
  },
  'collision-packet': {
    text: 'the gateway sends another packet at that time',
    next: 'Another window or gateway has to do; a second server on this gateway would do this often.',
  },
  'collision-beacon': {
    text: 'the gateway sends a beacon at that time',
    next: 'Another window has to do.',
  },
  'tx-freq': {
    text: 'the gateway may not send on that frequency',
    next: 'Compare tx_freq_min and tx_freq_max in the configuration of the packet forwarder with the region.',
  },
  'tx-power': {
    text: 'the gateway cannot send with that power',
    next: 'Compare the TX gain table of the packet forwarder with the power of the region.',
  },
  'gps-unlocked': {
    text: 'the gateway has no GPS time',
    next: 'Wait for its GPS receiver, or do without class B.',
  },
  unknown: {
    text: 'the gateway refused it in words that we do not know',
    next: 'Look into the log of its packet forwarder.',
  },
  'no-answer': {
    text: 'the gateway did not answer the request to send',
    next: 'UDP must come back to the gateway through NAT and firewall.',
  },
  'gateway-duty-cycle': {
    text: 'the gateway may not send any more within this hour on that frequency',
    next: 'Another window or gateway has to do.',
  },
  'no-way': {
    text: 'the gateway cannot be reached',
    next: 'Does its packet forwarder send keep-alives (PULL_DATA) to us?',
  },
} as const satisfies Reasons;

/** Why a queued downlink will not reach its device. */
export const failure = {
  'unknown-device': {
    text: 'no such device is registered here',
    next: 'Compare the DevEUI with the devices file.',
  },
  'queue-full': {
    text: 'as much waits for this device as may wait',
    next: 'A class A device takes a downlink only after an uplink of its own: wait, or flush its queue.',
  },
  'bad-port': { text: 'an application port is 1 to 223', next: 'Give another port.' },
  'duplicate-id': {
    text: 'a downlink of this name waits already, or was asked for a short while ago',
    next: 'Give it another id, or none.',
  },
  'payload-too-long': {
    text: 'it is longer than the data rate of its device allows',
    next: 'Shorten it to 51 bytes or less, or wait until the device is at a higher data rate.',
  },
  expired: {
    text: 'its time was over before the device gave an opportunity',
    next: 'Give it more time than the device takes from uplink to uplink.',
  },
  'not-acknowledged': {
    text: 'it was sent as often as it may be, and never acknowledged',
    next: 'The device does not hear its windows: see how each try ended.',
  },
  'not-sent': {
    text: 'the gateways could not send it, again and again',
    next: 'See how each try ended.',
  },
  flushed: { text: 'it was taken out of the queue before it was sent', next: 'Send it again if it is still wanted.' },
  'counter-exhausted': {
    text: 'the session has no downlink counter left',
    next: 'Let the device join anew.',
  },
  'not-stored': {
    text: 'it could not be written to disk',
    next: 'Look at the disk of the gateway: is it full, or read-only?',
  },
} as const satisfies Reasons;
