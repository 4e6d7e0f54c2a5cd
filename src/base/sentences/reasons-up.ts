import type { Reasons } from './reason-words.js';

/** The ladder's refusals of a frame. */
export const refusal = {
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
  'join-flood': {
    text: 'it joins again and again: one accept in a minute is enough',
    next: 'The device does not hear its accepts, or it restarts all the time: look at its power and at how the accepts ended.',
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
  'counter-jump': {
    text: 'its counter is more than 16384 ahead, which LoRaWAN up to 1.0.3 forbids',
    next: 'The device must join anew. A personalised device: set fCntUp in the devices file to its counter.',
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
export const loss = {
  'other-sync-word': {
    text: 'it was sent with the sync word of private networks, which no public gateway hears',
    next: 'Set the board to a public network (AT+PNM=1 on RUI3) and send again.',
  },
  'too-weak': {
    text: 'it was too weak at every gateway',
    next: 'A gateway nearer or higher up, a better antenna, or a lower data rate (ADR) would help.',
  },
  'gateway-down': {
    text: 'every gateway that could have heard it was out of order',
    next: 'Its outage stands in the scenario; a second gateway in reach would have helped.',
  },
  'no-demodulator': {
    text: 'every gateway that could have heard it was following as many other frames as it can',
    next: 'Too many frames at once: fewer messages, a second gateway, or one with more demodulators (SX1302) help.',
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

/** What a simulated device says of a message that is no frame yet. */
export const note = {
  'waits-duty-cycle': {
    text: 'the device waits until it may send again (duty cycle)',
    next: 'It sends by itself; a higher data rate takes less airtime.',
  },
  'waits-join-backoff': {
    text: 'the device waits before it may ask to join again (join back-off)',
    next: 'It asks by itself; find out why its first joins were not answered.',
  },
  'waits-turn': {
    text: 'the message waits until the ones before it are done',
    next: 'It is sent by itself; see how the one before it ended.',
  },
  'waits-join-retry': {
    text: 'no accept came, and the device waits before it asks again',
    next: 'It asks by itself; see how the accept ended.',
  },
  'waits-retry': {
    text: 'no acknowledgement came, and the device waits before it sends the frame again',
    next: 'It repeats by itself; see how the answer ended.',
  },
  'not-joined': {
    text: 'the message waits: the device has no session yet',
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
  'dropped-too-long': {
    text: 'the message is longer than the data rate allows, and was thrown away',
    next: 'A higher data rate (a nearer gateway) carries more bytes.',
  },
  'dropped-restart': {
    text: 'the message was lost when the device restarted',
    next: 'Nothing has to be done, unless it restarts often.',
  },
  'nonces-exhausted': {
    text: 'the device has no DevNonce left, and can never join again with this JoinEUI',
    next: 'Give it another JoinEUI.',
  },
  'counter-exhausted': {
    text: 'the session of the device has no counter left',
    next: 'The device must join anew.',
  },
} as const satisfies Reasons;
