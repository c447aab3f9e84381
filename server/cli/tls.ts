import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { startError } from './command-error.ts';
import { describeReadFailure } from './read-failure.ts';
import { selfSigned } from './self-signed.ts';
import type { TlsFiles } from './settings.ts';

/** What an HTTPS server needs, in PEM form. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
  /** SHA-256, as browsers show it. */
  readonly fingerprint: string;
  /** True when it was made by us, so that browsers will warn. */
  readonly isSelfSigned: boolean;
  /** True when it was made just now. */
  readonly isNew: boolean;
}

/** Reads the given files, or finds or makes a self-signed certificate in the working directory. */
export async function loadTls(
  tls: TlsFiles | 'self-signed',
  host: string,
  cwd: string,
): Promise<TlsIdentity> {
  if (tls === 'self-signed') {
    const { cert, key, isNew } = await selfSigned(host, cwd);
    return { cert, key, isNew, isSelfSigned: true, fingerprint: new X509Certificate(cert).fingerprint256 };
  }
  const [cert, key] = await Promise.all([
    readPem('certificate', tls.cert, cwd),
    readPem('private key', tls.key, cwd),
  ]);
  const fingerprint = checkPair(tls, cert, key);
  return { cert, key, isNew: false, isSelfSigned: false, fingerprint };
}

async function readPem(what: string, path: string, cwd: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, path), 'utf8');
  } catch (error) {
    throw startError(`Cannot read the ${what} ${path}: ${describeReadFailure(error)}.`, error);
  }
}

/** OpenSSL's own words for these mistakes help nobody. */
function checkPair(files: TlsFiles, cert: string, key: string): string {
  const certificate = attempt(
    () => new X509Certificate(cert),
    `${files.cert} holds no certificate in PEM form.`,
  );
  const privateKey = attempt(
    () => createPrivateKey(key),
    /ENCRYPTED/.test(key)
      ? `${files.key} is locked with a passphrase; unlock it first, for example with openssl pkey.`
      : `${files.key} holds no private key in PEM form.`,
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw startError(`The private key ${files.key} does not belong to the certificate ${files.cert}.`);
  }
  return certificate.fingerprint256;
}

function attempt<T>(make: () => T, message: string): T {
  try {
    return make();
  } catch (error) {
    throw startError(message, error);
  }
}
