/** A message for a broker. A retained one is a state: only its newest version is worth anything. */
export interface MqttMessage {
  readonly topic: string;
  readonly payload: string | Buffer;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  /** Seconds after which the broker gives it to nobody any more; MQTT 5 only. */
  readonly expiryS?: number | undefined;
}

/** Messages that wait for a connection, in the order in which they came. */
export interface MqttQueue {
  /** States and stream messages that wait. */
  readonly size: number;
  /** Messages of the stream (not retained) that wait. */
  readonly stream: number;
  /** Takes a message. A waiting state of the same topic goes; beyond the bound the oldest of the stream goes: `dropped`. */
  put(message: MqttMessage): 'taken' | 'dropped';
  take(): MqttMessage | undefined;
}

interface Waiting {
  readonly order: number;
  readonly message: MqttMessage;
  superseded: boolean;
}

/** First in, first out; a Map would be simpler, but walks over all its deleted entries to find its first. */
interface Line {
  readonly first: Waiting | undefined;
  push(one: Waiting): void;
  shift(): Waiting | undefined;
}

const tidyFrom = 1024;

const line = (): Line => {
  let list: Waiting[] = [];
  let head = 0;
  const skip = (): void => {
    while (list[head]?.superseded) head++;
    if (head < tidyFrom || head * 2 < list.length) return;
    list = list.slice(head);
    head = 0;
  };
  return {
    get first() {
      skip();
      return list[head];
    },
    push(one) {
      list.push(one);
    },
    shift() {
      skip();
      const one = list[head];
      if (one) head++;
      return one;
    },
  };
};

/**
 * An empty queue that holds at most `most` messages of the stream. States do not count: there is one per topic.
 * When it is full the oldest message goes, never a state, which would stay wrong on the broker for ever.
 */
export const mqttQueue = (most: number): MqttQueue => {
  const stream = line();
  let states = line();
  const newest = new Map<string, Waiting>();
  let order = 0;
  let streaming = 0;
  let superseded = 0;

  /** While nothing is taken out the superseded states would pile up. */
  const tidy = (): void => {
    if (superseded < tidyFrom || superseded < newest.size) return;
    states = line();
    for (const one of newest.values()) states.push(one);
    superseded = 0;
  };

  return {
    get size() {
      return streaming + newest.size;
    },
    get stream() {
      return streaming;
    },
    put(message) {
      const one: Waiting = { order: order++, message, superseded: false };
      if (message.retain) {
        const before = newest.get(message.topic);
        if (before) {
          before.superseded = true;
          superseded++;
        }
        // Deleted first, so that the map's order is the order of the newest versions.
        newest.delete(message.topic);
        newest.set(message.topic, one);
        states.push(one);
        tidy();
        return 'taken';
      }
      stream.push(one);
      if (++streaming <= most) return 'taken';
      stream.shift();
      streaming--;
      return 'dropped';
    },
    take() {
      const [a, b] = [stream.first, states.first];
      if (a && (!b || a.order < b.order)) {
        streaming--;
        return stream.shift()?.message;
      }
      const state = states.shift();
      if (state) newest.delete(state.message.topic);
      return state?.message;
    },
  };
};
