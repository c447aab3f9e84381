import { kibibytes, seconds } from '../amounts.ts';
import type { StreamFacts } from '../checks/stream.ts';
import type { Known } from '../facts.ts';
import { idleEnd, lifeEnd, LIKENESS } from './lasting.ts';
import { HAPROXY_STREAMS, NGINX_STREAMS, NGINX_TIMEOUTS } from './proxy-lines.ts';
import { NOTHING_TO_DO, type Rule } from './rule.ts';
import { echoes, heldFor, isChance } from './works.ts';

const WELL_SERVED = 'Nothing needs to be done: the connection takes the way that works best here.';

/** Both kinds of stream, as far as they were looked at. */
function streams(known: Known): readonly (StreamFacts & { readonly name: string })[] {
  const text = known['stream-text'];
  const events = known['stream-events'];
  return [
    ...(text === undefined ? [] : [{ ...text, name: 'A stream' }]),
    ...(events === undefined ? [] : [{ ...events, name: 'An event stream' }]),
  ];
}

const buffered: Rule = {
  id: 'responses-buffered',
  look({ known, url }) {
    // One that went over a line that had died of quiet brought nothing either.
    const mayBeDead = idleEnd(known)?.kind === 'dead';
    const held = streams(known).filter(({ chunks, course, heldBytes, status }) => {
      if (course === 'collected') return heldBytes === null;
      return course === 'silent' && status === null && chunks === 0 && !mayBeDead;
    });
    if (held.length === 0) return null;
    return {
      severity: 'warn',
      title: 'A proxy collects what is streamed and hands it over late',
      evidence: held.map(({ chunks, course, ms, name }) =>
        course === 'silent'
          ? `${name}, let go bit by bit, brought nothing within ${seconds(ms)}.`
          : `${name} of ${chunks} bits, let go one by one, came all at once after ${seconds(ms)}.`,
      ),
      remedy: {
        user: WELL_SERVED,
        it: `Responses from ${url.host} are held back until they are complete. Please exempt this host from scanning and buffering.`,
        operator: 'Turn buffering off in a proxy of yours. Over HTTPS nobody else can collect.',
        nginx: NGINX_STREAMS,
        haproxy: HAPROXY_STREAMS,
      },
    };
  },
};

const beginningsHeld: Rule = {
  id: 'beginnings-held',
  look({ known, url }) {
    const held = streams(known).find(({ heldBytes }) => heldBytes !== null)?.heldBytes;
    if (held === undefined || held === null) return null;
    return {
      severity: 'warn',
      title: `The first ${kibibytes(held)}, about, of each response are held back`,
      evidence: [
        'A short stream came all at once.',
        `Behind ${kibibytes(held)} that mean nothing, the same stream came bit by bit.`,
      ],
      remedy: {
        user: WELL_SERVED,
        it: `The beginnings of responses from ${url.host} are held back, as by a virus scanner. Please exempt this host.`,
        operator: 'Serve over HTTPS. In a proxy of yours, turn buffering off.',
        nginx: NGINX_STREAMS,
      },
    };
  },
};

const lumps: Rule = {
  id: 'responses-in-lumps',
  look({ known, url }) {
    const lumped = streams(known).filter(({ course }) => course === 'lumps');
    if (lumped.length === 0) return null;
    return {
      severity: 'warn',
      title: 'A proxy hands over what is streamed in lumps',
      evidence: lumped.map(({ name }) => `${name}, let go bit by bit, came a few bits at a time.`),
      remedy: {
        user: WELL_SERVED,
        it: `Responses from ${url.host} are collected for a while before they are handed on. Please exempt this host.`,
        operator: 'Turn buffering off in a proxy of yours. Over HTTPS nobody else can collect.',
        nginx: NGINX_STREAMS,
        haproxy: HAPROXY_STREAMS,
      },
    };
  },
};

/** What comes so much later than ordinary answers is held, ms. */
const HELD_MS = 80;

