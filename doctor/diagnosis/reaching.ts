import { NGINX_HOST } from './proxy-lines.ts';
import { NOTHING_TO_DO, type Rule } from './rule.ts';

/** How Node names certificates that it does not accept. */
const CERTIFICATE_CODE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/;

const certificateRefused: Rule = {
  id: 'certificate-refused',
  look({ known: { reach }, url }) {
    if (reach === undefined || !CERTIFICATE_CODE.test(reach.code ?? '')) return null;
    return {
      severity: 'fail',
      title: 'The certificate that is shown is not trusted',
      evidence: [`It was refused with ${String(reach.code)}.`],
      remedy: {
        user: 'Check the address, and do not go on where the browser warns unless you know why.',
        it: `The certificate shown for ${url.host} is not trusted here. If a proxy inspects TLS, its authority must be known to this computer, or the host be exempt.`,
        operator:
          'Get a certificate from an authority that everybody knows, and send the whole chain. The doctor looks past a self-signed one with --insecure.',
      },
    };
  },
};

const unreachable: Rule = {
  id: 'unreachable',
  look({ known: { reach }, url }) {
    if (reach === undefined || reach.isSockJS || reach.isHtml || reach.isForbiddenToPages) return null;
    if (reach.failure === null && reach.status !== null && reach.status < 500) return null;
    if (CERTIFICATE_CODE.test(reach.code ?? '')) return null;
    const seen = {
      timeout: 'Nothing came back for 12 s.',
      broken: 'No connection could be made, or it broke.',
    };
    return {
      severity: 'fail',
      title: 'The server is not reached',
      evidence: [reach.failure === null ? `The answer was ${String(reach.status)}.` : seen[reach.failure]],
      remedy: {
        user: `Check that ${url.host} is the right address and that this computer is online. Do other sites open?`,
        it: `Connections to ${url.host} fail. Please check DNS, firewall and proxy rules for that host.`,
        operator:
          'Check that the server runs, that it listens on that address, and what the proxy in front of it says.',
      },
    };
  },
};

const captivePortal: Rule = {
  id: 'captive-portal',
  look({ known: { reach, websocket }, url }) {
    const evidence: string[] = [];
    if (reach?.isHtml === true) evidence.push('A page came where data was asked for.');
    if (websocket?.status === 200 && websocket.arrived !== 'upgrade' && websocket.arrived !== 'plain')
      evidence.push('A WebSocket handshake that the server never saw was answered with 200, as a page is.');
    if (evidence.length === 0) return null;
    return {
      severity: 'fail',
      title: "Somebody else answers in the server's place",
      evidence,
      remedy: {
        user: 'Open any address that begins with http:// in the browser: a hotel, a train or a company may want you to agree or to log in first. Then try again.',
        it: `Requests to ${url.host} are answered by a portal or a filter. Please let this host pass.`,
        operator: 'Nothing is wrong, unless a proxy of yours has a page for every address.',
      },
    };
  },
};

const notRoomplex: Rule = {
  id: 'not-roomplex',
  look({ known: { reach } }) {
    if (reach === undefined || reach.isSockJS || reach.isHtml || reach.isForbiddenToPages) return null;
    if (reach.failure !== null || reach.status === null || reach.status >= 500) return null;
    return {
      severity: 'fail',
      title: 'What answers there is not Roomplex',
      evidence: [`The answer to /echo/info was ${reach.status}, and not what a SockJS server says.`],
      remedy: {
        user: 'Check the address: it must be the root under which Roomplex is mounted.',
        it: NOTHING_TO_DO,
        operator:
          'If the server is mounted below a path, the address must name that path, and the proxy must pass on what is below it.',
      },
    };
  },
};

const originRefused: Rule = {
  id: 'origin-refused',
  look({ known: { mirror, origin, reach }, url }) {
    const isForbidden = reach?.isForbiddenToPages === true;
    if (!isForbidden && origin?.isTrusted !== false) return null;
    const isSame = origin?.isSame ?? false;
    const evidence = [
      isForbidden
        ? 'The server answers, but does not let pages of this site read it.'
        : `The server says of the origin of the page: ${origin?.verdict ?? ''}.`,
    ];
    if (mirror?.isHostKept === false) evidence.push('The Host header arrives changed.');
    return {
      severity: 'fail',
      title: isSame ? 'The server takes its own pages for foreign ones' : 'Pages of this site are not let in',
      evidence,
      remedy: {
        user: 'Nothing can be done here: tell the operator of the server.',
        it: NOTHING_TO_DO,
        operator: isSame
          ? `A proxy in front changes the Host header: pass it on, or name the address with --origin ${url.origin}.`
          : 'Name the origin of the page with --origin.',
        ...(isSame && { nginx: NGINX_HOST }),
      },
    };
  },
};

export const REACHING: readonly Rule[] = [
  certificateRefused,
  unreachable,
  captivePortal,
  notRoomplex,
  originRefused,
];
