import type { BoardEvent, FailureReason } from './events.js';

const reasons: Readonly<Record<FailureReason, string>> = {
  'no-answer': 'nobody answered',
  'tx-timeout': 'the radio did not finish sending',
  'bad-answer': 'an answer came that is not for its keys, or spoilt',
  'duty-cycle': 'the duty cycle of the band is used up',
  'no-channel': 'no channel was free',
  busy: 'it was busy',
  'keys-missing': 'keys are missing',
  'too-long': 'the payload is too long at this data rate',
  unknown: 'it does not say why',
};

const level = ({ rssiDbm, snrDb }: { readonly rssiDbm?: number; readonly snrDb?: number }): string =>
  rssiDbm === undefined ? '' : `, heard with ${rssiDbm} dBm${snrDb === undefined ? '' : `, SNR ${snrDb} dB`}`;

const failure = ({ why, code }: { readonly why: FailureReason; readonly code?: string }): string =>
  `${reasons[why]}${code === undefined ? '' : ` (${code})`}`;

const modes = {
  lorawan: ' in LoRaWAN mode',
  p2p: ' in point-to-point mode',
  fsk: ' in FSK mode',
  bootloader: ' in its bootloader',
};

/** What a board said, for people: one line, no key. */
export const eventWords = (event: BoardEvent): string => {
  switch (event.kind) {
    case 'boot':
      return `started${event.mode === undefined ? '' : modes[event.mode]}`;
    case 'joined':
      return `joined${event.devAddr === undefined ? '' : ` as ${event.devAddr}`}`;
    case 'join-failed':
      return `join failed: ${failure(event)}`;
    case 'sending':
      return `${event.confirmed ? 'confirmed ' : ''}uplink begins`;
    case 'sent':
      return 'uplink sent';
    case 'acknowledged':
      return 'uplink acknowledged by the network';
    case 'not-acknowledged':
      return `uplink not acknowledged: ${failure(event)}`;
    case 'downlink':
      return `downlink on port ${event.fPort}: ${event.hex === '' ? '(empty)' : event.hex}${event.window ? ` in ${event.window}` : ''}${level(event)}`;
    case 'heard':
      return `downlink heard with ${event.rssiDbm} dBm, SNR ${event.snrDb} dB${event.window ? ` in ${event.window}` : ''}`;
    case 'link-check':
      return event.ok
        ? `link check: margin ${event.marginDb ?? '?'} dB, ${event.gateways ?? '?'} gateways${level(event)}`
        : 'link check: no answer';
    case 'time':
      return event.ok ? 'network time received' : 'network time: no answer';
    case 'class-change':
      return event.ok ? `class ${event.deviceClass ?? 'changed'}` : 'the class was not changed';
    case 'beacon':
      return `beacon: ${event.state}`;
    case 'p2p-sent':
      return 'point-to-point frame sent';
    case 'p2p-received':
      return `point-to-point frame: ${event.hex}${level(event)}`;
    case 'p2p-failed':
      return event.why === 'timeout' ? 'no point-to-point frame came in time' : 'a point-to-point frame was spoilt';
    case 'asleep':
      return 'asleep';
    case 'awake':
      return 'awake';
    case 'locked':
      return 'its console is locked';
    case 'licence':
      return `licence ${event.state}${event.chipId === undefined ? '' : ` for chip ${event.chipId}`}`;
    case 'rf-test':
      return event.text;
  }
};
