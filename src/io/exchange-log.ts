import { ok, type Result } from '../base/result.js';
import type { Clock } from './clock.js';
export interface ExchangeLog {
  readonly file: string;
  heard(dir: 'in' | 'out', bytes: Uint8Array): void;
  close(): Promise<void>;
}
export const openExchangeLog = (how: {
  readonly file: string;
  readonly clock: Clock;
  hide(line: string): string;
}): Promise<Result<ExchangeLog>> =>
  Promise.resolve(ok({ file: how.file, heard: () => undefined, close: () => Promise.resolve() }));
