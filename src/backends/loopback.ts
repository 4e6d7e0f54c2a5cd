import { problem } from '../base/problem.js';
import { climb, ladder, ladderWakeUs, type LadderOut } from '../ladder/ladder.js';
import type { TxFrame } from '../lorawan/radio.js';
import { defineBackend } from './define.js';

/** The embedded network in memory: no socket, no waiting, the same ladder that the gateway runs. */
export default defineBackend({
  id: 'loopback',
  summary: 'the embedded network server, in memory: the fastest',
  form: 'loopback',
  accepts: (to) => to === 'loopback',
  answers: true,
  async open(_to, context) {
    const { clock, network } = context;
    if (!network) return { problem: problem('internal', { what: 'loopback was opened without a network' }) };
    const state = ladder(network.settings, network.devices);
    const counts = { sent: 0, acknowledged: 0, downlinks: 0 };
    let armedUs = Infinity;
    let disarm: (() => void) | undefined;

    const out: LadderOut = {
      copy: () => undefined,
      batch(batch) {
        if (batch.outcome) network.outcome(batch.outcome);
        for (const event of batch.events) network.event(event);
        if (batch.descent) network.descent?.(batch.descent);
        if (batch.send) transmit(batch.send);
      },
    };
    const transmit = (tx: TxFrame): void => {
      counts.downlinks++;
      const verdict = context.downlink(tx);
      climb(state, { kind: 'verdict', id: tx.id, verdict, atUs: clock.nowUs() }, out);
    };
    const arm = (): void => {
      const wakeUs = ladderWakeUs(state);
      if (wakeUs === armedUs) return;
      disarm?.();
      armedUs = wakeUs;
      disarm = wakeUs === Infinity ? undefined : clock.at(wakeUs, tick);
    };
    const tick = (): void => {
      armedUs = Infinity;
      disarm = undefined;
      climb(state, { kind: 'tick', atUs: clock.nowUs() }, out);
      arm();
    };

    return {
      address: 'loopback',
      state: counts,
      uplink(rx) {
        counts.sent++;
        counts.acknowledged++;
        climb(state, { kind: 'frame', rx }, out);
        arm();
      },
      settled: () => Promise.resolve(0),
      close() {
        disarm?.();
        climb(state, { kind: 'flush', atUs: clock.nowUs() }, out);
        return Promise.resolve();
      },
    };
  },
});