const smallFramesHeld: Rule = {
  id: 'small-frames-held',
  look({ known }) {
    const lagging = streams(known).filter(({ course }) => course === 'lags');
    if (lagging.length === 0) return null;
    // Where the ways there and back differ, streams look late; answers to beats are compared on the way back alone.
    const beats = [known['xhr-streaming']?.lagMs, known.eventsource?.lagMs].filter(
      (lag) => typeof lag === 'number',
    );
    if (beats.length > 0 && beats.every((lag) => lag < HELD_MS)) return null;
    const lagMs = Math.max(...lagging.map((stream) => stream.lagMs ?? 0));
    return {
      severity: 'warn',
      title: `Something holds small parts of a stream back for about ${seconds(lagMs)}`,
      evidence: lagging.map(
        (stream) => `The bits of ${stream.name.toLowerCase()} came ${seconds(stream.lagMs ?? 0)} late.`,
      ),
      remedy: {
        user: WELL_SERVED,
        it: 'A proxy waits for more before it hands on small parts of a response. Where it is haproxy: option http-no-delay.',
        operator: 'haproxy does that unless it is told not to.',
        haproxy: 'option http-no-delay',
      },
    };
  },
};

const eventStreamRefused: Rule = {
  id: 'event-stream-refused',
  look({ known, url }) {
    const events = known['stream-events'];
    const text = known['stream-text'];
    if (events?.course !== 'refused' || text === undefined || text.course === 'refused') return null;
    if (echoes(known, 'eventsource') || isChance(known, events.status)) return null;
    return {
      severity: 'warn',
      title: 'Responses of the type text/event-stream are refused',
      evidence: [
        events.status === null
          ? 'An event stream broke off at once; the same as plain text did not.'
          : `An event stream was answered with ${events.status}; the same as plain text was not.`,
      ],
      remedy: {
        user: WELL_SERVED,
        it: `Responses of the type text/event-stream from ${url.host} are refused. Please allow them.`,
        operator: NOTHING_TO_DO,
      },
    };
  },
};

const responsesCut: Rule = {
  id: 'responses-cut',
  look({ known, url }) {
    const cut = streams(known).filter(({ course }) => course === 'cut');
    if (cut.length === 0 || isChance(known, null)) return null;
    // Lines that are cut when they are old take with them what was begun late.
    const ageMs = lifeEnd(known);
    if (ageMs !== null && cut.every(({ ms }) => ms * LIKENESS < ageMs)) return null;
    const held = (['xhr-streaming', 'eventsource', 'xhr-polling'] as const).flatMap((name) => {
      const line = heldFor(known, name);
      return line?.fate === 'closed' && !line.isIdle
        ? [`${name} was cut after ${seconds(line.livedMs)}.`]
        : [];
    });
    const after = seconds(Math.min(...cut.map(({ ms }) => ms)));
    return {
      severity: 'warn',
      title: `Responses that take longer than about ${after} are cut`,
      evidence: [
        ...cut.map(
          ({ chunks, expected, ms, name }) =>
            `${name} was cut after ${seconds(ms)}: ${chunks} of ${expected} bits had come.`,
        ),
        ...held,
      ],
      remedy: {
        user: WELL_SERVED,
        it: `Responses from ${url.host} are cut after ${after}. Please let them take longer.`,
        operator: 'Raise the time-outs of a proxy of yours.',
        nginx: NGINX_TIMEOUTS,
        haproxy: 'timeout server 1h\ntimeout client 1h',
      },
    };
  },
};

const compressed: Rule = {
  id: 'compressed',
  look({ known }) {
    if (!streams(known).some(({ isCompressed }) => isCompressed)) return null;
    return {
      severity: 'info',
      title: 'Something on the way compresses streams',
      evidence: ['A stream that the server does not compress came compressed.'],
      remedy: {
        user: NOTHING_TO_DO,
        it: NOTHING_TO_DO,
        operator: 'Who compresses collects. Turn compression off for what is streamed.',
        nginx: 'gzip off;',
        haproxy: '# no "compression algo" for Roomplex',
      },
    };
  },
};

export const STREAMS: readonly Rule[] = [
  buffered,
  beginningsHeld,
  lumps,
  smallFramesHeld,
  eventStreamRefused,
  responsesCut,
  compressed,
];
