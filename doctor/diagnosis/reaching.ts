import type { ReachFacts } from '../checks/reach.ts';
import { NGINX_HOST } from './proxy-lines.ts';
import { NOTHING_TO_DO, type Rule } from './rule.ts';
import { works } from './works.ts';

/** Network authentication required (RFC 6585 §6). */
const PORTAL = 511;

/** A login is missing, or somebody forbids it. */
const DENIALS = [401, 403, 407, 451];

function isTunnelCode(code: string | null): boolean {
  return code?.startsWith('CONNECT_') === true;
}

/** What the server answered, or the proxy that was to open a tunnel to it. */
function statusOf(reach: ReachFacts | undefined): number | null {
  if (reach === undefined) return null;
  return isTunnelCode(reach.code) ? Number(reach.code?.slice('CONNECT_'.length)) : reach.status;
}

/** Nobody said no, and nobody said anything else. */
function isSilence({ code, failure }: ReachFacts): boolean {
  return failure === 'timeout' || /^(?!PROXY).*(?:TIMED?OUT|UNREACH)/.test(code ?? '');
}

function isElsewhere(origin: string | null, { hostname }: URL): boolean {
  return origin !== null && new URL(origin).hostname !== hostname;
}

const unreachable: Rule = {
  id: 'unreachable',
  look({ known: { reach }, url }) {
    if (reach?.failure !== 'broken' || reach.isForbiddenToPages) return null;
    if (isTunnelCode(reach.code) || isSilence(reach)) return null;
    return {
      severity: 'fail',
      title: 'The server is not reached',
      evidence: ['No connection could be made, or it broke.'],
      remedy: {
        user: `Check that ${url.host} is the right address and that this computer is online. Do other sites open?`,
        it: `Connections to ${url.host} fail. Please check DNS, certificates, firewall and proxy rules for that host.`,
        operator:
          'Check that the server runs, that it listens on that address, and what the proxy in front of it says.',
      },
    };
  },
};

const noAnswer: Rule = {
  id: 'no-answer',
  look({ known: { reach }, url }) {
    if (reach === undefined || !isSilence(reach)) return null;
    return {
      severity: 'fail',
      title: 'Nothing comes back',
      evidence: [
        reach.failure === 'timeout'
          ? 'Two requests had no answer within 12 s.'
          : `There is no way to it (${String(reach.code)}).`,
      ],
      remedy: {
        user: `Check that ${url.host} is the right address and that this computer is online. Do other sites open?`,
        it: `What is sent to ${url.host} disappears. Please check the firewall and proxy rules for that host.`,
        operator: 'Check that the server runs, and that a firewall lets its port pass.',
      },
    };
  },
};

const serverDown: Rule = {
  id: 'server-down',
  look({ known: { reach }, url }) {
    const status = statusOf(reach);
    if (status === null || status < 500 || status === PORTAL) return null;
    return {
      severity: 'fail',
      title: 'A proxy answers, but the server behind it does not',
      evidence: [`The answer was ${status}, each time.`],
      remedy: {
        user: 'Try again in a while, and tell the operator of the server.',
        it: `Where requests go through a proxy of yours: it answers with ${status} for ${url.host}. Please look why it does not reach that host.`,
        operator: 'Check that the server runs, and what the proxy in front of it says.',
      },
    };
  },
};

const captivePortal: Rule = {
  id: 'captive-portal',
  look({ known: { post, reach, websocket }, url }) {
    const evidence: string[] = [];
    const isPage = reach?.isHtml === true && (reach.isRedirect || (reach.status ?? 0) < 300);
    if (isPage || reach?.status === PORTAL) evidence.push('A page came where data was asked for.');
    if (reach?.isRedirect === true && isElsewhere(reach.leadsTo, url))
      evidence.push(`The answer leads to ${String(reach.leadsTo)}.`);
    if (post?.isHtml === true) evidence.push('A page came in answer to a POST.');
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
        operator: 'Nothing is wrong, unless a proxy of yours has a page for every address, or wants a login.',
      },
    };
  },
};

const redirected: Rule = {
  id: 'redirected',
  look(seen) {
    const { known, url } = seen;
    const { post, reach } = known;
    const isAll = reach?.isRedirect === true && captivePortal.look(seen) === null;
    if (!isAll && post?.isRedirect !== true) return null;
    const to = isAll ? (reach.leadsTo ?? 'another address') : 'another address';
    return {
      severity: isAll || !works(known, 'websocket') ? 'fail' : 'warn',
      title: isAll
        ? `Requests are led to ${to}`
        : 'Requests that carry something (POST) are led to another address',
      evidence: [
        isAll ? `The answer leads to ${to}.` : 'A POST was answered with a redirect, a GET was not.',
      ],
      remedy: {
        user: to.startsWith('https:')
          ? `Use the address that begins with ${to}.`
          : 'Open the address in the browser: somebody may want you to log in first. Or use https://.',
        it: `Requests to ${url.host} are answered with a redirect. Please let this host pass.`,
        operator:
          'Tell people the address to which a proxy of yours leads them, and let no proxy redirect what is below Roomplex.',
      },
    };
  },
};

const accessDenied: Rule = {
  id: 'access-denied',
  look({ known: { reach }, url }) {
    if (reach === undefined || reach.status === null || !DENIALS.includes(reach.status)) return null;
    return {
      severity: 'fail',
      title: `Requests are turned down with ${reach.status}`,
      evidence: [`The answer to /echo/info was ${reach.status}${reach.isHtml ? ', with a page' : ''}.`],
      remedy: {
        user: 'Open the address in the browser: the page that comes may say who forbids it, or want a login.',
        it: `Requests to ${url.host} are turned down. If a filter of yours does that, please let this host pass.`,
        operator:
          'Look for a login, or a list of addresses, in a proxy of yours: below Roomplex there must be none.',
      },
    };
  },
};

const notRoomplex: Rule = {
  id: 'not-roomplex',
  look(seen) {
    const { reach } = seen.known;
    if (reach === undefined || reach.isSockJS || reach.failure !== null || reach.isRedirect) return null;
    if (reach.status === null || reach.status >= 500 || DENIALS.includes(reach.status)) return null;
    if (captivePortal.look(seen) !== null) return null;
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
  unreachable,
  noAnswer,
  serverDown,
  captivePortal,
  redirected,
  accessDenied,
  notRoomplex,
  originRefused,
];
