import type { Log } from '../base/log.js';
import { StellwerkError } from '../base/problem.js';
import type { Us } from '../base/time.js';
import type { Clock } from '../io/clock.js';
import type { DownlinkEvent } from '../network/queue.js';
import type { ParkingEvent } from '../parking/event.js';
import type { OpenSink, SinkContext, SinkKind } from '../sinks/define.js';
import { deliver, type Delivering, type DeliverySetup, type StateKey } from './delivery.js';
import type { Outbox } from './outbox.js';
import type { Fitting } from './setup.js';

export interface SinksSetup extends Pick<DeliverySetup, 'outward' | 'current' | 'all'> {
  readonly fittings: readonly Fitting<SinkKind>[];
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: Log;
  readonly context: Omit<SinkContext, 'changed' | 'renew' | 'clock' | 'log'>;
  /** Hears of each event that a sink has delivered. */
  delivered?(sink: string, event: ParkingEvent, atUs: Us): void;
}

/** The sinks of a gateway, each served on its own: one that is slow or away holds nobody up. */
export interface Sinks {
  readonly list: readonly Delivering[];
  /** These states are others now. */
  tell(keys: readonly StateKey[]): void;
  downlink(event: DownlinkEvent): void;
  flush(withinMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens all sinks; throws a StellwerkError when one cannot open, and then none is left open. */
export const openSinks = async (setup: SinksSetup): Promise<Sinks> => {
  const { outbox, clock, log } = setup;
  const list: Delivering[] = [];
  const open: { readonly sink: OpenSink; readonly name: string; readonly at: number }[] = [];
  const names = new Set<string>();
  const nameOf = (kind: SinkKind, { address }: OpenSink): string => {
    const plain = `${kind.id} ${address}`;
    let name = plain;
    for (let nth = 2; names.has(name); nth++) name = `${plain} ${nth}`;
    names.add(name);
    return name;
  };

  try {
    for (const [at, { kind, config }] of setup.fittings.entries()) {
      // It may call before it is served.
      const changed = (): void => list[at]?.changed();
      const renew = (): void => list[at]?.renew();
      const sink = await kind.open(config, { ...setup.context, clock, log, changed, renew });
      if ('problem' in sink) throw new StellwerkError(sink.problem);
      open.push({ sink, name: nameOf(kind, sink), at });
    }
  } catch (error) {
    await Promise.all(open.map(({ sink }) => sink.close()));
    throw error;
  }

  for (const [sink, events] of outbox.serve([...names])) log('sink_forgotten', { sink, events });
  const { outward, current, all, delivered } = setup;
  for (const { sink, name } of open)
    list.push(
      deliver({
        name,
        sink,
        outbox,
        clock,
        outward,
        current,
        all,
        ...(delivered && { delivered: (event, atUs) => delivered(sink.address, event, atUs) }),
      }),
    );
  return {
    list,
    tell(keys) {
      for (const key of keys) for (const one of list) one.tell(key);
    },
    downlink(event) {
      for (const { sink } of open) sink.downlink?.(event);
    },
    async flush(withinMs) {
      await Promise.all(list.map((one) => one.flush(withinMs)));
    },
    async close() {
      await Promise.all(list.map((one) => one.close()));
    },
  };
};
