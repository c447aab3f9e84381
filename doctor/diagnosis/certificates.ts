import type { Rule } from './rule.ts';

/** What is wrong with a certificate, by how Node names it: in a title, and in what to do. */
const FLAWS: readonly (readonly [code: RegExp, title: string, user: string, operator: string])[] = [
  [
    /^CERT_HAS_EXPIRED$/,
    'The certificate that is shown has expired',
    'Check that the date of this computer is right.',
    'Renew the certificate, and let that happen by itself.',
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    'The certificate that is shown is not valid yet',
    'Check that the date of this computer is right.',
    'Check that the clock of the server was right when the certificate was made.',
  ],
  [
    /ALTNAME/,
    'The certificate that is shown is for another name',
    'Check the address. Where one logs in to a network first, do that.',
    'Get a certificate that has this very name among its own.',
  ],
  [
    /^DEPTH_ZERO_SELF_SIGNED_CERT$/,
    'The certificate that is shown is signed by nobody but itself',
    'Do not go on where the browser warns unless you know why. The doctor looks past it with --insecure.',
    'Get a certificate from an authority that everybody knows.',
  ],
  [
    /SELF_SIGNED|UNABLE_TO|ISSUER/,
    'The certificate that is shown is signed by somebody who is not known here',
    'In a company this may be a proxy that reads along: ask the IT department. The doctor looks past it with --insecure.',
    'Get a certificate from an authority that everybody knows, and send the whole chain.',
  ],
  [
    /CERT/,
    'The certificate that is shown is not trusted',
    'Check the address, and do not go on where the browser warns unless you know why.',
    'Get a certificate from an authority that everybody knows, and send the whole chain.',
  ],
];

export const certificateRefused: Rule = {
  id: 'certificate-refused',
  look({ known: { reach }, url }) {
    const code = reach?.code ?? '';
    const flaw = FLAWS.find(([pattern]) => pattern.test(code));
    if (flaw === undefined || /^(?:PROXY|CONNECT)_/.test(code)) return null;
    const [, title, user, operator] = flaw;
    const issuer = reach?.issuer ?? null;
    return {
      severity: 'fail',
      title,
      evidence: [`It was refused with ${code}.`, ...(issuer === null ? [] : [`It is signed by ${issuer}.`])],
      remedy: {
        user,
        it: `The certificate shown for ${url.host} is not accepted here (${code}). If a proxy inspects TLS, its authority must be known to this computer, or the host be exempt.`,
        operator,
      },
    };
  },
};
