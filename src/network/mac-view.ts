import type { DownlinkCommand, UplinkCommand, CommandOf } from '../lorawan/mac-command.js';
import type { NetworkSettings } from './settings.js';

/** How a device is set up, as far as its network knows: what it was told and has agreed to. */
export interface MacView {
  rx1DelayS: number;
  rx1DrOffset: number;
  rx2DataRate: number;
  rx2FreqHz: number;
  /** Channels beyond the region's own, by what was agreed, in Hz; the first has the index after the region's last. 0: none there. */
  extraHz: readonly number[];
  txPower: number;
  nbTrans: number;
  /** Data rate of the last uplink. */
  dataRate: number;
  /** Requests of the last downlink that wait for their answers, and the id of its frame. */
  asked: readonly DownlinkCommand[];
  askedIn?: string;
  /** The fastest data rate and the highest TXPower index that it has, once it has refused the next one. */
  mostDataRate?: number;
  mostTxPower?: number;
  /** How often in a row requests went unanswered, and uplinks since the last of them. */
  unanswered: number;
  /** Kinds that the device has refused in this session, or cannot do: never asked again. */
  refused: readonly DownlinkCommand['kind'][];
}

/** A device that has just joined: the accept told it everything. */
export const viewAfterJoin = (settings: NetworkSettings): MacView => ({
  rx1DelayS: settings.rx1DelayS,
  rx1DrOffset: settings.rx1DrOffset,
  rx2DataRate: settings.rx2DataRate,
  rx2FreqHz: settings.region.rx2.freqHz,
  extraHz: settings.extraChannelsHz,
  ...untouched,
});

/** A personalised device as it leaves the factory: the region's own values until it is told otherwise. */
export const viewOfFactory = (settings: NetworkSettings): MacView => ({
  rx1DelayS: settings.region.receiveDelay1Ms / 1000,
  rx1DrOffset: 0,
  rx2DataRate: settings.region.rx2.dr,
  rx2FreqHz: settings.region.rx2.freqHz,
  extraHz: [],
  ...untouched,
});

const untouched = { txPower: 0, nbTrans: 1, dataRate: 0, asked: [], unanswered: 0, refused: [] } as const;

/** A device that does not answer is asked this often in a row, then only with each n-th uplink. */
const askedInARow = 3;
const thenEvery = 32;

/** What the device must still be told so that it is as the settings want it; ADR and status are decided elsewhere. */
export const setupRequests = (view: MacView, settings: NetworkSettings): readonly DownlinkCommand[] => {
  const { region } = settings;
  if (isSetUp(view, settings)) return [];
  const requests: DownlinkCommand[] = [];
  if (
    view.rx1DrOffset !== settings.rx1DrOffset ||
    view.rx2DataRate !== settings.rx2DataRate ||
    view.rx2FreqHz !== region.rx2.freqHz
  )
    requests.push({
      kind: 'rx-param-setup-req',
      rx1DrOffset: settings.rx1DrOffset,
      rx2DataRate: settings.rx2DataRate,
      freqHz: region.rx2.freqHz,
    });
  if (view.rx1DelayS !== settings.rx1DelayS) requests.push({ kind: 'rx-timing-setup-req', delayS: settings.rx1DelayS });
  settings.extraChannelsHz.forEach((freqHz, i) => {
    const { minDr, maxDr } = region.channels[0]!;
    const index = region.channels.length + i;
    if (view.extraHz[i] !== freqHz) requests.push({ kind: 'new-channel-req', index, freqHz, minDr, maxDr });
  });
  return requests.filter(({ kind }) => !view.refused.includes(kind));
};

const isSetUp = (view: MacView, settings: NetworkSettings): boolean =>
  view.rx1DrOffset === settings.rx1DrOffset &&
  view.rx2DataRate === settings.rx2DataRate &&
  view.rx2FreqHz === settings.region.rx2.freqHz &&
  view.rx1DelayS === settings.rx1DelayS &&
  settings.extraChannelsHz.every((freqHz, i) => view.extraHz[i] === freqHz);

/** Whether a device that owes answers should be asked again with this uplink. */
export const mayAsk = (view: MacView): boolean =>
  view.unanswered < askedInARow || (view.unanswered - askedInARow) % thenEvery === thenEvery - 1;

type Answer = Extract<UplinkCommand, { readonly kind: `${string}-ans` }>;

/**
 * Takes the answers of an uplink into the view: what a device agreed to is true from now on, what it refused is not asked
 * again. Answers to nothing are ignored. Returns whether data rate or power were agreed to: the ADR history starts anew.
 */
