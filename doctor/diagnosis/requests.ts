import { kibibytes, seconds } from '../amounts.ts';
import { HAPROXY_AFFINITY, NGINX_AFFINITY, NGINX_BODY, NGINX_NO_CACHE } from './proxy-lines.ts';
import type { Known } from '../facts.ts';
import { NOTHING_TO_DO, type Rule } from './rule.ts';
import { idleEnd } from './lasting.ts';
import { errorsOf, isChance, works } from './works.ts';

/** What takes so much longer is held by somebody, ms. */
const HELD_MS = 1000;

const postRefused: Rule = {
  id: 'post-refused',
  look({ known, url }) {
    const { post } = known;
    if (post === undefined || post.isAnswered || post.isRedirect || post.isHtml) return null;
    if (isChance(known, post.status)) return null;
    const canTalk = works(known, 'websocket');
    return {
      severity: canTalk ? 'warn' : 'fail',
      title: 'Requests that carry something (POST) are refused',
      evidence: [
        post.status === null
          ? 'A POST was not answered, a GET is.'
          : `A POST was answered with ${post.status}, a GET passes.`,
      ],
      remedy: {
        user: canTalk
          ? 'Nothing needs to be done as long as WebSocket works.'
          : 'Nothing can be sent here. Try another network, or ask the IT department.',
        it: `POST requests to ${url.host} are refused. Please allow them, or allow WebSocket for this host.`,
        operator: 'Let POST pass in a proxy of yours. Over HTTPS nobody else sees methods.',
      },
    };
  },
};

const postsHeld: Rule = {
  id: 'posts-held',
  look({ known: { post }, url }) {
    if (post === undefined || post.heldMs < HELD_MS) return null;
    const held = seconds(post.heldMs);
    return {
      severity: 'warn',
      title: `Requests that carry something (POST) are held back for about ${held}`,
      evidence: [`A POST took ${held} longer than a GET, and so did a second one.`],
      remedy: {
        user: 'Nothing needs to be done as long as WebSocket works. Without it, what is said arrives late.',
        it: `POST requests to ${url.host} are held back for ${held}, as by a scanner. Please exempt this host.`,
        operator: 'Serve over HTTPS, so that nobody on the way reads along.',
      },
    };
  },
};

const bodyLimit: Rule = {
  id: 'body-limit',
  look({ known, url }) {
    const size = known['post-size'];
    if (size === undefined || size.refusedBytes === null || isChance(known, size.status)) return null;
    // What died of quiet is waited for as well.
    if (size.status === null && idleEnd(known)?.kind === 'dead') return null;
    // Then it is not their size.
    if (known.post?.isIntact === false && size.passedBytes === 0) return null;
    const limit = kibibytes(size.passedBytes);
    const answered = size.status === null ? '' : `: the answer was ${size.status}`;
    return {
      severity: 'warn',
      title: `Requests that carry more than about ${limit} ${size.status === 200 ? 'are cut short' : 'are refused'}`,
      evidence: [`${limit} passed, ${kibibytes(size.refusedBytes)} did not${answered}.`],
      remedy: {
        user: `Messages of more than ${limit} cannot be sent without WebSocket. Shorter ones are not affected.`,
        it: `Requests to ${url.host} that carry more than ${limit} are refused. Please allow 4 MiB.`,
        operator: 'Raise the limit for request bodies in a proxy of yours.',
        nginx: NGINX_BODY,
        haproxy: '# look for rules on req.body_size',
      },
    };
  },
};

const bodiesAltered: Rule = {
  id: 'bodies-altered',
  look({ known: { post }, url }) {
    if (post?.isIntact !== false) return null;
    const { arrivedBytes, sentBytes } = post;
    return {
      severity: 'fail',
      title: 'Something changes what is sent',
      evidence: [
        arrivedBytes === sentBytes
          ? `${sentBytes} bytes were sent, and as many other ones arrived.`
          : `${sentBytes} bytes were sent and ${arrivedBytes} arrived.`,
      ],
      remedy: {
        user: 'Letters outside the Latin alphabet may arrive wrong. Use https:// if the server has it.',
        it: `The bodies of requests to ${url.host} are rewritten on the way. Please exempt this host.`,
        operator: 'Serve over HTTPS, so that nobody on the way can rewrite.',
      },
    };
  },
};

const cached: Rule = {
  id: 'cached',
  look({ known: { fresh }, url }) {
    if (fresh === undefined || fresh.different === fresh.asked) return null;
    return {
      severity: 'warn',
      title: 'Something keeps answers and hands out old ones',
      evidence: [
        `${fresh.asked} requests got ${fresh.different} different answers, although each says that it must not be kept.`,
        ...(fresh.isQueryIgnored ? ['One with another query got an old answer as well.'] : []),
      ],
      remedy: {
        user: fresh.isQueryIgnored
          ? 'Nothing needs to be done as long as WebSocket or POST works: only what is asked for by GET is old.'
          : 'Nothing needs to be done: our own client asks in ways that are not kept.',
        it: `Responses from ${url.host} say Cache-Control: no-store and are kept nevertheless. Please respect it.`,
        operator: 'Let a proxy of yours not cache Roomplex.',
        nginx: NGINX_NO_CACHE,
        haproxy: '# no "http-request cache-use" for Roomplex',
      },
    };
  },
};

