import { certificateRefused } from './certificates.ts';
import { NOTHING_TO_DO, type Rule, type Seen } from './rule.ts';

/** As if it were a name of the platform's. */
const SILENT_PROXY = 'PROXY_TIMEOUT';

/** A way in which a connection does not come about, by the platform's name for it. */
interface Cause {
  readonly id: string;
  readonly code: RegExp;
  readonly title: string;
  readonly seen: string;
  readonly remedy: (host: string) => {
    readonly user: string;
    readonly it: string;
    readonly operator: string;
  };
}

function because({ id, code: pattern, title, seen, remedy }: Cause): Rule {
  return {
    id,
    look({ known: { reach }, url }) {
      const isSilent = reach?.failure === 'timeout' && reach.proxy === 'silent';
      const code = isSilent ? SILENT_PROXY : (reach?.code ?? '');
      if (reach?.proxy === 'server' || !pattern.test(code)) return null;
      const evidence = [`${seen} (${code.replace(/^PROXY_/, '')}).`];
      return { severity: 'fail', title, evidence, remedy: remedy(url.host) };
    },
  };
}

const CAUSES: readonly Cause[] = [
  {
    id: 'name-not-found',
    code: /^(?:ENOTFOUND|ENODATA|EAI_)/,
    title: 'The name of the server is not found',
    seen: 'The name service knows no address for it',
    remedy: (host) => ({
      user: `Check that ${host} is written right and that this computer is online. Do other sites open?`,
      it: `The name of ${host} is not resolved here. Please check the name service (DNS), and whether it filters.`,
      operator: 'Check that the name has an address record, and that it has got around.',
    }),
  },
  {
    id: 'connection-refused',
    code: /^ECONNREFUSED$/,
    title: 'The computer is there, but nobody listens at that port',
    seen: 'The connection was refused',
    remedy: (host) => ({
      user: `Check the address, with its port: ${host}.`,
      it: `Connections to ${host} are refused at once. If the server runs, a firewall does that: please let them pass.`,
      operator: 'Check that the server runs, and that it listens on that port and not on 127.0.0.1 alone.',
    }),
  },
  {
    id: 'connection-cut',
    code: /^(?:ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET)$/,
    title: 'Connections are cut before anything is answered',
    seen: 'The connection was made, and ended without an answer',
    remedy: (host) => ({
      user: 'Try another network: then it shows whether it is this one. Check whether the address begins with https:// or http://.',
      it: `Connections to ${host} are made and then cut. Please check what the firewall makes of that host.`,
      operator: 'Check whether the port speaks HTTP or HTTPS, and what the log says of the time.',
    }),
  },
  {
    id: 'tls-failed',
    code: /^(?:EPROTO|ERR_SSL|ERR_TLS_(?!CERT))/,
    title: 'No encryption comes about',
    seen: 'The TLS handshake failed',
    remedy: (host) => ({
      user: 'Check whether the address must begin with http:// instead of https://, or has another port.',
      it: `The TLS handshake with ${host} fails. Please check what a proxy or firewall makes of TLS to that host.`,
      operator: 'Check that this port speaks TLS, in a version of today.',
    }),
  },
  {
    id: 'no-http',
    code: /^HPE_/,
    title: 'What answers there does not speak HTTP',
    seen: 'What came back is no HTTP',
    remedy: (host) => ({
      user: `Check the address, with its port: ${host}.`,
      it: NOTHING_TO_DO,
      operator: 'Check which program listens on that port.',
    }),
  },
  {
    id: 'proxy-unreachable',
    code: /^PROXY_(?!HPE)/,
    title: 'The proxy that was named is not reached',
    seen: 'The connection to the proxy failed',
    remedy: () => ({
      user: 'Check name and port of the proxy, or try without it. Of the server this says nothing.',
      it: 'The proxy is not reached from this computer. Please check that it runs, and what its address is.',
      operator: NOTHING_TO_DO,
    }),
  },
];

const proxyLogin: Rule = {
  id: 'proxy-login',
  look({ known: { reach } }) {
    if (reach?.status !== 407 && reach?.code !== 'CONNECT_407') return null;
    return {
      severity: 'fail',
      title: 'The proxy wants to know who asks',
      evidence: ['It answered with 407: a name and a password are missing, or wrong.'],
      remedy: {
        user: 'Name them with the proxy: --proxy http://NAME:PASSWORD@proxy.example:3128. Browsers ask for them, or know them.',
        it: 'The proxy answers with 407. Please say how programs log in to it, or exempt the host.',
        operator: NOTHING_TO_DO,
      },
    };
  },
};

function isNoProxy({ known: { reach } }: Seen): boolean {
  return reach?.proxy === 'server' || reach?.code?.startsWith('PROXY_HPE') === true;
}

const notAProxy: Rule = {
  id: 'not-a-proxy',
  look(seen) {
    if (!isNoProxy(seen)) return null;
    return {
      severity: 'fail',
      title: 'What is named as the proxy is none',
      evidence: [
        seen.known.reach?.proxy === 'server'
          ? 'Asked for a server that does not exist, it answers as a server does.'
          : 'What it says is not HTTP.',
      ],
      remedy: {
        user: 'Check name and port of the proxy, or try without it. Of the server this says nothing.',
        it: 'Please tell the address and the port of the HTTP proxy.',
        operator: NOTHING_TO_DO,
      },
    };
  },
};

/** Why nothing is reached, as shells are told. Pages are not, so that these do not go into them. */
export const CAUSE_RULES: readonly Rule[] = [
  certificateRefused,
  proxyLogin,
  notAProxy,
  ...CAUSES.map((cause) => because(cause)),
];
