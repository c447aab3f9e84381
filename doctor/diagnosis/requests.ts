import { kibibytes } from '../amounts.ts';
import { HAPROXY_AFFINITY, NGINX_AFFINITY, NGINX_BODY, NGINX_NO_CACHE } from './proxy-lines.ts';
import { NOTHING_TO_DO, type Rule } from './rule.ts';
import { isUnsteady, works } from './works.ts';

const postRefused: Rule = {
  id: 'post-refused',
  look({ known, url }) {
    const { post } = known;
    if (post === undefined || post.isAnswered || isUnsteady(known)) return null;
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

const bodyLimit: Rule = {
  id: 'body-limit',
  look({ known, url }) {
    const size = known['post-size'];
    if (size === undefined || size.refusedBytes === null || isUnsteady(known)) return null;
    const limit = kibibytes(size.passedBytes);
    const answered = size.status === null ? '' : `: the answer was ${size.status}`;
    return {
      severity: 'warn',
      title: `Requests that carry more than about ${limit} are refused`,
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
      ],
      remedy: {
        user: 'Nothing needs to be done: our own client asks in ways that are not kept.',
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
    if (nodes === undefined || nodes.unknown === 0) return null;
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

const answersLost: Rule = {
  id: 'answers-lost',
  look({ known, url }) {
    const { nodes } = known;
    if (nodes === undefined || nodes.lost < 2 || isUnsteady(known)) return null;
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
  bodyLimit,
  bodiesAltered,
  cached,
  noAffinity,
  answersLost,
];
