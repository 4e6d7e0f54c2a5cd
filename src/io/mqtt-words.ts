// What goes wrong between us and a broker, in words.
import { linkWords } from './link-words.js';

const words: Readonly<Record<string, string>> = {
  ...linkWords,
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
