import type { Result } from '../base/result.js';
import type { Dialect } from './dialect.js';
import type { BoardEvent } from './events.js';
import type { Script } from './script.js';

/** What the owner of a console wants of it. */
export type TalkOrder =
  | { readonly kind: 'script'; readonly id: number; readonly script: Script<unknown> }
  /** Gives a running or waiting script up. */
  | { readonly kind: 'cancel'; readonly id: number }
  /** The lines from now on are of this console. */
  | { readonly kind: 'use'; readonly dialect: Dialect }
  /** Keys that a person types, as they are. */
  | { readonly kind: 'type'; readonly bytes: Uint8Array }
  | { readonly kind: 'baud'; readonly baud: number };

export type LineKind = 'echo' | 'answer' | 'status' | 'event' | 'log';

/** What a console tells its owner. Lines are as the board sent them: hide their keys before they are shown or kept. */
export type TalkEvent =
  | { readonly kind: 'done'; readonly id: number; readonly result: Result<unknown> }
  | { readonly kind: 'event'; readonly event: BoardEvent }
  | { readonly kind: 'line'; readonly text: string; readonly what: LineKind }
  /** So many bytes without a line end were thrown away. */
  | { readonly kind: 'overflow'; readonly bytes: number }
  | { readonly kind: 'opened' }
  | { readonly kind: 'lost' };
