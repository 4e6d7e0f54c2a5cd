/** What a board says by itself, in one vocabulary for all consoles. */
export type BoardEvent =
  /** It has started. `mode` where its boot text tells it. */
  | { readonly kind: 'boot'; readonly mode?: 'lorawan' | 'p2p' | 'fsk' | 'bootloader' }
  | { readonly kind: 'joined'; readonly devAddr?: string; readonly netId?: string }
  | { readonly kind: 'join-failed'; readonly why: FailureReason; readonly code?: string }
  /** An uplink begins: from boards that tell the beginning and not the end. */
  | { readonly kind: 'sending'; readonly confirmed: boolean }
  /** An unconfirmed uplink is over. */
  | { readonly kind: 'sent' }
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'not-acknowledged'; readonly why: FailureReason; readonly code?: string }
  | {
      readonly kind: 'downlink';
      readonly fPort: number;
      /** Lower-case hexadecimal. */
      readonly hex: string;
      readonly window?: 'rx1' | 'rx2' | 'rxb' | 'rxc';
      readonly rssiDbm?: number;
      readonly snrDb?: number;
      readonly multicast?: boolean;
      readonly dataRate?: number;
    }
  /** How the last downlink was heard, from boards that tell it apart from the payload. */
  | { readonly kind: 'heard'; readonly window?: string; readonly rssiDbm: number; readonly snrDb: number }
  | {
      readonly kind: 'link-check';
      readonly ok: boolean;
      readonly marginDb?: number;
      readonly gateways?: number;
      readonly rssiDbm?: number;
      readonly snrDb?: number;
    }
  | { readonly kind: 'time'; readonly ok: boolean }
  | { readonly kind: 'class-change'; readonly ok: boolean; readonly deviceClass?: string }
  | { readonly kind: 'beacon'; readonly state: string }
  | { readonly kind: 'p2p-sent' }
  | { readonly kind: 'p2p-received'; readonly hex: string; readonly rssiDbm?: number; readonly snrDb?: number }
  | { readonly kind: 'p2p-failed'; readonly why: 'timeout' | 'error' }
  | { readonly kind: 'asleep' }
  /** It was asleep: what woke it was not read and must be sent again. */
  | { readonly kind: 'awake' }
  | { readonly kind: 'locked' }
  /** The licence of Heltec's boards. */
  | { readonly kind: 'licence'; readonly state: 'needed' | 'valid' | 'wrong'; readonly chipId?: string }
  /** A figure of a radio test. */
  | { readonly kind: 'rf-test'; readonly text: string };

/** Why a join or a confirmed uplink came to nothing. */
export type FailureReason =
  | 'no-answer'
  | 'tx-timeout'
  | 'bad-answer'
  | 'duty-cycle'
  | 'no-channel'
  | 'busy'
  | 'keys-missing'
  | 'too-long'
  | 'unknown';

/** Why a board does not do what it was told. */
export type Refusal =
  | 'unknown-command'
  | 'bad-value'
  | 'busy'
  | 'duty-cycle'
  | 'not-joined'
  | 'wrong-mode'
  | 'wrong-region'
  | 'too-long'
  | 'no-channel'
  | 'keys-missing'
  | 'locked'
  | 'not-supported'
  | 'join-failed'
  | 'failed';

/** Why, for people. */
export const refusalWords: Readonly<Record<Refusal, string>> = {
  'unknown-command': 'it does not know the command',
  'bad-value': 'a value is wrong or out of range',
  busy: 'it is busy',
  'duty-cycle': 'the duty cycle of the band is used up',
  'not-joined': 'it has not joined a network',
  'wrong-mode': 'it is not in the mode for that',
  'wrong-region': 'its hardware is not made for this region',
  'too-long': 'the payload is too long at the data rate of now',
  'no-channel': 'no channel is free',
  'keys-missing': 'keys are missing',
  locked: 'its console is locked',
  'not-supported': 'its firmware cannot do that',
  'join-failed': 'no network answered the join',
  failed: 'it says no more than that',
};
