import { seconds } from '../amounts.ts';
import type { IdleFacts } from '../checks/idle.ts';
import type { TriedTransport } from '../checks/line-openers.ts';
import type { Known } from '../facts.ts';
import { HAPROXY_TIMEOUTS, NGINX_TIMEOUTS } from './proxy-lines.ts';
import type { Rule } from './rule.ts';
import { isUnsteady } from './works.ts';

/** What becomes of connections that are quiet. */
export interface IdleEnd {
  readonly kind: 'closed' | 'dead';
  readonly afterMs: number;
  /** What was quiet for so long was still there; 0: nothing was. */
  readonly survivedMs: number;
  /** Which connections. */
  readonly names: readonly string[];
}

/** Ages at which two connections ended are alike when they differ by no more than that factor. */
export const LIKENESS = 1.3;

/** The quiet lines are quiet for a tenth longer than the time-outs they look for. */
const MARGIN = 1.1;

/** The first end of all that is quiet; `null` where there is none. */
export function idleEnd(known: Known): IdleEnd | null {
  const ends = [known['idle-websocket'], known['idle-stream']]
    .map((facts) => (facts === undefined ? null : endOf(known, facts)))
    .concat(shortEnds(known))
    .filter((end) => end !== null);
  const [first] = ends.toSorted((a, b) => a.afterMs - b.afterMs);
  if (first === undefined) return null;
  const alike = ends.filter(({ afterMs }) => afterMs <= first.afterMs * LIKENESS);
  return { ...first, names: [...new Set(alike.flatMap(({ names }) => names))] };
}

/** Quiet that was too long within the few seconds for which every line is watched. */
function shortEnds({ hold, nodes }: Known): readonly IdleEnd[] {
  // Where sessions are lost, that is why.
  if ((nodes?.unknown ?? 0) > 0) return [];
  return (hold?.lines ?? [])
    .filter(({ isIdle }) => isIdle)
    .map(({ fate, livedMs, transport }) => ({
      kind: fate === 'dead' ? 'dead' : 'closed',
      afterMs: livedMs,
      survivedMs: 0,
      names: [nameOf(transport)],
    }));
}

function nameOf(transport: TriedTransport): string {
  return transport === 'websocket' ? 'WebSocket' : 'streams and polls';
}

function endOf(known: Known, { lines, transport }: IdleFacts): IdleEnd | null {
  const lost = lines.filter(({ fate }) => fate !== 'lived');
  if (lost.length === 0) return null;
  const afterMs = Math.min(...lost.map(({ cutMs, quietMs }) => cutMs ?? quietMs / MARGIN));
  const survived = lines.filter(({ fate }) => fate === 'lived').map(({ quietMs }) => quietMs);
  const survivedMs = Math.max(0, ...survived);
  // Longer quiet that was survived: then it was an accident.
  if (survivedMs > afterMs * LIKENESS) return null;
  if (afterMs <= (lifeEnd(known) ?? 0) * LIKENESS) return null;
  const kind = lost.some(({ fate }) => fate === 'closed') ? 'closed' : 'dead';
  return { kind, afterMs, survivedMs, names: [nameOf(transport)] };
}

function idleRule(id: string, kind: IdleEnd['kind']): Rule {
  return {
    id,
    look({ known, url }) {
      const end = isUnsteady(known) ? null : idleEnd(known);
      if (end?.kind !== kind) return null;
      const after = seconds(end.afterMs);
      const names = end.names.join(', ');
      const isClosed = kind === 'closed';
      return {
        severity: 'warn',
        title: `Idle connections ${isClosed ? 'are cut' : 'die without a word'} after about ${after}`,
        evidence: [
          isClosed
            ? `What was quiet was closed after ${after}: ${names}.`
            : `What was quiet for longer than ${after} did not answer, and nobody was told: ${names}.`,
          ...(end.survivedMs > 0 ? [`What was quiet for ${seconds(end.survivedMs)} was still there.`] : []),
        ],
        remedy: {
          user: 'Use the settings that are advised here: then something is said often enough.',
          it: `Connections to ${url.host} on which nothing moves are ${isClosed ? 'cut' : 'dropped silently'} after about ${after}. Please let them be idle for two minutes at least.`,
          operator:
            'Raise the time-outs of a proxy of yours. Until then, shorter heartbeats keep connections alive.',
          nginx: NGINX_TIMEOUTS,
          haproxy: HAPROXY_TIMEOUTS,
        },
      };
    },
  };
}

/** The age at which connections end on which something moves; `null` where they do not. */
export function lifeEnd({ life }: Known): number | null {
  const ages = life?.lines.filter(({ isCut }) => isCut).map(({ livedMs }) => livedMs) ?? [];
  // Some went over connections that were not new any more, and ended sooner.
  const oldest = Math.max(...ages);
  return ages.filter((age) => age >= oldest / LIKENESS).length >= 2 ? oldest : null;
}

const linesCut: Rule = {
  id: 'lines-cut',
  look({ known, url }) {
    const { broke = 0, asked = 0 } = known.steady ?? {};
    const ageMs = broke > 0 ? null : lifeEnd(known);
    if (broke === 0 && ageMs === null) return null;
    const age = ageMs === null ? null : seconds(ageMs);
    return {
      severity: 'warn',
      title:
        age === null ? 'Connections break at any time' : `Connections are cut when they are about ${age} old`,
      evidence: [
        age === null
          ? `${broke} of ${asked} small requests lost their connection.`
          : `Connections on which something moved all the time ended after ${age}.`,
      ],
      remedy: {
        user: 'Nothing needs to be done: the connection comes back by itself, and nothing is lost.',
        it:
          age === null
            ? `Connections to ${url.host} are reset at random. Please look for the device that does so.`
            : `Connections to ${url.host} are cut when they are ${age} old, busy or not. Please let them live longer.`,
        operator: 'Look in a proxy of yours for a limit on how long a connection may live.',
        nginx: NGINX_TIMEOUTS,
        haproxy: HAPROXY_TIMEOUTS,
      },
    };
  },
};

export const LASTING: readonly Rule[] = [
  idleRule('idle-cut', 'closed'),
  idleRule('idle-silent', 'dead'),
  linesCut,
];
