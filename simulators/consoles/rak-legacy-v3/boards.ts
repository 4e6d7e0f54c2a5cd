import { eu868 } from '../../../src/lorawan/regions/eu868.js';
import { us915 } from '../../../src/lorawan/regions/us915.js';
import type { CommandRow } from '../../../src/console/dialect.js';
import { table } from '../../../devices/consoles/rak-legacy-v3/table.js';

/** What a board says of itself. */
export interface BoardWords {
  readonly core: string;
  readonly version: string;
  readonly mcu: string;
  readonly chip: string;
  /** RAK811 prints its port's mode with a letter too many. */
  readonly normal: 'RUI_UART_NORMAL' | 'RUI_UART_NORAMAL';
  /** Refuses a JoinEUI of zeros. */
  readonly wantsJoinEui: boolean;
}

const rak4270: BoardWords = {
  core: 'RAK4270',
  version: 'V3.3.0.14',
  mcu: 'STM32L071KB',
  chip: 'SX1262',
  normal: 'RUI_UART_NORMAL',
  wantsJoinEui: true,
};

/** By id in devices/boards. The version of the RAK4200 is one that was sold, its other words are those of its manual. */
const boards: Readonly<Record<string, BoardWords>> = {
  'rak-rak811': {
    core: 'RAK811',
    version: 'V3.0.0.13.H.T2',
    mcu: 'STM32L151CB_A',
    chip: 'SX1276',
    normal: 'RUI_UART_NORAMAL',
    wantsJoinEui: false,
  },
  'rak-rak4200': { ...rak4270, core: 'RAK4200', version: 'V3.2.0.15', chip: 'SX1276', wantsJoinEui: false },
  'rak-rak4270': rak4270,
};

export const wordsOf = (board: string): BoardWords => boards[board] ?? rak4270;

const indented = (fits: (row: CommandRow) => boolean): readonly string[] =>
  Object.values<CommandRow>(table)
    .filter((row) => fits(row) && !/^(?:bootstatus|bootver|reset|update)/.test(row.word))
    .map(({ word, write = [] }) => `  at+${word}${write.map((_, i) => `:${'XYZABC'[i]}`).join('')}`);

/** The answer to `at+help`: headings, and the commands indented. */
export const helpLines: readonly string[] = [
  'Device AT commands:',
  ...indented(({ word }) => !word.includes('lora') && word !== 'join'),
  '',
  'LoRaWAN AT commands:',
  ...indented(({ word }) => /lora(?!p2p)/.test(word) || word === 'join'),
  '',
  'LoRa P2P AT commands:',
  ...indented(({ word }) => word.includes('lorap2p')),
];

/** The channels of a region, `; ` between them, a star before those that are on; `off` are the numbers that were switched off. */
export const channelLine = (region: string, off: ReadonlySet<number>): string => {
  const { channels, mostChannels } = region === 'US915' ? us915 : eu868;
  return Array.from({ length: mostChannels }, (_, i) => {
    const channel = channels[i];
    const id = String(i).padStart(2);
    return channel && !off.has(i)
      ? `*${id},on,${channel.freqHz},${channel.minDr},${channel.maxDr}`
      : `${id},off,${channel?.freqHz ?? 0},${channel?.minDr ?? 0},${channel?.maxDr ?? 0}`;
  }).join('; ');
};
