import console from '../../devices/consoles/rak-rui3/index.js';
import twin from '../../simulators/consoles/rak-rui3/index.js';
import { bench, type Bench } from './bench.js';
import { scriptedModem, type ScriptedModem } from './scripted-modem.js';

/** A RUI3 board that has started, on its bench. */
export const startRui3 = (
  modem: ScriptedModem = scriptedModem(),
  setup: Partial<Parameters<typeof bench>[0]> = {},
): Bench & { readonly modem: ScriptedModem } => {
  const b = bench({ dialect: console, twin, modem, ...setup });
  b.wire.advance(2_000_000);
  b.take();
  return Object.assign(b, { modem });
};