export const takeAnswers = (
  view: MacView,
  commands: readonly UplinkCommand[],
  { region }: NetworkSettings,
): { readonly adrChanged: boolean } => {
  const { asked } = view;
  if (asked.length === 0) {
    // Counts on while it is left in peace, so that its turn comes.
    if (view.unanswered >= askedInARow) view.unanswered++;
    return { adrChanged: false };
  }
  const refused = new Set(view.refused);
  let adrChanged = false;
  let answered = false;
  const take = <K extends DownlinkCommand['kind']>(
    kind: K,
    agreed: boolean,
    then: (request: CommandOf<K>) => void,
  ): void => {
    const index = left.findIndex((request) => request.kind === kind);
    if (index < 0) return;
    answered = true;
    const [request] = left.splice(index, 1);
    if (agreed) then(request as CommandOf<K>);
    else refused.add(kind);
  };
  const left = [...asked];
  for (const command of commands as readonly Answer[]) {
    switch (command.kind) {
      case 'link-adr-ans': {
        // A block is done as a whole or not at all; its last request carries data rate and power (1.0.4 §5.3). Who answers
        // its requests one by one and says no to one of them has not agreed.
        const block = asked.filter((request): request is CommandOf<'link-adr-req'> => request.kind === 'link-adr-req');
        if (learnLimits(view, command, block.at(-1))) {
          answered = true;
          break;
        }
        take('link-adr-req', commands.every(isWell), () => {
          const { txPower, nbTrans } = block.at(-1)!;
          adrChanged = true;
          view.txPower = txPower === 15 ? view.txPower : txPower;
          view.nbTrans = Math.max(1, nbTrans);
        });
        break;
      }
      case 'rx-param-setup-ans':
        take('rx-param-setup-req', command.channelOk && command.rx2DataRateOk && command.rx1DrOffsetOk, (request) => {
          view.rx1DrOffset = request.rx1DrOffset;
          view.rx2DataRate = request.rx2DataRate;
          view.rx2FreqHz = request.freqHz;
        });
        break;
      case 'rx-timing-setup-ans':
        take('rx-timing-setup-req', true, ({ delayS }) => void (view.rx1DelayS = Math.max(1, delayS)));
        break;
      case 'new-channel-ans':
        take('new-channel-req', command.frequencyOk && command.dataRatesOk, ({ index, freqHz }) => {
          const at = index - region.channels.length;
          view.extraHz = Array.from({ length: Math.max(view.extraHz.length, at + 1) }, (_, i) =>
            i === at ? freqHz : (view.extraHz[i] ?? 0),
          );
        });
        break;
      case 'dev-status-ans':
        take('dev-status-req', true, () => undefined);
        break;
      case 'duty-cycle-ans':
        take('duty-cycle-req', true, () => undefined);
        break;
      default:
    }
  }
  view.refused = [...refused];
  view.asked = [];
  view.unanswered = answered ? 0 : view.unanswered + 1;
  return { adrChanged };
};

/**
 * Whether a refusal only says how far a device can go: many know fewer powers than the region has. ADR then goes on within
 * what is left (ChirpStack keeps such limits as well).
 */
const learnLimits = (
  view: MacView,
  { channelMaskOk, dataRateOk, powerOk }: CommandOf<'link-adr-ans'>,
  request: CommandOf<'link-adr-req'> | undefined,
): boolean => {
  if (!request || !channelMaskOk || (dataRateOk && powerOk)) return false;
  const { dataRate, txPower } = request;
  if (!powerOk && txPower > 0) view.mostTxPower = txPower - 1;
  else if (!dataRateOk && dataRate > 0) view.mostDataRate = dataRate - 1;
  else return false;
  return true;
};

const isWell = (command: UplinkCommand): boolean =>
  command.kind !== 'link-adr-ans' || (command.channelMaskOk && command.dataRateOk && command.powerOk);

/** The downlink of that frame has not left: what it asked was never heard. Returns what it asked. */
export const takeBackAsked = (view: MacView | undefined, frame: string): readonly DownlinkCommand[] => {
  if (view?.askedIn !== frame) return [];
  const { asked } = view;
  view.asked = [];
  return asked;
};

/** A view as JSON; `loadView` reads it. */
export const viewText = (view: MacView): string => {
  let text = `{"rx1DelayS":${view.rx1DelayS},"rx1DrOffset":${view.rx1DrOffset},"rx2DataRate":${view.rx2DataRate}`;
  text += `,"rx2FreqHz":${view.rx2FreqHz},"extraHz":[${view.extraHz.join()}],"txPower":${view.txPower}`;
  text += `,"nbTrans":${view.nbTrans},"dataRate":${view.dataRate},"unanswered":${view.unanswered}`;
  text += view.asked.length === 0 ? ',"asked":[]' : `,"asked":${JSON.stringify(view.asked)}`;
  text += view.refused.length === 0 ? ',"refused":[]' : `,"refused":${JSON.stringify(view.refused)}`;
  if (view.askedIn !== undefined) text += `,"askedIn":${JSON.stringify(view.askedIn)}`;
  if (view.mostDataRate !== undefined) text += `,"mostDataRate":${view.mostDataRate}`;
  if (view.mostTxPower !== undefined) text += `,"mostTxPower":${view.mostTxPower}`;
  return `${text}}`;
};

/** The view that was saved; undefined when the value is none. */
export const loadView = (saved: unknown): MacView | undefined => {
  if (saved === null || typeof saved !== 'object') return undefined;
  const view = saved as Record<keyof MacView, unknown>;
  const numbers = ['rx1DelayS', 'rx1DrOffset', 'rx2DataRate', 'rx2FreqHz', 'txPower', 'nbTrans', 'dataRate'] as const;
  if (!numbers.every((name) => typeof view[name] === 'number') || !Array.isArray(view.extraHz)) return undefined;
  // The answer to what was asked before the process ended may still come: a device obeys at once, so that it listens at
  // other times and on other channels than before. Who did not know would never reach it again.
  return {
    ...(view as unknown as MacView),
    asked: Array.isArray(view.asked) ? view.asked.filter(isSavedRequest) : [],
    unanswered: 0,
    refused: Array.isArray(view.refused) ? (view.refused as MacView['refused']) : [],
  };
};

const isSavedRequest = (value: unknown): value is DownlinkCommand =>
  value !== null &&
  typeof value === 'object' &&
  Object.entries(value).every(([name, one]) => typeof one === (name === 'kind' ? 'string' : 'number'));
