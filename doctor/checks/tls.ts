import { defineCheck } from '../check-spec.ts';

export type TlsFacts = {
  readonly isEncrypted: boolean;
  readonly port: number;
  /** ALPN name, where it can be known. */
  readonly protocol: string | null;
  /** Who vouches for the certificate, where it can be known. */
  readonly issuer: string | null;
};

/** How the first leg is protected, and which HTTP it speaks. */
export const tls = defineCheck({
  id: 'tls',
  title: 'Encryption and HTTP version',
  async run(path) {
    const { base, environment } = path;
    const { certificateIssuer, protocolOf } = environment.extras;
    const isEncrypted = base.protocol === 'https:';
    const facts: TlsFacts = {
      isEncrypted,
      port: base.port === '' ? (isEncrypted ? 443 : 80) : Number(base.port),
      protocol: protocolOf?.(path.at('echo/info').href) ?? null,
      issuer: isEncrypted ? ((await certificateIssuer?.(base)) ?? null) : null,
    };
    const over = facts.protocol === null ? '' : ` over ${facts.protocol}`;
    const issued = facts.issuer === null ? '' : `, certificate by ${facts.issuer}`;
    if (isEncrypted) return { status: 'pass', detail: `Encrypted${over}${issued}.`, facts };
    return { status: 'pass', detail: `Not encrypted${over}.`, facts };
  },
});
