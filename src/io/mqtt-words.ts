// What goes wrong between us and a broker, in words.

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ENOTFOUND: 'the name leads to no address',
  EAI_AGAIN: 'the name cannot be looked up now',
  ETIMEDOUT: 'no answer',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'nobody this machine trusts has signed its certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'nobody this machine trusts has signed its certificate',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  'connack timeout': 'it does not answer as an MQTT broker does',
  'Keepalive timeout': 'it does not answer any more',
};
// MQTT 3.1.1 §3.2.2.3: 4 bad user name or password, 5 not authorized. Brokers use both for the same thing.
const loginRefused = [4, 5];

const notMqtt = 'it answers, but not as an MQTT broker';

/** What is wrong with a connection, in a few words that hold no credentials. */
export const brokerWords = (error: Error): string => {
  const { code, message } = error as Error & { code?: string | number };
  if (typeof code === 'number') return loginRefused.includes(code) ? 'it refuses this user name and password' : message;
  // What has no code comes from the parser, in words about bits.
  return words[code ?? message] ?? code ?? notMqtt;
};

/** MQTT 5 §2.4: reasons that would be the same at the next try. 16 is a success without subscribers. */
const lasting = new Set([0x83, 0x87, 0x90, 0x95, 0x97, 0x99, 0x9a, 0x9b]);

/** Whether the broker refused a message for good. What has no reason code was lost on the way. */
export const brokerRefuses = (error: Error): boolean => {
  const { code } = error as Error & { code?: string | number };
  return typeof code === 'number' && lasting.has(code);
};
