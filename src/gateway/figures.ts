// What a running gateway tells Prometheus. No label names a device or a bay: there may be a hundred thousand of them.
import { usPerSecond } from '../base/time.js';
import type { LotState } from '../parking/lot.js';
import { histogramSamples, type Family, type Sample } from '../report/prometheus.js';
import type { Metrics } from './metrics.js';
import type { GatewayStatus } from './status.js';

export interface FiguresOf {
  readonly status: GatewayStatus;
  readonly meter: Pick<Metrics, 'ages' | 'commits' | 'clockSteps' | 'missed'>;
  /** How many bays are in which state. */
  readonly bays: Readonly<Record<'occupied' | 'free' | 'unknown', number>>;
  /** How many bays have which finding. */
  readonly findings: ReadonlyMap<string, number>;
  readonly lots: readonly LotState[];
  readonly process: { readonly rssBytes: number; readonly cpuS: number };
}

const by = (label: string, counts: Readonly<Record<string, number>>): readonly Sample[] =>
  Object.entries(counts).map(([name, value]) => ({ labels: { [label]: name }, value }));

/** All figures of a gateway. */
export const figuresOf = ({ status, meter, bays, findings, lots, process }: FiguresOf): readonly Family[] => {
  const { counts, sinks, store } = status;
  const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({
    ...{ name: `stellwerk_${name}_total`, type: 'counter', help, samples },
  });
  const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({
    ...{ name: `stellwerk_${name}`, type: 'gauge', help, samples },
  });
  const one = (value: number): readonly Sample[] => [{ value }];
  const ofSinks = (value: (sink: GatewayStatus['sinks'][number]) => number): readonly Sample[] =>
    sinks.map((sink, at) => ({ labels: { sink: sink.address, at: String(at) }, value: value(sink) }));
  return [
    gauge('start_time_seconds', 'When this gateway was started', one(Date.parse(status.started) / 1000)),
    gauge('devices', 'Registered sensors', one(status.devices.registered)),
    gauge('devices_heard', 'Sensors heard since the start', one(status.devices.heard)),
    counter('hearings', 'Frames that gateways handed over, copies included', one(counts.hearings)),
    counter('copies', 'Hearings of a frame that was known', [
      { labels: { when: 'in-time' }, value: counts.copies },
      { labels: { when: 'late' }, value: counts.lateCopies },
    ]),
    counter('uplinks_accepted', 'Frames that were taken', one(counts.accepted)),
    counter('joins', 'Joins that were accepted', one(counts.joined)),
    counter('uplinks_refused', 'Frames that were not taken, by reason', by('why', counts.refused)),
    counter('rubbish', 'What came to a source and was no frame, by reason', by('why', counts.rubbish)),
    counter('frames_missed', 'Frames that never came, by gaps in the counters of sensors', one(meter.missed)),
    counter('events', 'Parking events made', one(counts.events)),
    counter('downlinks', 'Answers of gateways to requests to send', by('verdict', counts.downlinks)),
    counter('downlink_frames', 'Downlink frames by where they ended', by('end', counts.descents)),
    counter('commands', 'Queued downlinks by their last state', by('state', counts.commands)),
    counter('duty_cycle_refusals', 'Windows that the sliding hour of a gateway forbade', one(counts.gatewayDutyCycle)),
    gauge(
      'sink_connected',
      '1 while the far end is there',
      ofSinks(({ connected }) => (connected ? 1 : 0)),
    ),
    gauge(
      'sink_waiting',
      'Events that wait for this sink',
      ofSinks(({ waiting }) => waiting),
    ),
    gauge(
      'sink_states_waiting',
      'States of bays and lots that wait for this sink',
      ofSinks(({ states }) => states.waiting),
    ),
    counter(
      'sink_delivered',
      'Events that the far end has',
      ofSinks(({ delivered }) => delivered),
    ),
    counter(
      'sink_states_delivered',
      'States that the far end has',
      ofSinks(({ states }) => states.delivered),
    ),
    counter(
      'sink_dropped',
      'Events given up as too old or too many: this is loss',
      ofSinks(({ dropped }) => dropped),
    ),
    counter(
      'sink_refused',
      'Events and states that the far end would not have',
      ofSinks(({ refused }) => refused),
    ),
    counter(
      'sink_repeated',
      'Deliveries that had to be repeated',
      ofSinks(({ repeated }) => repeated),
    ),
    counter(
      'sink_commands',
      'Commands that came in through this sink: taken, and refused for what they were or for their number',
      sinks.flatMap(({ address, commands = {} }, at) =>
        Object.entries(commands).map(([result, value]) => ({
          labels: { sink: address, at: String(at), result },
          value,
        })),
      ),
    ),
    gauge(
      'store_failing',
      '1 while nothing can be kept, and so nothing is taken',
      one(store.state === 'failing' ? 1 : 0),
    ),
    gauge('store_bytes', 'Bytes of the store on disk', one(store.bytes)),
    counter('store_failures', 'Batches that could not be kept', one(store.failures)),
    {
      ...{
        name: 'stellwerk_store_commit_seconds',
        type: 'histogram',
        help: 'How long a batch takes to become durable',
      },
      samples: histogramSamples(meter.commits),
    },
    {
      name: 'stellwerk_event_age_seconds',
      type: 'histogram',
      help: 'From the change that the sensor saw to the acknowledgement of the far end; 95 % within 30 s is the aim',
      samples: [...meter.ages].flatMap(([sink, ages]) => histogramSamples(ages, { sink })),
    },
    gauge('bays', 'Bays by state', by('state', bays)),
    gauge('bays_with_finding', 'Bays by what is wrong with them', by('finding', Object.fromEntries(findings))),
    gauge(
      'lot_bays',
      'Bays of a lot by state',
      lots.flatMap((lot) =>
        (['free', 'occupied', 'unknown'] as const).map((state) => ({
          labels: { lot: lot.lot, state },
          value: lot[state],
        })),
      ),
    ),
    counter('clock_steps', 'How often the wall clock was set', one(meter.clockSteps)),
    gauge('resident_memory_bytes', 'Memory of the process', one(process.rssBytes)),
    counter('cpu_seconds', 'Processor time of the process', one(process.cpuS)),
  ];
};

/** Bounds of ages in seconds: fine around the aim, up to a day. */
export const ageBounds = [0.5, 1, 2, 5, 10, 20, 30, 60, 300, 1_800, 7_200, 86_400];
export const commitBounds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5];
export const secondsOf = (us: number): number => us / usPerSecond;
