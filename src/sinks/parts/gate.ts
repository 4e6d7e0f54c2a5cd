import { usPerMs } from '../../base/time.js';
import type { BackOff } from '../../io/back-off.js';
import type { LinkState, SinkContext } from '../define.js';

/** Whether a sink can deliver now; closed after a failure, for a while or for good. */
export interface Gate {
  readonly ready: boolean;
  readonly link: LinkState;
  /**
   * A delivery failed: nothing goes for `forMs`, by default for a pause that grows. The log hears of it (as `event`, by
   * default `sink_waits`) when the reason is new in this outage.
   */
  shut(why: string, how?: { readonly forMs?: number; readonly event?: string }): void;
  /** Nothing will ever go again. */
  wall(why: string): void;
  /** A delivery went well. */
  passed(): void;
  close(): void;
}

/** A gate that is open. */
export const openGate = (address: string, context: SinkContext, pauses: BackOff): Gate => {
  const { clock, log } = context;
  const told = new Set<string>();
  let why: string | undefined;
  let openUs = -Infinity;
  let callOff: (() => void) | undefined;
  let over = false;

  const open = (): void => {
    callOff = undefined;
    openUs = -Infinity;
    context.changed();
  };
  const tell = (event: string, reason: string, fields: Readonly<Record<string, unknown>>): void => {
    why = reason;
    if (told.has(`${event} ${reason}`)) return;
    told.add(`${event} ${reason}`);
    log(event, { sink: address, why: reason, ...fields });
  };

  return {
    get ready() {
      return !over && callOff === undefined;
    },
    get link() {
      return { connected: why === undefined, ...(why !== undefined && { why }) };
    },
    shut(reason, { forMs, event = 'sink_waits' } = {}) {
      if (over) return;
      const wasOpen = callOff === undefined;
      // What failed beside another delivery is the same outage, and no reason to wait twice as long.
      const pauseMs = forMs ?? (wasOpen ? pauses.nextMs() : 0);
      tell(event, reason, { pauseMs });
      const untilUs = clock.nowUs() + pauseMs * usPerMs;
      if (untilUs > openUs) {
        callOff?.();
        openUs = untilUs;
        callOff = clock.at(untilUs, open);
      }
      if (wasOpen) context.changed();
    },
    wall(reason) {
      if (over) return;
      over = true;
      callOff?.();
      tell('sink_lost', reason, {});
      context.changed();
    },
    passed() {
      // An answer to what was sent before the far end wanted to be left alone.
      if (callOff !== undefined || over) return;
      pauses.reset();
      if (why === undefined) return;
      why = undefined;
      told.clear();
      log('sink_delivers', { sink: address });
    },
    close() {
      over = true;
      callOff?.();
    },
  };
};