const noAffinity: Rule = {
  id: 'no-affinity',
  look({ known }) {
    const { nodes } = known;
    if (nodes === undefined || nodes.unknown === 0 || (isMoving(known) && known.steady?.servers === 1))
      return null;
    const canTalk = works(known, 'websocket');
    return {
      severity: canTalk ? 'warn' : 'fail',
      title: 'Requests of one session go to different servers',
      evidence: [
        `${nodes.unknown} of ${nodes.sent} times the server that was asked did not know the session.`,
      ],
      remedy: {
        user: canTalk
          ? 'Nothing needs to be done as long as WebSocket works.'
          : 'Nothing can be done here: tell the operator of the server.',
        it: NOTHING_TO_DO,
        operator:
          'Several servers are behind a balancer. Let it choose by the session in the path, or let the servers share their sessions.',
        nginx: NGINX_AFFINITY,
        haproxy: HAPROXY_AFFINITY,
      },
    };
  },
};

/** One server sees the client come from several addresses. */
function isMoving({ steady }: Known): boolean {
  return (steady?.networks ?? 0) > 1;
}

const addressChanges: Rule = {
  id: 'address-changes',
  look({ known, url }) {
    if (!isMoving(known)) return null;
    const isNoted = (known.nodes?.unknown ?? 0) > 0;
    const canTalk = works(known, 'websocket');
    return {
      severity: !isNoted ? 'info' : canTalk ? 'warn' : 'fail',
      title: 'Requests come from an address that changes',
      evidence: [
        `One server saw them come from ${known.steady?.networks ?? 0} addresses.`,
        ...(isNoted
          ? ['Sessions were not known any more, for they belong to the address that opened them.']
          : []),
      ],
      remedy: {
        user: 'Nothing needs to be done in a browser: sessions go by a cookie there.',
        it: `Requests to ${url.host} leave by several addresses in turn. Please let those of one computer leave by one.`,
        operator:
          'A balancer must not go by the address. If the addresses are those of proxies of yours, name these with --trust-proxy.',
      },
    };
  },
};

const queryRemoved: Rule = {
  id: 'query-removed',
  look({ known: { mirror }, url }) {
    if (mirror?.isQueryKept !== false) return null;
    return {
      severity: 'warn',
      title: 'Something removes the query (what follows the ?) from addresses',
      evidence: ['A question with a query arrived without it.'],
      remedy: {
        user: 'Most works, but lines that die are noticed late, and what is lost cannot be asked for again.',
        it: `Requests to ${url.host} lose what follows the ? in their addresses. Please pass it on.`,
        operator: 'Let a proxy of yours pass the query on.',
        nginx: 'proxy_pass http://roomplex; # with $uri behind it: $uri$is_args$args',
      },
    };
  },
};

const errorsAtRandom: Rule = {
  id: 'errors-at-random',
  look({ known, url }) {
    const errors = [...errorsOf(known)].filter(([status]) => status !== TOO_MANY);
    const count = errors.reduce((sum, [, times]) => sum + times, 0);
    const asked = known.steady?.asked ?? 0;
    if (count === 0) return null;
    const which = errors.map(([status]) => status).join(', ');
    return {
      severity: 'warn',
      title: `Requests are answered with an error now and then (${which})`,
      evidence: [`${count} of ${asked} small requests got ${which}, the others what they asked for.`],
      remedy: {
        user: 'Nothing needs to be done as a rule: what fails is asked again. A WebSocket that is open is not affected.',
        it: `A proxy answers some requests to ${url.host} with ${which}. Please look in its log why, and whether it is overloaded.`,
        operator:
          'Look in the log of a proxy of yours: servers behind it that come and go, limits of connections, connections kept for longer than the server keeps them.',
      },
    };
  },
};

const TOO_MANY = '429';

const rateLimited: Rule = {
  id: 'rate-limited',
  look({ known, url }) {
    const count = errorsOf(known).get(TOO_MANY) ?? 0;
    if (count === 0) return null;
    return {
      severity: 'warn',
      title: 'Who asks often is turned down (429)',
      evidence: [`${count} of ${known.steady?.asked ?? 0} small requests in a row were turned down.`],
      remedy: {
        user: 'Nothing needs to be done as long as WebSocket works: it needs one request.',
        it: `Requests to ${url.host} are limited in number. Please allow more, or allow WebSocket.`,
        operator: 'Raise the limit of requests in a proxy of yours, or leave Roomplex out of it.',
        nginx: '# no "limit_req" for Roomplex, or a larger burst',
      },
    };
  },
};

/** Lines that are cut after so little quiet are cut between two requests, ms. */
const SHORT_MS = 4000;

const answersLost: Rule = {
  id: 'answers-lost',
  look({ known, url }) {
    const { nodes } = known;
    if (nodes === undefined || nodes.lost < 2 || isChance(known, null)) return null;
    // Polls that go over lines that were quiet break as well.
    if ((idleEnd(known)?.afterMs ?? Infinity) < SHORT_MS) return null;
    return {
      severity: 'warn',
      title: 'Answers to polls are lost now and then',
      evidence: [`${nodes.lost} of ${nodes.polled} polls broke off, while other requests were answered.`],
      remedy: {
        user: 'Nothing needs to be done: what is lost is sent again.',
        it: `Connections to ${url.host} are reset while requests wait for their answers. Please let them wait.`,
        operator: 'Look for resets in the log of a proxy of yours.',
      },
    };
  },
};

export const REQUESTS: readonly Rule[] = [
  postRefused,
  postsHeld,
  bodyLimit,
  bodiesAltered,
  cached,
  queryRemoved,
  noAffinity,
  addressChanges,
  errorsAtRandom,
  rateLimited,
  answersLost,
];
