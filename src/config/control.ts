import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { readText } from '../io/disk.js';
import { readAs, readDocument } from './document.js';
import { withEnvironment } from './environment.js';
import type { GatewayConfig } from './gateway.js';
import type { Loaded, ReadyConfig } from './load.js';
import { name } from './pieces.js';

/** What says where a gateway's control socket lies. */
export type ControlConfig = Pick<ReadyConfig, 'state' | 'control'> & { readonly name: string };

/** The state folder and the control socket, resolved against the configuration's folder. */
export const placesOf = (
  { state, control }: Pick<GatewayConfig, 'state' | 'control'>,
  folder: string,
): Pick<ReadyConfig, 'state' | 'control'> => ({
  state: state === undefined ? undefined : resolve(folder, state),
  control: control === undefined || control === 'off' ? control : resolve(folder, control),
});

// The rest of the file is the gateway's business: whoever asks it something needs neither its devices nor its secrets.
const schema = z.object({
  name: name.default('stellwerk'),
  state: z.string().optional(),
  control: z.string().min(1).optional(),
});

/** Reads from a configuration what finds its running gateway, and nothing else of it. */
export const controlConfig = async (
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Loaded<ControlConfig>> => {
  const text = await readText(file);
  const document = text.ok ? readDocument(text.value, file) : text;
  const overridden = document.ok ? withEnvironment(document.value, env) : document;
  if (!overridden.ok) return { ok: false, problems: [overridden.problem] };
  const read = readAs(overridden.value, schema);
  if (!read.ok) return read;
  return { ok: true, value: { name: read.value.name, ...placesOf(read.value, dirname(resolve(file))) } };
};
