import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { selfSigned } from './self-signed.ts';
import { loadTls } from './tls.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomplex-tls-'));
  file = join(folder, '.roomplex', 'self-signed.pem');
});
afterEach(() => rm(folder, { recursive: true }));

describe('selfSigned', () => {
  it('makes an elliptic-curve certificate for localhost, the loopback addresses and the host', async () => {
    const { cert, key, isNew } = await selfSigned('box.test', folder);
    expect(isNew).toBe(true);
    expect(key).toContain('PRIVATE KEY');
    const certificate = new X509Certificate(cert);
    expect(certificate.publicKey.asymmetricKeyType).toBe('ec');
    expect(certificate.ca).toBe(false);
    for (const name of ['localhost', 'box.test']) expect(certificate.checkHost(name)).toBe(name);
    for (const address of ['127.0.0.1', '::1']) expect(certificate.checkIP(address)).toBe(address);
    const days = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000;
    expect(Math.round(days)).toBe(397);
  });

  it('keeps it where only its owner may read and git does not look', async () => {
    await selfSigned('localhost', folder);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, '.roomplex'))).mode & 0o777).toBe(0o700);
    expect(await readFile(join(folder, '.roomplex', '.gitignore'), 'utf8')).toBe('*\n');
    expect((await readdir(join(folder, '.roomplex'))).sort()).toEqual(['.gitignore', 'self-signed.pem']);
  });

  it('finds it again, but makes another for another host or from a spoilt file', async () => {
    const first = await selfSigned('localhost', folder);
    expect(await selfSigned('127.0.0.1', folder)).toEqual({ ...first, isNew: false });
    const second = await selfSigned('box.test', folder);
    expect(second).toMatchObject({ isNew: true });
    expect(second.cert).not.toBe(first.cert);
    await writeFile(file, 'spoilt');
    expect(await selfSigned('box.test', folder)).toMatchObject({ isNew: true });
  });

  it('leaves a matching pair when several start at once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => selfSigned('localhost', folder)));
    expect(await selfSigned('localhost', folder)).toMatchObject({ isNew: false });
  });
});

describe('loadTls', () => {
  async function pair(name: string): Promise<{ cert: string; key: string }> {
    const made = await selfSigned(`${name}.test`, folder);
    await writeFile(join(folder, `${name}.crt`), made.cert);
    await writeFile(join(folder, `${name}.key`), made.key);
    return { cert: `${name}.crt`, key: `${name}.key` };
  }

  it('reads a pair of files from the working directory', async () => {
    const tls = await loadTls(await pair('a'), 'localhost', folder);
    expect(tls).toMatchObject({
      isSelfSigned: false,
      fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
    });
  });

  it('says what is wrong with the files', async () => {
    const a = await pair('a');
    const b = await pair('b');
    await writeFile(join(folder, 'text'), 'hello');
    await writeFile(
      join(folder, 'locked'),
      '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n',
    );
    const complaint = (files: { cert: string; key: string }) =>
      loadTls(files, 'localhost', folder).then(
        () => 'was accepted',
        (error: Error) => error.message,
      );
    expect(await complaint({ ...a, cert: 'none' })).toBe(
      'Cannot read the certificate none: there is no such file.',
    );
    expect(await complaint({ ...a, key: '.' })).toBe('Cannot read the private key .: it is a folder.');
    expect(await complaint({ ...a, cert: 'text' })).toBe('text holds no certificate in PEM form.');
    expect(await complaint({ ...a, key: 'text' })).toBe('text holds no private key in PEM form.');
    expect(await complaint({ ...a, key: 'locked' })).toContain('locked with a passphrase');
    expect(await complaint({ ...a, key: b.key })).toBe(
      'The private key b.key does not belong to the certificate a.crt.',
    );
  });
});
