import { X509Certificate, createPrivateKey, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { startError } from './command-error.ts';

/** Where a working directory keeps what Roomplex makes for itself. */
const KEPT_FOLDER = '.roomplex';

const DAY_MS = 86_400_000;
/** Browsers refuse certificates that live longer than 398 days. */
const LIFE_DAYS = 397;
const RENEW_DAYS = 30;

interface KeptCertificate {
  readonly cert: string;
  readonly key: string;
  readonly isNew: boolean;
}

/**
 * The self-signed certificate of this working directory for `localhost`, the loopback addresses and `host`.
 * Made once; made anew when it is about to expire, does not know the host, or cannot be read.
 */
export async function selfSigned(host: string, cwd: string): Promise<KeptCertificate> {
  const folder = join(cwd, KEPT_FOLDER);
  // One file for both, so that two starts at a time cannot leave a key beside the other's certificate.
  const file = join(folder, 'self-signed.pem');
  const kept = split(await readFile(file, 'utf8').catch(() => ''));
  if (kept !== undefined && isUsable(kept, host)) return { ...kept, isNew: false };
  const made = await generate(host);
  try {
    await keep(folder, file, `${made.key}\n${made.cert}\n`);
  } catch (error) {
    throw startError(
      `Cannot keep the self-signed certificate in ${file}: ${(error as Error).message}.`,
      error,
    );
  }
  return { ...made, isNew: true };
}

async function keep(folder: string, file: string, pem: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // What is kept here is secret, and many a working directory is a repository.
  await writeFile(join(folder, '.gitignore'), '*\n');
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, pem, { mode: 0o600 });
  await rename(draft, file);
}

function split(pem: string): { cert: string; key: string } | undefined {
  const [key] = /-----BEGIN PRIVATE KEY-----[^]+?-----END PRIVATE KEY-----/.exec(pem) ?? [];
  const [cert] = /-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/.exec(pem) ?? [];
  return key === undefined || cert === undefined ? undefined : { key, cert };
}

function isUsable({ cert, key }: { cert: string; key: string }, host: string): boolean {
  try {
    const certificate = new X509Certificate(cert);
    const lifeMs = Date.parse(certificate.validTo) - Date.now();
    const knowsHost = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
    return (
      lifeMs > RENEW_DAYS * DAY_MS &&
      knowsHost !== undefined &&
      certificate.checkPrivateKey(createPrivateKey(key))
    );
  } catch {
    // What cannot be read is made anew.
    return false;
  }
}

async function generate(host: string): Promise<{ cert: string; key: string }> {
  const names = new Set(['localhost', '127.0.0.1', '::1', host]);
  const now = Date.now();
  // Loaded on demand: most servers run without it, and it is a good part of the time a start takes.
  const { default: selfsigned } = await import('selfsigned');
  const { cert, private: key } = await selfsigned.generate(
    [{ name: 'commonName', value: 'Roomplex, self-signed' }],
    {
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
      // A clock that is a little behind ours must not refuse the certificate.
      notBeforeDate: new Date(now - DAY_MS),
      notAfterDate: new Date(now + (LIFE_DAYS - 1) * DAY_MS),
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [...names].map((name) =>
            isIP(name) === 0 ? { type: 2 as const, value: name } : { type: 7 as const, ip: name },
          ),
        },
      ],
    },
  );
  return { cert: cert.trim(), key: key.trim() };
}
