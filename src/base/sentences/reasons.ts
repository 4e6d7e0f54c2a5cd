import type { Reasons } from './reason-words.js';
import { downlinkLoss, failure, fate, window } from './reasons-down.js';
import { loss, note, refusal } from './reasons-up.js';

export type { ReasonWords } from './reason-words.js';

/** Every reason by who says it; a reason of another version of this program may be missing. */
export const reasons = { refusal, loss, fate, downlinkLoss, window, failure, note } as const satisfies Readonly<
  Record<string, Reasons>
>;
export type ReasonGroup = keyof typeof reasons;

/** Ends of a life that are no refusal. */
export const ends = {
  joined: 'the device joined',
  joinedAndUsed: 'the device joined, and uses its session',
  acceptSent: 'its accept was sent; that the device uses it is not to be seen yet',
  accepted: 'it arrived',
  again: 'it came again after it had arrived',
  refused: 'it was refused; the record does not say why',
  answered: 'it was answered; the record of its arrival is not here',
  heardOnly: 'a gateway heard it; what the server made of it is not in these records',
  sentOnly: 'it was sent; whether a gateway heard it is not in these records',
  dropped: 'its events were made and given up: the far end took none for too long',
  noAnswer: 'its answer did not leave',
  answerUnheard: 'its answer was not heard',
  received: 'the device received it',
  acknowledged: 'the device acknowledged it',
  used: 'the device uses what it brought',
  left: 'it left the gateway; whether the device heard it is not to be seen',
  queued: 'it waits for the next uplink of its device',
  carried: 'it was sent; whether the device heard it is not to be seen',
  noteOnly: 'no frame followed from it',
} as const;
