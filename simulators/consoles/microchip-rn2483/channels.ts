import type { Name } from './lines.js';

const firstHz = ['868100000', '868300000', '868500000'];

export interface Channels {
  /** What a channel is set to; undefined when this is no question for it. */
  of(name: Name, values: readonly unknown[]): string | undefined;
  /** `ok`; undefined when this is no order for a channel. */
  put(name: Name, values: readonly unknown[]): string | undefined;
}

/** The channels as their owner sees them. The modem has its own, which the network gives it. */
export const channelsOf = (settings: {
  kept(name: string): string | undefined;
  put(name: string, value: string): string;
}): Channels => {
  const { kept, put } = settings;
  return {
    of(name, [id]) {
      const number = id as number;
      switch (name) {
        case 'channelHzOf':
          return kept(`freq ${number}`) ?? firstHz[number] ?? '0';
        case 'channelCycleOf':
          return kept(`dcycle ${number}`) ?? (number < 3 ? '302' : '65535');
        case 'channelRatesOf':
          return kept(`drrange ${number}`) ?? '0 5';
        case 'channelStateOf':
          return kept(`status ${number}`) ?? (number < 3 ? 'on' : 'off');
        default:
          return undefined;
      }
    },
    put(name, [id, first, second]) {
      switch (name) {
        case 'channelHz':
          return put(`freq ${String(id)}`, String(first));
        case 'channelCycle':
          return put(`dcycle ${String(id)}`, String(first));
        case 'channelRates':
          return put(`drrange ${String(id)}`, `${String(first)} ${String(second)}`);
        case 'channelState':
          return put(`status ${String(id)}`, String(first));
        default:
          return undefined;
      }
    },
  };
};
