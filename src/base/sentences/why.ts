/** What is the matter with a device, in one sentence and a next step; `{who}` is its name or DevEUI. */
export const why = {
  'why-never-heard': {
    text: 'no gateway has heard {who}',
    hint: 'Is the DevEUI typed as on the label, does the device have power, is its antenna on, and is a gateway near? A join is sent when it is powered off and on.',
  },
  'why-air': {
    text: '{who} sends, and no gateway hears it: {reasons}',
    hint: '{next}',
  },
  'why-device-waits': {
    text: '{who} has something to say and does not send it: {reasons}',
    hint: '{next}',
  },
  'why-not-forwarded': {
    text: 'gateways hear {who}, and nothing of it came to the server (frames: {count})',
    hint: 'Look at the way from the gateway to the server: server address and port of the packet forwarder, firewall, and whether this gateway is allowed to speak (gateways:).',
  },
  'why-not-registered': {
    text: '{who} is heard by gateway {gateway}, but it is not registered (joins: {count})',
    hint: 'Add it to the devices file with its JoinEUI and AppKey.',
  },
  'why-joins-refused': {
    text: 'the joins of {who} are refused: {reasons}',
    hint: '{next}',
  },
  'why-accept-not-sent': {
    text: '{who} asks to join, and no accept could be sent: {reasons}',
    hint: '{next}',
  },
  'why-accept-not-heard': {
    text: 'an accept was sent to {who} ({count} x) and never used: the device does not hear RX1 or RX2{reasons}',
    hint: 'The accept leaves 5 s (RX1) and 6 s (RX2) after the request: is the clock of the gateway steady, is the device near enough to hear it, is the AppKey the same on both sides?',
  },
  'why-joining': {
    text: '{who} has joined, and sent nothing since',
    hint: 'It speaks with its next message; a parking sensor may need a car for that.',
  },
  'why-data-refused': {
    text: 'the uplinks of {who} are refused: {reasons}',
    hint: '{next}',
  },
  'why-answers-fail': {
    text: 'the uplinks of {who} arrive, their answers do not: {reasons}',
    hint: '{next}',
  },
  'why-repeats': {
    text: 'the uplinks of {who} arrive, but it does not hear their acknowledgement (repetitions: {count})',
    hint: 'The device does not hear RX1 or RX2: compare the RX1 delay, RX2 frequency and RX2 data rate of both sides; is the device near enough to the gateway?',
  },
  'why-downlinks-fail': {
    text: 'the downlinks to {who} fail: {reasons}',
    hint: '{next}',
  },
  'why-sink-waits': {
    text: 'events of {who} are made and wait: {sink} is not connected',
    hint: 'Look at the broker: address, user, password, certificate.',
  },
  'why-sink-drops': {
    text: 'events of {who} were made and given up ({count}): {sink} took too long',
    hint: 'Look at the broker: is it away, or too slow? outbox.maxMB says how much may wait.',
  },
  'why-silent': {
    text: '{who} has been silent for {silence}; its longest pause before that was {pause}',
    hint: 'Is its battery empty, is something new standing on it, has the gateway been offline?',
  },
  'why-misses': {
    text: '{who} is heard, but {missed} of its last {span} frames were not',
    hint: 'Its signal is weak or disturbed (best of the last: {signal}): a better place for the gateway or its antenna helps.',
  },
  'why-well': { text: 'nothing is wrong with {who}: its last uplink arrived {ago}' },
  'why-one-side': {
    text: '{who} is heard by gateways, and these records do not hold what the server made of it (frames: {count})',
    hint: 'Ask the running gateway, or put its log behind these records: cat RECORDS LOG | stellwerk why DEVICE --log - (LOG is what stellwerk gateway --json writes).',
  },
  'why-open': {
    text: '{who} was heard, and these records do not tell how it went on',
    hint: 'Take a longer piece of the log, or ask the running gateway.',
  },
  'why-gateway-offline': { text: 'gateway {gateway}, which heard it last, has been offline since {since}' },
  'why-gateway-strange': {
    text: 'gateway {gateway} speaks to us and is not allowed to (datagrams: {count})',
    hint: 'If it is yours, list its EUI under gateways:.',
  },
  'why-strangers': { text: 'strangers were heard, whose session nobody here has: {addresses}' },
  'why-unknown': {
    text: 'nothing is known of {who}',
    hint: 'Nearest: {near}. A DevEUI, a bay, or a DevAddr is expected; bays that a log does not name are in its configuration: -c FILE.',
  },
  'why-no-frame': {
    text: 'no frame that is known here begins with {frame}',
    hint: 'Nearest: {near}. --all shows every frame with its id.',
  },
  'why-nobody': {
    text: 'nothing is known of {who}, nor of any other device',
    hint: 'Is this a log of stellwerk gateway --json, or a recording? {lines} lines were read.',
  },
  'why-unread': { text: 'line {line} is neither a log line nor a record: {why}' },
} as const;
