import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { placed, problem, type Place, type Problem } from '../base/problem.js';
import { pseudonyms, type Pseudonym } from '../base/pseudonym.js';
import { ok, type Result } from '../base/result.js';
import type { SinkKind } from '../sinks/define.js';
import type { SourceKind } from '../sources/define.js';
import { readText } from '../io/disk.js';
import { aesKey } from '../lorawan/aes.js';
import { isSimulatedKey, parseKey } from '../lorawan/keys.js';
import type { Activation, Device } from '../network/device.js';
import { readListDocument } from './device-list.js';
import { readAs, readDocument, type TextDocument } from './document.js';
import { withEnvironment } from './environment.js';
import {
  configParts,
  type ConfigShelves,
  deviceSchema,
  gatewaySchema,
  twiceIn,
  type ConfigParts,
  type DeviceConfig,
  type GatewayConfig,
} from './gateway.js';
import { placesOf } from './control.js';
import { withoutKeys } from './hide.js';
import { readOptions } from './model-options.js';

/** Where a configuration comes from. */
export interface ConfigSetup {
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly catalogue: ConfigShelves;
}

/** A configuration that can run: files read, references resolved, models loaded, keys made. */
export interface ReadyConfig {
  readonly config: GatewayConfig;
  readonly devices: readonly Device[];
  readonly gateways: ReadonlySet<string> | 'any';
  readonly sources: readonly { readonly kind: SourceKind; readonly config: unknown }[];
  readonly sinks: readonly { readonly kind: SinkKind; readonly config: unknown }[];
  /** Makes the names of drivers' tags and telephones in events; undefined when they are left out. */
  readonly pseudonym: Pseudonym | undefined;
  /** Where paths in the configuration start. */
  readonly folder: string;
  /** The token of the watch port, read from where it is. */
  readonly watchToken: string | undefined;
  /** Where secrets were found: in the configuration or the list of devices itself, or in files that these name. */
  readonly secrets: readonly SecretPlace[];
  /** Resolved against the configuration's folder. */
  readonly state: string | undefined;
  /** Where the control socket lies, resolved likewise; `off`; or undefined for the usual place. */
  readonly control: string | undefined;
}

/** A secret that lies in a file: never the secret itself. */
export interface SecretPlace {
  readonly what: string;
  /** The file that holds it. */
  readonly file: string;
  /** Where it is written in a file for people; absent where a file holds nothing else. */
  readonly at?: Place;
}

export type Loaded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

const refuse = (...problems: Problem[]): { ok: false; problems: readonly Problem[] } => ({ ok: false, problems });

/** Reads a configuration file with everything that it refers to; all problems at once, each with file, line and column. */
export const loadConfig = async (setup: ConfigSetup): Promise<Loaded<ReadyConfig>> => {
  const loaded = await load(setup);
  return loaded.ok ? loaded : refuse(...loaded.problems.map(withoutKeys));
};

