import type { LadderState } from '../ladder/ladder.js';
import { currentOf } from '../parking/bay.js';
import type { LotState } from '../parking/lot.js';
import type { Family } from '../report/prometheus.js';
import { figuresOf } from './figures.js';
import type { Metrics } from './metrics.js';
import { gatewayStatus, type GatewayStatus } from './status.js';

export interface ViewsOf {
  readonly name: string;
  readonly startedUs: number;
  readonly state: LadderState;
  readonly meter: Metrics;
  readonly heard: ReadonlySet<string>;
  nowUs(): number;
  sources(): GatewayStatusParts['sources'];
  sinks(): GatewayStatusParts['sinks'];
  store(): GatewayStatusParts['store'];
  lots(): readonly LotState[];
}
type GatewayStatusParts = Parameters<typeof gatewayStatus>[0];

/** How a running gateway stands: as JSON, and as figures. */
export interface Views {
  status(): GatewayStatus;
  figures(): readonly Family[];
}

export const gatewayViews = (of: ViewsOf): Views => {
  const { state, meter } = of;
  const status = (): GatewayStatus =>
    gatewayStatus({
      ...{ name: of.name, pid: process.pid, startedUs: of.startedUs, nowUs: of.nowUs() },
      simulated: state.settings.simulated,
      devices: { registered: state.devices.size, heard: of.heard.size },
      ...{ sources: of.sources(), sinks: of.sinks(), store: of.store(), counts: meter.counts },
    });
  return {
    status,
    figures() {
      const bays = { occupied: 0, free: 0, unknown: 0 };
      const findings = new Map<string, number>();
      const wallUs = of.nowUs() + state.wall.offsetUs;
      for (const bay of state.bays.values()) {
        const occupied = currentOf(bay, wallUs)?.occupied;
        bays[occupied === undefined ? 'unknown' : occupied ? 'occupied' : 'free']++;
        for (const finding of bay.conduct.open) findings.set(finding, (findings.get(finding) ?? 0) + 1);
      }
      const { user, system } = process.cpuUsage();
      return figuresOf({
        ...{ status: status(), meter, bays, findings, lots: of.lots() },
        process: { rssBytes: process.memoryUsage.rss(), cpuS: (user + system) / 1e6 },
      });
    },
  };
};
