import { kibibytes, seconds } from '../amounts.ts';
import type { WebSocketFacts } from '../checks/websocket.ts';
import { HAPROXY_UPGRADE, NGINX_UPGRADE } from './proxy-lines.ts';
import type { Rule, Seen } from './rule.ts';
import { heldFor, isChance, works } from './works.ts';

/** A handshake that failed; `null` where it did not, or none was tried. */
function failedHandshake({ known: { websocket } }: Seen): WebSocketFacts | null {
  const isFailed = websocket !== undefined && websocket.handshakeMs === null && websocket.openMs === null;
  return isFailed ? websocket : null;
}

/** The connection does its work without. */
function forUser({ known }: Seen): string {
  const others = ['xhr-streaming', 'eventsource', 'xhr-polling'] as const;
  return others.some((name) => works(known, name))
    ? 'Nothing needs to be done: the connection goes on without WebSocket, only a little less quickly.'
    : 'Try another network, or ask the IT department.';
}

/**
 * Browsers do not tell, but what arrives with `Via` over plain HTTP came through a proxy that is asked, and of such
 * proxies WebSockets want tunnels.
 */
function isTunnelLikely({ client, known: { mirror, tls } }: Seen, facts: WebSocketFacts): boolean {
  const isAsked = mirror?.traces.includes('via') === true && tls?.isEncrypted === false;
  return client.kind === 'browser' && isAsked && facts.arrived === 'no' && facts.isRefused;
}

function isTunnelRefused(seen: Seen, facts: WebSocketFacts): boolean {
  return facts.isTunnelRefused || isTunnelLikely(seen, facts);
}

/** What a proxy answered that was asked for a tunnel to an encrypted server, without which nothing goes. */
function refusedTunnel({ known: { reach } }: Seen): string | null {
  const [, status = ''] = /^CONNECT_(4\d\d)$/.exec(reach?.code ?? '') ?? [];
  return status === '' ? null : status;
}

const connectRefused: Rule = {
  id: 'connect-refused',
  look(seen) {
    const facts = failedHandshake(seen);
    const refusal = refusedTunnel(seen);
    if (refusal === null && (facts === null || !isTunnelRefused(seen, facts))) return null;
    const status = refusal ?? (facts?.isTunnelRefused === true ? String(facts.status) : null);
    return {
      severity: refusal === null ? 'warn' : 'fail',
      title: 'The proxy opens no tunnel to the port of the server',
      evidence: [
        status === null
          ? 'Requests go through a proxy, and a handshake, for which it must open a tunnel, was turned down before it reached the server.'
          : `The proxy answered CONNECT with ${status}, so ${refusal === null ? 'no WebSocket' : 'nothing'} can begin.`,
      ],
      remedy: {
        user: `${forUser(seen)} If the server can be had under https:// on the usual port, use that address.`,
        it: `Please let the proxy open tunnels (CONNECT) to ${seen.url.host}: ${refusal === null ? 'WebSocket' : 'HTTPS'} needs one.`,
        operator:
          'Serve over HTTPS on port 443: proxies open tunnels to that port as a rule, and WebSocket passes through them.',
      },
    };
  },
};

const upgradeRemoved: Rule = {
  id: 'upgrade-removed',
  look(seen) {
    if (failedHandshake(seen)?.arrived !== 'plain') return null;
    return {
      severity: 'warn',
      title: 'Something removes the Upgrade header',
      evidence: ['The WebSocket handshake arrived at the server as an ordinary request, without Upgrade.'],
      remedy: {
        user: forUser(seen),
        it: `WebSocket handshakes to ${seen.url.host} lose their Upgrade header on the way. Please let the headers Upgrade and Connection pass for this host, or exempt it from inspection.`,
        operator: 'A proxy of yours in front of the server must pass the Upgrade header on.',
        nginx: NGINX_UPGRADE,
        haproxy: HAPROXY_UPGRADE,
      },
    };
  },
};

const refusedByServer: Rule = {
  id: 'websocket-refused-by-server',
  look(seen) {
    const facts = failedHandshake(seen);
    if (facts?.arrived !== 'upgrade' || facts.answer === null || facts.answer === 101) return null;
    return {
      severity: 'warn',
      title: 'The server refuses WebSocket handshakes',
      evidence: [`The handshake arrived whole, and the server answered it with ${facts.answer}.`],
      remedy: {
        user: forUser(seen),
        it: `Nothing is wrong on the way to ${seen.url.host}.`,
        operator: 'Look at which origins are let in (--origin), and at the limits of the server.',
      },
    };
  },
};

const refused: Rule = {
  id: 'websocket-refused',
  look(seen) {
    const facts = failedHandshake(seen);
    if (facts === null || isTunnelRefused(seen, facts)) return null;
    if (facts.status === 200 || isChance(seen.known, facts.status)) return null;
    if (facts.arrived === 'upgrade' || facts.arrived === 'plain' || !facts.isRefused) return null;
    return {
      severity: 'warn',
      title: 'WebSocket handshakes are refused on the way',
      evidence: [
        facts.arrived === 'no'
          ? 'The handshake was turned down before it reached the server.'
          : 'The handshake was turned down.',
        ...(facts.status === null ? [] : [`The answer was ${facts.status}.`]),
      ],
      remedy: {
        user: forUser(seen),
        it: `WebSocket handshakes to ${seen.url.host} are refused before they get there. Please allow WebSocket for this host.`,
        operator:
          'Serve over HTTPS on port 443, and look for a rule in your own proxy that refuses requests with Upgrade.',
        nginx: NGINX_UPGRADE,
        haproxy: '# remove rules like: http-request deny if { req.hdr(Upgrade) -m found }',
      },
    };
  },
};