const load = async ({ file, env, catalogue }: ConfigSetup): Promise<Loaded<ReadyConfig>> => {
  const document = await openDocument(file);
  if (!document.ok) return refuse(document.problem);
  const parts = await configParts(catalogue);
  const overridden = withEnvironment(document.value, env);
  if (!overridden.ok) return refuse(overridden.problem);
  const read = readAs(overridden.value, gatewaySchema(parts));
  if (!read.ok) return read;
  const config = read.value;
  const folder = dirname(resolve(file));
  const listed = await deviceList(config.devices, { document: overridden.value, folder, parts });
  if (!listed.ok) return listed;
  const secrets: SecretPlace[] = [];
  const resolver = { env, folder, simulation: config.simulation, catalogue, secrets };
  const made = await Promise.all(
    listed.value.devices.map((device, index) =>
      makeDevice(device, { ...resolver, at: (...path) => listed.value.at(index, ...path) }),
    ),
  );
  const sinks = await Promise.all(
    config.sinks.map((sink, i) =>
      resolveSecrets(sink, { ...resolver, at: (...path) => overridden.value.at(['sinks', i, ...path]) }),
    ),
  );
  const sources = await Promise.all(
    config.sources.map((source, i) =>
      resolveSecrets(source, { ...resolver, at: (...path) => overridden.value.at(['sources', i, ...path]) }),
    ),
  );
  const pseudonym = await pseudonymOf(config.privacy, { ...resolver, at: (...path) => overridden.value.at(path) });
  const token = await tokenOf(config, { ...resolver, at: (...path) => overridden.value.at(path) });
  const problems = [
    ...(token.ok ? [] : token.problems),
    ...(pseudonym.ok ? [] : pseudonym.problems),
    ...twiceIn(listed.value.devices, (index, key) => listed.value.at(index, key)),
    ...[...made, ...sources, ...sinks].flatMap((one) => (one.ok ? [] : one.problems)),
  ];
  if (problems.length > 0 || !pseudonym.ok || !token.ok) return { ok: false, problems };
  const fit = <K extends { readonly id: string }>(kinds: readonly K[], config: { readonly type: string }) => ({
    kind: kinds.find((kind) => kind.id === config.type)!,
    config,
  });
  return ok({
    config,
    devices: made.flatMap((one) => (one.ok ? [one.value] : [])),
    gateways: config.gateways ? new Set(config.gateways) : 'any',
    sources: sources.flatMap((one) => (one.ok ? [fit(parts.sources, one.value)] : [])),
    sinks: sinks.flatMap((one) => (one.ok ? [fit(parts.sinks, one.value)] : [])),
    pseudonym: pseudonym.value,
    folder,
    watchToken: token.value,
    secrets,
    ...placesOf(config, folder),
  });
};

const openDocument = async (
  file: string,
  read: (text: string, file: string) => Result<TextDocument> = readDocument,
): Promise<Result<TextDocument>> => {
  const text = await readText(file);
  return text.ok ? read(text.value, file) : text;
};

interface DeviceList {
  readonly devices: readonly DeviceConfig[];
  at(index: number, ...path: readonly PropertyKey[]): Place;
}

const deviceList = async (
  devices: GatewayConfig['devices'],
  where: { readonly document: TextDocument; readonly folder: string; readonly parts: ConfigParts },
): Promise<Loaded<DeviceList>> => {
  const { document, folder, parts } = where;
  if (typeof devices !== 'string')
    return ok({ devices, at: (index, ...path) => document.at(['devices', index, ...path]) });
  const listed = await openDocument(resolve(folder, devices), readListDocument);
  if (!listed.ok) {
    const { code, facts, at } = listed.problem;
    // The path starts at the configuration's folder, wherever the program was started.
    return refuse({ code, facts: { ...facts, from: folder }, at: at ?? document.at(['devices']) });
  }
  const read = readAs(listed.value, z.array(deviceSchema(parts.sensorIds)));
  return read.ok ? ok({ devices: read.value, at: (index, ...path) => listed.value.at([index, ...path]) }) : read;
};

interface Resolver {
  readonly env: ConfigSetup['env'];
  readonly folder: string;
  readonly simulation: boolean;
  readonly catalogue: ConfigShelves;
  /** Takes the places of secrets. */
  readonly secrets: SecretPlace[];
  at(...path: readonly PropertyKey[]): Place;
}

/** The text behind `env:NAME` or `file:PATH`; other text is itself. Where it lies is noted; `path` leads to it. */
const resolveText = async (
  text: string,
  { what, path }: { readonly what: string; readonly path: readonly PropertyKey[] },
  { env, folder, secrets, at }: Resolver,
): Promise<Result<string>> => {
  const [, kind, target = ''] = /^(env|file):(.+)$/.exec(text) ?? [];
  if (kind === undefined) {
    const place = at(...path);
    secrets.push({ what, file: place.file, at: place });
    return ok(text);
  }
  const wrong = (why: string): Result<string> => ({
    ok: false,
    problem: problem('config-reference', { what, reference: text, why }),
  });
  const said = (value: string): Result<string> => (value === '' ? wrong('it is empty') : ok(value));
  if (kind === 'env') return env[target] === undefined ? wrong('the variable is not set') : said(env[target]);
  const file = resolve(folder, target);
  const content = await readText(file);
  if (content.ok) secrets.push({ what, file });
  return content.ok
    ? said(content.value.split(/\r?\n/)[0]!.trim())
    : wrong('there is no such file, or it may not be read');
};

