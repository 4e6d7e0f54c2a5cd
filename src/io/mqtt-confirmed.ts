// Messages of QoS 1 on one connection after the other: written by us, confirmed through mqtt.js.
import type { Sent } from './mqtt-link.js';
import { publishPieces } from './mqtt-publish.js';
import type { MqttMessage } from './mqtt-queue.js';
import { brokerRefuses } from './mqtt-words.js';

/** Sends messages and hears how each of them ended. */
export interface ConfirmedSender {
  /** `then` is called once; with `again` when the connection goes first. */
  send(message: MqttMessage, then: (how: Sent) => void): void;
  /** There is a connection; its broker takes so many unacknowledged messages (MQTT 5 §3.2.2.3.3), if it said so. */
  connected(receiveMaximum: number | undefined): void;
  /** The connection has gone: everything that is underway or waits for its turn ends with `again`. */
  lost(): void;
}

/** What mqtt.js keeps of a packet until its answer. */
interface Expecting {
  volatile: boolean;
  cmd: 'publish' | 'pubrel' | 'subscribe' | 'unsubscribe';
  cb: (error: Error) => void;
}

/** What is needed of an mqtt.js client, whose door is mqtt.ts. */
export interface ConfirmingClient {
  readonly connected: boolean;
  readonly stream: { write(piece: Uint8Array, done?: () => void): unknown };
  readonly messageIdProvider: { allocate(): number | null };
  readonly outgoing: Record<number, Expecting>;
  removeOutgoingMessage(id: number): unknown;
}

/** An identifier is used once at a time: there are 65 535 of them, and mqtt.js needs some. */
const mostIds = 60_000;

export const confirmedSender = (client: ConfirmingClient, protocol: '3.1.1' | '5'): ConfirmedSender => {
  // What is sent in one turn goes out in one piece: a call of the system for each message is most of its cost.
  const pieces = publishPieces(protocol, (piece, done) => void client.stream.write(piece, done));
  let gathering = false;
  let most = mostIds;
  let underway = 0;
  const held: (() => void)[] = [];

  const gather = (): void => {
    if (gathering) return;
    gathering = true;
    setImmediate(() => {
      gathering = false;
      if (client.connected) pieces.flush();
      else pieces.drop();
    });
  };

  const send = (message: MqttMessage, then: (how: Sent) => void): void => {
    if (!client.connected) return then('again');
    if (underway >= most) return void held.push(() => send(message, then));
    const id = client.messageIdProvider.allocate();
    if (id === null) return then('again');
    underway++;
    const ended = (error?: Error): void => {
      underway--;
      then(!error ? 'delivered' : brokerRefuses(error) ? 'refused' : 'again');
      held.shift()?.();
    };
    // mqtt.js keeps the identifiers and hears the acknowledgements; it does not write the packet.
    client.outgoing[id] = { volatile: false, cmd: 'publish', cb: ended };
    pieces.put(message, id);
    gather();
  };

  return {
    send,
    connected(receiveMaximum) {
      most = Math.min(mostIds, receiveMaximum ?? mostIds);
    },
    lost() {
      pieces.drop();
      // mqtt.js would send by itself what was not acknowledged, however old it is by then.
      for (const id of Object.keys(client.outgoing))
        if (client.outgoing[Number(id)]?.cmd === 'publish') client.removeOutgoingMessage(Number(id));
      for (const turn of held.splice(0)) turn();
    },
  };
};
