/** Why something ended where it did: what it means, and what a person can do next. */
export interface ReasonWords {
  /** A part of a sentence, without a full stop. */
  readonly text: string;
  /** One or more whole sentences. */
  readonly next: string;
}

type Reasons = Readonly<Record<string, ReasonWords>>;

/** The ladder's refusals of a frame. */
const refusal = {
  'crc-bad': {
    text: 'every gateway that heard it found its checksum wrong',
    next: 'The signal is weak or disturbed: look at RSSI and SNR, then at the antennas and the place of the gateway.',
  },
  'not-lorawan': {
    text: 'these bytes are no LoRaWAN frame',
    next: 'Something else sends on this frequency; nothing has to be done when the device itself is well.',
  },
  'frame-too-short': {
    text: 'it is shorter than its type allows',
    next: 'Somebody else sends here, or the firmware is broken: stellwerk decode explains the bytes.',
  },
  'frame-bad-length': {
    text: 'it has not the length that its type has',
    next: 'Somebody else sends here, or the firmware is broken: stellwerk decode explains the bytes.',
  },
  'unsupported-major': {
    text: 'its LoRaWAN major version is not defined',
    next: 'Somebody else sends here; if it is your device, its firmware is broken.',
  },
  'unsupported-type': {
    text: "its type is not taken here: somebody's downlink, a rejoin, a proprietary frame, a join of a personalised device",
    next: 'If it is your device: register it with otaa when it joins, with abp when it does not.',
  },
  'unknown-device': {
    text: 'the device is not in the devices file',
    next: 'Compare the DevEUI with the label, and add the device to the devices file.',
  },
  'join-eui-mismatch': {
    text: 'its JoinEUI (AppEUI) differs from the one in the devices file',
    next: 'Set the JoinEUI of the device in the devices file, or leave it out there.',
  },
  'dev-nonce-used': {
    text: 'its DevNonce was used before: the device lost its memory, or a recording is replayed',
    next: 'A LoRaWAN 1.0.4 device must keep its DevNonce over a restart; if it cannot, register it as 1.0.3, where only a nonce that comes twice is refused. Let it go on joining: a random nonce is soon a fresh one.',
  },
  'unknown-dev-addr': {
    text: 'nobody here has this DevAddr: it is a stranger, or the session was lost on one side',
    next: 'If it is your device, let it join again (power it off and on); a gateway keeps its sessions only with a state folder. A personalised device: compare its DevAddr with the devices file.',
  },
  'mic-mismatch': {
    text: 'no key fits: the keys differ, or the frame was altered',
    next: 'Compare the AppKey (personalised: the NwkSKey) of the device with the devices file, digit by digit.',
  },
  replay: {
    text: 'its counter was passed by long ago',
    next: 'A recording is replayed, or the device forgot its counter: let it join again. A personalised device that cannot keep its counter needs counters: may-reset.',
  },
  retransmission: {
    text: 'it was accepted before and came again',
    next: 'The device did not hear its acknowledgement: see how the answers ended.',
  },
  'unknown-port': {
    text: 'its model sends nothing on this port',
    next: 'Is the model of this device set rightly? stellwerk ls models shows which ports each model uses.',
  },
  'bad-payload': {
    text: 'its model cannot read the payload',
    next: 'Is the model, and its firmware option, set rightly? stellwerk decode shows the payload byte by byte.',
  },
  'not-stored': {
    text: 'its counter could not be written to disk: no event, no acknowledgement',
    next: 'Look at the disk of the gateway: is it full, or read-only? The device repeats a confirmed frame by itself.',
  },
} as const satisfies Reasons;

/** Losses of an uplink in the air. */
const loss = {
  'too-weak': {
    text: 'it was too weak at every gateway',
    next: 'A gateway nearer or higher up, a better antenna, or a lower data rate (ADR) would help.',
  },
  collision: {
    text: 'another frame on the same channel drowned it',
    next: 'This happens by chance; when it happens often, more channels, a second gateway or fewer messages help.',
  },
  'gateway-sending': {
    text: 'every gateway that could have heard it was sending itself',
    next: 'A gateway is deaf while it sends: fewer confirmed uplinks, or a second gateway, help.',
  },
} as const satisfies Reasons;

/** Fates of a downlink in the air. */
const fate = {
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
const downlinkLoss = {
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
const window = {
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
const failure = {
  'unknown-device': {
    text: 'no such device is registered here',
    next: 'Compare the DevEUI with the devices file.',
  },
  'queue-full': {
    text: 'as much waits for this device as may wait',
    next: 'A class A device takes a downlink only after an uplink of its own: wait, or flush its queue.',
  },
  'bad-port': { text: 'an application port is 1 to 223', next: 'Give another port.' },
  'duplicate-id': { text: 'a downlink of this name waits already', next: 'Give it another id, or none.' },
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

/** What a simulated device says of a message that is no frame yet. */
const note = {
  'waits-duty-cycle': {
    text: 'the device waits until it may send again (duty cycle)',
    next: 'It sends by itself; a higher data rate takes less airtime.',
  },
  'waits-join-backoff': {
    text: 'the device waits before it may ask to join again (join back-off)',
    next: 'It asks by itself; find out why its first joins were not answered.',
  },
  'not-joined': {
    text: 'the device has no session yet',
    next: 'See how its joins ended.',
  },
  'given-up': {
    text: 'the device gave up: no acknowledgement came',
    next: 'See how the answers to this frame ended.',
  },
  'dropped-queue-full': {
    text: 'the device had more to say than it can keep',
    next: 'It reports faster than it may send: fewer messages, or a higher data rate.',
  },
} as const satisfies Reasons;

/** Every reason by who says it; a reason of another version of this program may be missing. */
export const reasons = { refusal, loss, fate, downlinkLoss, window, failure, note } as const satisfies Readonly<
  Record<string, Reasons>
>;
export type ReasonGroup = keyof typeof reasons;

/** Ends of a life that are no refusal. */
export const ends = {
  joined: 'the device joined',
  joinedAndUsed: 'the device joined, and uses its session',
  acceptSent: 'its accept was sent; that the device uses it is not to be seen yet',
  accepted: 'it arrived',
  again: 'it came again after it had arrived',
  refused: 'it was refused; the record does not say why',
  answered: 'it was answered; the record of its arrival is not here',
  heardOnly: 'a gateway heard it; what the server made of it is not in these records',
  sentOnly: 'it was sent; whether a gateway heard it is not in these records',
  dropped: 'its events were made and given up: the far end took none for too long',
  noAnswer: 'its answer did not leave',
  answerUnheard: 'its answer was not heard',
  received: 'the device received it',
  acknowledged: 'the device acknowledged it',
  used: 'the device uses what it brought',
  left: 'it left the gateway; whether the device heard it is not to be seen',
  queued: 'it waits for the next uplink of its device',
  carried: 'it was sent; whether the device heard it is not to be seen',
  noteOnly: 'no frame followed from it',
} as const;
