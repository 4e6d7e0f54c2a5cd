import type { Log } from '../base/log.js';
import { toHex } from '../base/hex.js';
import { fail, problem, type Problem } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { isoFromUs } from '../base/time.js';
import { commandFrom, downlinkEventJson, type DownlinkEventJson } from '../dialects/city/downlink-json.js';
import { eventJson } from '../dialects/city/stellwerk-json.js';
import type { Clock } from '../io/clock.js';
import { openControl, type ControlReply, type ControlRequest, type ControlServer, type Json } from '../io/control.js';
import type { Eui } from '../lorawan/ids.js';
import type { ParkingEvent } from '../parking/event.js';
import { downlinkFailureWords, type DownlinkEvent, type QueuedDownlink } from '../network/queue.js';
import type { CommandDesk, DownlinkDoor } from './desk.js';
import type { WhyAnswer } from './diary.js';

/** What a running gateway can do for people and tools. */
export interface GatewayDoor extends DownlinkDoor {
  queueOf(devEui: Eui): readonly QueuedDownlink[];
  /** Takes everything out of a device's queue; how many there were. */
  flush(devEui: Eui): number;
  /** Calls `listener` with every parking event, once it is durable. Returns a way to stop. */
  events(listener: (event: ParkingEvent) => void): () => void;
  /** How it stands, as JSON: see `gatewayStatus`. */
  status(): unknown;
  /** What is remembered of a device's last frames, as JSON; `devEui` may be that of a stranger, or a DevAddr. */
  why(query: { readonly devEui: string; readonly last?: number }): WhyAnswer;
}

export interface GatewayControlSetup {
  readonly path: string;
  readonly name: string;
  readonly door: GatewayDoor;
  readonly desk: CommandDesk;
  readonly clock: Clock;
  readonly log: Log;
}

/** How long somebody wants to hear of a downlink. */
export const waits = ['sent', 'acknowledged'] as const;
export type Wait = (typeof waits)[number];

/** Opens the control socket of a gateway. Problems: those of `openControl`. */
export const openGatewayControl = async (
  setup: GatewayControlSetup,
): Promise<ControlServer | { readonly problem: Problem }> => {
  const answers = gatewayAnswers(setup);
  return openControl({
    path: setup.path,
    name: setup.name,
    log: setup.log,
    known: Object.keys(answers),
    answer: (request, reply) => answers[request.do]!(request, reply),
  });
};

type Answer = (request: ControlRequest, reply: ControlReply) => (() => void) | void;

const own = (body: Json, name: string): unknown => (Object.hasOwn(body, name) ? body[name] : undefined);

/** An event in the words of the schema, with the sentence that belongs to its reason. */
const told = (event: DownlinkEvent): DownlinkEventJson =>
  downlinkEventJson(event, event.why === undefined ? undefined : downlinkFailureWords[event.why]);

const listed = (one: QueuedDownlink): Json => ({
  id: one.id,
  fPort: one.fPort,
  hex: toHex(one.payload),
  confirmed: one.confirmed,
  queued: isoFromUs(one.queuedUs),
  tries: one.tries,
  ...(one.expiresUs !== undefined && { expires: isoFromUs(one.expiresUs) }),
});

const mostLast = 1_000;
const lastOf = (body: Json): Result<number | undefined> => {
  const last = own(body, 'last');
  if (last === undefined) return ok(undefined);
  return Number.isInteger(last) && (last as number) >= 1 && (last as number) <= mostLast
    ? ok(last as number)
    : fail('control-bad-request', { why: `last is a whole number from 1 to ${mostLast}` });
};

const mostBays = 1_000;
const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= mostBays &&
  value.every((name) => typeof name === 'string');

const gatewayAnswers = ({ door, desk, clock }: GatewayControlSetup): Readonly<Record<string, Answer>> => {
  /** An answer about one device, which the request names. */
  const about =
    (answer: (devEui: Eui, body: Json, reply: ControlReply) => (() => void) | void): Answer =>
    ({ body }, reply) => {
      const named = own(body, 'device');
      if (typeof named !== 'string') return reply.fail(problem('control-bad-request', { why: 'it names no device' }));
      const device = desk.find(named);
      return device.ok ? answer(device.value.devEui, body, reply) : reply.fail(device.problem);
    };

  return {
    status: (_request, reply) => reply.ok(door.status() as Json),
    why({ body }, reply) {
      const named = own(body, 'device');
      if (typeof named !== 'string') return reply.fail(problem('control-bad-request', { why: 'it names no device' }));
      const last = lastOf(body);
      if (!last.ok) return reply.fail(last.problem);
      const device = desk.find(named);
      // Who is not registered may have been heard all the same: that is just what somebody wants to know.
      const devEui = device.ok ? device.value.devEui : named;
      const answer = door.why({ devEui, ...(last.value !== undefined && { last: last.value }) });
      if (!device.ok && answer.records.every(({ body: told }) => !('frame' in told))) return reply.fail(device.problem);
      reply.ok(answer as unknown as Json);
    },
    events({ body }, reply) {
      const bays = own(body, 'bays');
      if (!isNames(bays))
        return reply.fail(problem('control-bad-request', { why: `bays is a list of 1 to ${mostBays}` }));
      const found = bays.map((bay) => desk.find(bay));
      for (const one of found) if (!one.ok) return reply.fail(one.problem);
      const devices = found.flatMap((one) => (one.ok ? [one.value] : []));
      const lots = new Set(devices.map(({ lot }) => lot));
      reply.event({ bays: devices.map(({ bay }) => bay) });
      return door.events((event) => {
        if (lots.has(event.lot)) reply.event({ ...eventJson(event) });
      });
    },
    queue: about((devEui, _body, reply) => reply.ok({ device: devEui, queue: door.queueOf(devEui).map(listed) })),
    flush: about((devEui, _body, reply) => reply.ok({ device: devEui, flushed: door.flush(devEui) })),
    downlink: about((devEui, body, reply) => {
      const command = commandFrom(own(body, 'command'), clock.nowUs());
      if (!command.ok) return reply.fail(command.problem);
      const until = own(body, 'wait');
      if (until !== undefined && !(waits as readonly unknown[]).includes(until))
        return reply.fail(problem('control-bad-request', { why: `wait is one of ${waits.join(', ')}` }));
      if (until === 'acknowledged' && !command.value.confirmed) return reply.fail(problem('downlink-wait-unconfirmed'));
      const taken = desk.take(devEui, command.value);
      return taken.ok ? follow(taken.value, until as Wait | undefined, reply) : reply.fail(taken.problem);
    }),
  };

  /** Tells a downlink's life up to where the client wants to hear it. */
  function follow(first: DownlinkEvent, until: Wait | undefined, reply: ControlReply): (() => void) | void {
    const { id, devEui } = first;
    /** Whether this was the last that there is to tell. */
    const tell = (event: DownlinkEvent): boolean => {
      const said = told(event);
      reply.event({ ...said });
      if (event.state === 'failed') {
        const reason = said.reason ?? 'it is not known why';
        reply.fail(problem('downlink-failed', { id, device: devEui, reason, why: event.why ?? 'unknown' }));
        return true;
      }
      // Whoever waits for less than there is has what they wait for: an acknowledged downlink was sent.
      const done = until === undefined || event.state === until || event.state === 'acknowledged';
      if (done) reply.ok({ ...said });
      return done;
    };
    if (tell(first)) return;
    const off = desk.watch((event) => {
      if (event.id === id && event.devEui === devEui && tell(event)) off();
    });
    return off;
  }
};