const leastSecret = 16;
const pseudonymOf = async (
  { tags, devEui, secret }: GatewayConfig['privacy'],
  resolver: Resolver,
): Promise<Loaded<Pseudonym | undefined>> => {
  if ((tags === 'off' && devEui !== 'hmac') || secret === undefined) return ok(undefined);
  const path = ['privacy', 'secret'];
  const text = await resolveText(secret, { what: 'the secret', path }, resolver);
  const at = resolver.at(...path);
  if (!text.ok) return refuse(placed(text.problem, at));
  const have = text.value.length;
  return have < leastSecret
    ? refuse(placed(problem('config-privacy-short', { have }), at))
    : ok(pseudonyms(text.value));
};

const tokenOf = async ({ watch }: GatewayConfig, resolver: Resolver): Promise<Loaded<string | undefined>> => {
  if (watch?.token === undefined) return ok(undefined);
  const path = ['watch', 'token'];
  const text = await resolveText(watch.token, { what: 'the token', path }, resolver);
  return text.ok ? text : refuse(placed(text.problem, resolver.at(...path)));
};

const makeDevice = async (device: DeviceConfig, resolver: Resolver): Promise<Loaded<Device>> => {
  const { devEui, otaa, abp } = device;
  const problems: Problem[] = [];
  const keyOf = async (text: string, what: string, ...path: string[]): Promise<Uint8Array> => {
    const resolved = await resolveText(text, { what, path }, resolver);
    const key = resolved.ok ? parseKey(resolved.value, what) : resolved;
    if (!key.ok) problems.push(placed(key.problem, resolver.at(...path)));
    else if (!resolver.simulation && isSimulatedKey(key.value))
      problems.push(placed(problem('config-simulated-key', { what, devEui }), resolver.at(...path)));
    return key.ok ? key.value : new Uint8Array(16);
  };
  const activation: Activation = otaa
    ? {
        kind: 'otaa',
        ...(otaa.joinEui !== undefined && { joinEui: otaa.joinEui }),
        appKey: aesKey(await keyOf(otaa.appKey, 'appKey', 'otaa', 'appKey')),
      }
    : {
        kind: 'abp',
        devAddr: abp!.devAddr,
        nwkSKey: await keyOf(abp!.nwkSKey, 'nwkSKey', 'abp', 'nwkSKey'),
        appSKey: await keyOf(abp!.appSKey, 'appSKey', 'abp', 'appSKey'),
        ...(abp!.fCntUp !== undefined && { fCntUp: abp!.fCntUp }),
        ...(abp!.fCntDown !== undefined && { fCntDown: abp!.fCntDown }),
      };
  const model = await resolver.catalogue.load('sensors', device.model);
  if (!model.ok) problems.push(placed(model.problem, resolver.at('model')));
  const options =
    model.ok && device.options
      ? readOptions(model.value, device.options, (...path) => resolver.at('options', ...path))
      : ok({});
  if (!options.ok) problems.push(...options.problems);
  if (problems.length > 0 || !model.ok || !options.ok) return { ok: false, problems };
  const bay = device.bay ?? devEui;
  return ok({
    devEui,
    name: device.name ?? bay,
    bay,
    lot: device.lot,
    lorawan: device.lorawan,
    deviceClass: device.class,
    counters: device.counters,
    adr: device.adr,
    debounceMs: Math.round(device.debounceS * 1000),
    ...(device.heartbeatS !== undefined && { heartbeatS: device.heartbeatS }),
    ...(device.singleUser && { singleUser: true }),
    activation,
    model: model.value,
    options: { ...model.value.defaults, ...options.value },
    ...(device.mounting && { mounting: device.mounting }),
  });
};

/** The configuration of a source or sink with its user name and password read from where they refer to. */
const resolveSecrets = async (
  sink: { readonly type: string },
  resolver: Resolver,
): Promise<Loaded<{ readonly type: string }>> => {
  const resolved: Record<string, unknown> = { ...sink };
  const problems: Problem[] = [];
  for (const what of ['username', 'password', 'token']) {
    if (typeof resolved[what] !== 'string') continue;
    const text = await resolveText(resolved[what], { what, path: [what] }, resolver);
    if (text.ok) resolved[what] = text.value;
    else problems.push(placed(text.problem, resolver.at(what)));
  }
  return problems.length > 0 ? { ok: false, problems } : ok(resolved as { type: string });
};
