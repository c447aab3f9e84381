import selfsigned from 'selfsigned';

/** A certificate for `localhost` and `127.0.0.1` that nobody knows. */
export async function certificate(): Promise<{ key: string; cert: string }> {
  const { private: key, cert } = await selfsigned.generate([{ name: 'commonName', value: 'Roomplex lab' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key, cert };
}
