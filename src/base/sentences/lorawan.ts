/** Frames, keys and sessions. */
export const lorawan = {
  'bad-key': {
    text: '{what} is not an AES-128 key',
    hint: 'A key is 32 hexadecimal digits (16 bytes); {have} digits are there.',
  },
  'bad-eui': { text: '{what} is not an EUI-64', hint: 'An EUI is 16 hexadecimal digits, such as 70b3d57ed005a1b2.' },
  'bad-dev-addr': { text: '{what} is not a DevAddr', hint: 'A DevAddr is 8 hexadecimal digits, such as 260b1a2f.' },
  'frame-too-short': { text: '{type} frames have at least {need} bytes, {have} are there' },
  'frame-bad-length': { text: '{type} frames have {need} bytes, {have} are there' },
  'frame-too-long': { text: 'a LoRaWAN frame has at most {most} bytes, {have} are there' },
  'unsupported-major': { text: 'the frame says LoRaWAN major version {major}, only 0 is defined' },
  'unsupported-type': { text: '{type} frames are not taken here' },
  'f-opts-with-port-0': { text: 'the frame carries MAC commands both in FOpts and on port 0' },
  'mac-command-unknown': {
    text: 'the MAC command {cid} at byte {at} does not exist as {direction}',
    hint: 'Its length is unknown, so nothing after it can be read; what stands before it holds.',
  },
  'mac-command-proprietary': {
    text: "the MAC command {cid} at byte {at} of the {direction} is a manufacturer's own",
    hint: 'Its length is unknown, so nothing after it can be read; what stands before it holds.',
  },
  'mac-command-cut': { text: 'the MAC command {name} at byte {at} has {need} bytes after its CID, {have} are there' },
  'mic-mismatch': {
    text: 'the message integrity code does not fit any known key',
    hint: 'The keys on device and server differ, or the frame was altered on its way.',
  },
  'unknown-dev-addr': {
    text: 'no device with DevAddr {devAddr} is known here',
    hint: 'It is a stranger, or its session was lost: then it must join again.',
  },
  'unknown-device': {
    text: 'no device with DevEUI {devEui} is known here',
    hint: 'Add it to the devices file with its keys.',
  },
  'join-eui-mismatch': { text: 'the device {devEui} asks for JoinEUI {have}, expected is {need}' },
  'dev-nonce-used': {
    text: 'the DevNonce {devNonce} of {devEui} was used before',
    hint: 'The device lost its memory, or somebody replays an old join request.',
  },
  replay: { text: 'the frame counter {fCnt} was accepted before' },
} as const;