const unanswered: Rule = {
  id: 'websocket-unanswered',
  look(seen) {
    const facts = failedHandshake(seen);
    if (facts === null || facts.isRefused || facts.isTunnelRefused || facts.status !== null) return null;
    if (facts.arrived === 'upgrade' || facts.arrived === 'plain') return null;
    return {
      severity: 'warn',
      title: 'WebSocket handshakes are never answered',
      evidence: [
        facts.arrived === 'no'
          ? 'The handshake never reached the server, and nothing came back.'
          : 'Nothing came back for the handshake.',
      ],
      remedy: {
        user: forUser(seen),
        it: `WebSocket handshakes to ${seen.url.host} disappear on the way. Please let them pass, or refuse them, so that nobody waits.`,
        operator: 'Serve over HTTPS on port 443, and look whether your own proxy passes handshakes on.',
        nginx: NGINX_UPGRADE,
        haproxy: HAPROXY_UPGRADE,
      },
    };
  },
};

const answerLost: Rule = {
  id: 'websocket-answer-lost',
  look(seen) {
    const facts = failedHandshake(seen);
    if (facts?.arrived !== 'upgrade' || isChance(seen.known, null)) return null;
    if (facts.answer !== null && facts.answer !== 101) return null;
    return {
      severity: 'warn',
      title: 'The answer to WebSocket handshakes does not come back',
      evidence: ['The handshake reached the server whole, but its answer was never seen here.'],
      remedy: {
        user: forUser(seen),
        it: `The server at ${seen.url.host} answers WebSocket handshakes with 101, and this answer is lost on the way back. Please let it pass.`,
        operator: 'A proxy of yours must understand the answer 101, which takes HTTP/1.1 towards the server.',
        nginx: NGINX_UPGRADE,
        haproxy: HAPROXY_UPGRADE,
      },
    };
  },
};

const mute: Rule = {
  id: 'websocket-mute',
  look({ known, ...seen }) {
    const { websocket } = known;
    if (websocket === undefined || websocket.echoMs !== null || websocket.handshakeMs === null) return null;
    if (websocket.closeCode !== null) return null;
    return {
      severity: 'warn',
      title: 'WebSockets open, but what is said on them does not pass',
      evidence: [
        websocket.openMs === null
          ? 'The handshake was answered, but the greeting of the server never came.'
          : 'The greeting of the server came, but no echo: what is sent does not arrive, or what follows the greeting does not.',
      ],
      remedy: {
        user: forUser({ known, ...seen }),
        it: `WebSockets to ${seen.url.host} open, and then no frame passes. Please let WebSocket frames pass for this host, or refuse the handshake.`,
        operator: 'Serve over HTTPS, so that nothing on the way looks into the frames.',
      },
    };
  },
};

/** Until WebSockets are cut while they are new, ms; `null` where they are not. */
function killedAfter({ known }: Seen): number | null {
  const { websocket } = known;
  if (websocket === undefined || websocket.handshakeMs === null || isChance(known, null)) return null;
  if (websocket.echoMs === null) return websocket.closeCode === null ? null : (websocket.livedMs ?? 0);
  const held = heldFor(known, 'websocket');
  return held?.fate === 'closed' && !held.isIdle ? held.livedMs : null;
}

const killed: Rule = {
  id: 'websocket-killed',
  look(seen) {
    const ms = killedAfter(seen);
    if (ms === null) return null;
    const after = seconds(ms);
    return {
      severity: 'warn',
      title: `WebSockets are killed about ${after} after they opened`,
      evidence: [`A WebSocket was cut ${after} after it had opened, and so was a second one.`],
      remedy: {
        user: forUser(seen),
        it: `WebSockets to ${seen.url.host} are cut ${after} after they opened. Please let them live, or refuse the handshake.`,
        operator: 'Serve over HTTPS on port 443; in a proxy of yours, look at the time-outs of tunnels.',
        nginx: 'proxy_read_timeout 1h;',
        haproxy: 'timeout tunnel 1h',
      },
    };
  },
};

const messageLimit: Rule = {
  id: 'message-limit',
  look(seen) {
    const size = seen.known['websocket-size'];
    if (size === undefined || size.refusedBytes === null) return null;
    if (isChance(seen.known, null) || killedAfter(seen) !== null) return null;
    const limit = kibibytes(size.passedBytes);
    return {
      severity: 'warn',
      title: `Messages of more than about ${limit} do not pass over WebSocket`,
      evidence: [`${limit} came back, ${kibibytes(size.refusedBytes)} did not.`],
      remedy: {
        user: 'Short messages are not affected. For long ones, choose another transport than WebSocket.',
        it: `WebSocket messages to ${seen.url.host} of more than ${limit} are lost. Please exempt the host from inspection.`,
        operator: 'Compare with the limit "message" of the server, and with what your proxy allows.',
      },
    };
  },
};

export const WEBSOCKETS: readonly Rule[] = [
  connectRefused,
  upgradeRemoved,
  refusedByServer,
  refused,
  unanswered,
  answerLost,
  mute,
  killed,
  messageLimit,
];
