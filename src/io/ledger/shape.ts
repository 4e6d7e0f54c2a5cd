import type { Log } from '../../base/log.js';
import type { Result } from '../../base/result.js';
import type { LogFiles } from '../log-files.js';
import type { LedgerBatch } from './lines.js';
import type { Item } from './read.js';

export interface Ledger {
  /**
   * Resolves with the number of its first item when the batch is written and synced, all of it. Calls made while a sync
   * runs share the next one. What failed is not in the ledger. Problem: `file-unwritable`.
   */
  append(batch: LedgerBatch): Promise<Result<number>>;
  /** Keeps a value of no hurry: it goes with the next batch, or by itself after about a second; failures are repeated. */
  note(key: string, value: string): void;
  /** Nobody will ask for this key again. After a restart an old value of it may be there once more. */
  forget(key: string): void;
  /** The number of the next item, and of the oldest that is kept. */
  readonly next: number;
  readonly first: number;
  /** Items from `from` on, at most `most`; those that are gone, or rotten, are left out. Problem: `file-unreadable`. */
  read(from: number, most: number): Promise<Result<readonly Item[]>>;
  /** Items below are needed no more. */
  release(before: number): void;
  /** Has all that is in the files now written anew or taken away, as soon as its items are released. */
  sweep(): void;
  /** Bytes of all files, of the newest values, and of the files that hold items not yet released. */
  readonly size: number;
  readonly live: number;
  readonly backlog: number;
  /** Where the items of the oldest file end that holds some which are not released; `next` when there is none. */
  readonly oldestEnd: number;
  close(): Promise<void>;
}

export interface LedgerSetup {
  /** A folder that is there and that nobody else uses. */
  readonly folder: string;
  /** Hears at the opening every value that was put, in order. */
  take(key: string, value: string): void;
  readonly files?: LogFiles;
  readonly log?: Log;
  /** A file is closed and the next one begun beyond this; default 1 MiB. */
  readonly segmentBytes?: number;
  /** What is of no use any more may take twice as much as what counts, and this much more; default 16 MiB. */
  readonly slackBytes?: number;
  /** Given up when the disk is full, so that there is room to tidy up in; default 256 KiB, 0 for none. */
  readonly spareBytes?: number;
  /** How long a note waits for company; default one second. */
  readonly noteMs?: number;
}

/** A ledger that was opened, and what it found. */
export interface OpenedLedger extends Ledger {
  readonly tornBytes: number;
  readonly damaged: number;
}
