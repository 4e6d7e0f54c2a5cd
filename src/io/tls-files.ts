// Certificates and keys in files, read anew when they change: a certificate lives for ninety days, a gateway for years.
import { stat } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates } from 'node:tls';
import { silent, type Log } from '../base/log.js';
import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { readText, whyOf } from './disk.js';

export interface TlsPaths {
  /** Who signed the far end's certificate; without it whomever this system trusts. */
  readonly ca?: string;
  /** Our own certificate and its key, for a far end that wants to know who we are. */
  readonly cert?: string;
  readonly key?: string;
}

/** Texts in PEM, as Node's TLS takes them. */
export interface TlsMaterial {
  readonly ca?: string | readonly string[];
  readonly cert?: string;
  readonly key?: string;
}

/** Where systems keep the certificates that their owner trusts, in one file. */
const systemBundles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];

/** Whom this system trusts: its own list beside the one that came with Node. */
const systemCas = (): readonly string[] => {
  for (const path of systemBundles)
    try {
      return [...rootCertificates, readFileSync(path, 'utf8')];
    } catch {
      // The next place.
    }
  return rootCertificates;
};

const readAll = async (paths: TlsPaths): Promise<Result<TlsMaterial>> => {
  const texts: { -readonly [Name in keyof TlsPaths]: string } = {};
  for (const name of ['ca', 'cert', 'key'] as const) {
    const path = paths[name];
    if (path === undefined) continue;
    const text = await readText(path);
    if (!text.ok) return text;
    try {
      if (name === 'key') createSecureContext({ key: text.value });
      else new X509Certificate(text.value);
    } catch {
      // What OpenSSL says may hold a line of the file.
      return fail('tls-file', { file: path, what: name === 'key' ? 'private key' : 'certificate' });
    }
    texts[name] = text.value;
  }
  try {
    createSecureContext({ cert: texts.cert, key: texts.key });
  } catch {
    return fail('tls-pair', { cert: paths.cert ?? '', key: paths.key ?? '' });
  }
  return ok({ ...texts, ...(texts.ca === undefined && { ca: systemCas() }) });
};

/** The times and sizes of the files: another text has another mark. */
const marksOf = async (paths: TlsPaths): Promise<string> => {
  const marks: string[] = [];
  for (const path of [paths.ca, paths.cert, paths.key]) {
    if (path === undefined) continue;
    try {
      const { mtimeMs, size, ino } = await stat(path);
      marks.push(`${mtimeMs} ${size} ${ino}`);
    } catch (error) {
      marks.push(whyOf(error));
    }
  }
  return marks.join();
};

export interface TlsFiles {
  readonly material: TlsMaterial;
  close(): void;
}

/**
 * Reads certificates and watches their files: `changed` hears of new ones that are good. What cannot be read, or does not
 * fit together, is told to the log and not taken. Problems at the start: those of `readText`, `tls-file`, `tls-pair`.
 */
export const openTlsFiles = async (
  paths: TlsPaths,
  setup: { readonly log?: Log; readonly everyMs?: number; changed(material: TlsMaterial): void },
): Promise<Result<TlsFiles>> => {
  const { log = silent, everyMs = 30_000 } = setup;
  let marks = await marksOf(paths);
  const first = await readAll(paths);
  if (!first.ok) return first;
  if (paths.key !== undefined && process.platform !== 'win32') {
    const { mode } = await stat(paths.key);
    if ((mode & 0o077) !== 0) log('key_readable_by_others', { file: paths.key });
  }
  let material = first.value;
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    const now = await marksOf(paths);
    if (now !== marks) {
      marks = now;
      const read = await readAll(paths);
      if (read.ok) {
        material = read.value;
        log('tls_reloaded', { ...paths });
        setup.changed(material);
      } else log('tls_not_reloaded', { why: read.problem.code, ...read.problem.facts });
    }
    looking = false;
  };
  const some = paths.ca ?? paths.cert ?? paths.key;
  const watching = some === undefined ? undefined : setInterval(() => void look(), everyMs);
  watching?.unref();
  return ok({
    get material() {
      return material;
    },
    close: () => clearInterval(watching),
  });
};
