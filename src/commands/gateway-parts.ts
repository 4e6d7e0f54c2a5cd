// What a configuration means for the parts of a gateway.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fromHex, toHex } from '../base/hex.js';
import { must } from '../base/problem.js';
import { hourMs } from '../base/time.js';
import type { ReadyConfig } from '../config/load.js';
import { outward, type Outward } from '../gateway/outward.js';
import { readText, writeAtomic } from '../io/disk.js';
import { eu868 } from '../lorawan/regions/eu868.js';
import { usualNetwork, type NetworkSettings } from '../network/settings.js';

/** The embedded network's settings as a configuration has them. */
export const networkOf = ({ network, netId }: ReadyConfig['config']): NetworkSettings => ({
  ...usualNetwork(eu868),
  netId: Number.parseInt(netId, 16),
  rx1DelayS: network.rx1DelayS,
  rx1DrOffset: network.rx1DrOffset,
  rx2DataRate: network.rx2DataRate,
  adr: network.adr ? { marginDb: network.adrMarginDb, maxDr: network.adrMaxDataRate } : 'off',
  dutyCycle: network.dutyCycle,
  reserve: network.reserve,
  confirmedTries: network.confirmedTries,
  statusEveryMs: network.statusEveryH * hourMs,
});

const secretBytes = 32;

/** A secret of this gateway's own, made once and kept in its state folder; without one it is new at each start. */
const ownSecret = async (state: string | undefined): Promise<Uint8Array> => {
  if (state === undefined) return randomBytes(secretBytes);
  const file = join(state, 'secret');
  const text = await readText(file);
  const known = text.ok ? fromHex(text.value.trim()) : undefined;
  if (known?.ok && known.value.length === secretBytes) return known.value;
  const secret = randomBytes(secretBytes);
  must(await writeAtomic(file, `${toHex(secret)}\n`, { secret: true }));
  return secret;
};

/** The rules by which events leave. */
export const outwardOf = async (ready: ReadyConfig): Promise<Outward> => {
  const { devices, pseudonym, config } = ready;
  const singleUser = devices
    .filter((device) => device.singleUser)
    .flatMap(({ bay }) => [bay, ...Array.from({ length: 7 }, (_, n) => `${bay}-${n + 2}`)]);
  return outward({
    devEui: config.privacy.devEui,
    ...(pseudonym && { pseudonym }),
    secret: await ownSecret(ready.state),
    singleUser: new Set(singleUser),
  });
};
