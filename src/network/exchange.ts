import type { Us } from '../base/time.js';
import { deviceTimeAns } from '../lorawan/device-time.js';
import type { DownlinkCommand, UplinkCommand } from '../lorawan/mac-command.js';
import type { RxFrame } from '../lorawan/radio.js';
import { requiredSnrDb } from '../lorawan/region.js';

/** SNR of a hearing above what its data rate needs, in dB; 0 where that has no meaning (FSK). */
export const marginOf = (rx: RxFrame): number => {
  const needed = requiredSnrDb(rx.dataRate);
  return rx.snrDb === undefined || needed === undefined ? 0 : rx.snrDb - needed;
};

/** The moment at which a frame's last symbol was received: a gateway's own GPS time where one has it. */
export const endOfFrameUs = (hearings: readonly RxFrame[]): Us =>
  hearings.find(({ gatewayTimeUs }) => gatewayTimeUs !== undefined)?.gatewayTimeUs ??
  Math.min(...hearings.map(({ atUs }) => atUs));

/** What the network answers to the questions in an uplink. */
export const answersTo = (
  commands: readonly UplinkCommand[],
  hearings: readonly RxFrame[],
): readonly DownlinkCommand[] =>
  commands.length === 0
    ? []
    : commands.flatMap((command): DownlinkCommand[] => {
        switch (command.kind) {
          case 'link-check-req': {
            const marginDb = Math.max(0, Math.min(254, Math.round(Math.max(...hearings.map(marginOf)))));
            return [{ kind: 'link-check-ans', marginDb, gateways: Math.min(255, hearings.length) }];
          }
          case 'device-time-req':
            return [deviceTimeAns(endOfFrameUs(hearings))];
          default:
            return [];
        }
      });

/** Answers that a device repeats until a downlink tells it that they arrived (LoRaWAN 1.0.4 §5.5, §5.8, §5.9). */
const sticky: Partial<Record<UplinkCommand['kind'], DownlinkCommand['kind']>> = {
  'rx-param-setup-ans': 'rx-param-setup-req',
  'rx-timing-setup-ans': 'rx-timing-setup-req',
  'dl-channel-ans': 'dl-channel-req',
};

export const needsAnswer = (commands: readonly UplinkCommand[]): boolean =>
  commands.some(({ kind }) => sticky[kind] !== undefined);

/** Whether the device still repeats its answer to such a request. */
export const isRepeated = (request: DownlinkCommand, commands: readonly UplinkCommand[]): boolean =>
  commands.some(({ kind }) => sticky[kind] === request.kind);
