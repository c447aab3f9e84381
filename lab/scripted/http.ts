import type { IncomingMessage } from 'node:http';
import type { Blueprint, Description } from '../environment.ts';
import {
  type Body,
  type Manners,
  type OwnAnswer,
  startHttpMiddlebox,
} from '../middleboxes/http-middlebox.ts';
import {
  cutAfter,
  inLumps,
  kept,
  lastOfItsConnection,
  losingEvery,
  onceThereAre,
  whole,
  without,
} from '../middleboxes/responses.ts';
import { answeredWith, killedAfter, mute, passed, unanswered } from '../middleboxes/upgrades.ts';

const HTTP = { kind: 'reverse', program: null, nodes: 1, carriesPost: true, roundTripMs: 0 } as const;
const ALL_BUT_WEBSOCKET = ['stream', 'events', 'poll'] as const;
const BODY_LIMIT = 1_024;
const KEPT_ANSWERS = 1_000;
const PORTAL = '<!doctype html><title>Welcome</title><p>Please agree to the terms of use.</p>';

/** What happens to requests, responses and handshakes. */
export const HTTP_ENVIRONMENTS: readonly Blueprint[] = [
  box(
    {
      ...HTTP,
      name: 'upgrade-removed',
      does: 'the Upgrade header is removed',
      works: ALL_BUT_WEBSOCKET,
      findings: ['upgrade-removed'],
    },
    () => ({}),
  ),
  box(
    {
      ...HTTP,
      name: 'websocket-unanswered',
      does: 'WebSocket handshakes are never answered',
      works: ALL_BUT_WEBSOCKET,
      findings: ['websocket-unanswered'],
    },
    () => ({ upgrade: unanswered }),
  ),
  box(
    {
      ...HTTP,
      name: 'websocket-mute',
      does: 'WebSockets open, then nothing comes through in either direction',
      works: ALL_BUT_WEBSOCKET,
      findings: ['websocket-mute'],
    },
    () => ({ upgrade: mute({ up: true, down: 'at once' }) }),
  ),
  box(
    {
      ...HTTP,
      name: 'websocket-mute-up',
      does: 'WebSockets open, and what the client says never arrives',
      works: ALL_BUT_WEBSOCKET,
      findings: ['websocket-mute'],
    },
    () => ({ upgrade: mute({ up: true, down: false }) }),
  ),
  box(
    {
      ...HTTP,
      name: 'websocket-mute-down',
      does: 'WebSockets open, the first frame of the server arrives, and none after it',
      works: ALL_BUT_WEBSOCKET,
      findings: ['websocket-mute'],
    },
    () => ({ upgrade: mute({ up: false, down: 'after one frame' }) }),
  ),
  box(
    {
      ...HTTP,
      name: 'websocket-killed-200ms',
      does: 'WebSockets open and work, and are cut after 200 ms',
      works: ALL_BUT_WEBSOCKET,
      findings: ['websocket-killed'],
    },
    () => ({ upgrade: killedAfter(200) }),
  ),
  box(
    {
      ...HTTP,
      name: 'captive-portal',
      does: 'WebSocket handshakes are answered with 200 and a page',
      works: ALL_BUT_WEBSOCKET,
      findings: ['captive-portal'],
    },
    () => ({ upgrade: answeredWith('200 OK', PORTAL) }),
  ),
  box(
    {
      ...HTTP,
      name: 'buffered',
      does: 'responses are held back until they are complete; no Upgrade',
      works: ['poll'],
      findings: ['upgrade-removed', 'responses-buffered'],
    },
    () => ({ handOn: whole }),
  ),
  box(
    {
      ...HTTP,
      name: 'first-64k-held',
      does: 'the first 64 KiB of each response are held back; no Upgrade',
      works: ['poll', 'stream', 'events'],
      findings: ['upgrade-removed', 'beginnings-held'],
    },
    () => ({ handOn: onceThereAre(65_536) }),
  ),
  box(
    {
      ...HTTP,
      name: 'lumps-1s',
      does: 'what is streamed is collected and handed over once a second; no Upgrade',
      works: ['poll', 'stream', 'events'],
      findings: ['upgrade-removed', 'responses-in-lumps'],
    },
    () => ({ handOn: inLumps(1_000) }),
  ),
  box(
    {
      ...HTTP,
      name: 'event-stream-refused',
      does: 'text/event-stream is answered with 403; no Upgrade',
      works: ['stream', 'poll'],
      findings: ['upgrade-removed', 'event-stream-refused'],
    },
    () => ({ handOn: without('text/event-stream') }),
  ),
  box(
    {
      ...HTTP,
      name: 'responses-cut-2s',
      does: 'responses that take longer than 2 s are cut; no Upgrade',
      works: ['poll', 'stream', 'events'],
      findings: ['upgrade-removed', 'responses-cut'],
    },
    () => ({ handOn: cutAfter(2_000) }),
  ),
  box(
    {
      ...HTTP,
      name: 'everything-cut-2s',
      does: 'WebSockets and responses that take longer than 2 s are cut',
      works: ['poll', 'stream', 'events', 'websocket'],
      findings: ['responses-cut', 'websocket-killed'],
    },
    () => ({ upgrade: killedAfter(2_000), handOn: cutAfter(2_000) }),
  ),
  box(
    {
      ...HTTP,
      name: 'get-only',
      does: 'anything but GET is answered with 405; no Upgrade',
      carriesPost: false,
      works: [],
      findings: ['upgrade-removed', 'post-refused'],
    },
    () => ({ refuse: ({ method }) => (method === 'GET' ? undefined : { status: 405 }) }),
  ),
  box(
    {
      ...HTTP,
      name: 'body-1k',
      does: 'request bodies over 1 KiB are answered with 413; no Upgrade',
      works: ALL_BUT_WEBSOCKET,
      findings: ['upgrade-removed', 'body-limit'],
    },
    () => ({ body: (bytes) => (bytes.length > BODY_LIMIT ? { status: 413 } : { bytes }) }),
  ),
  box(
    {
      ...HTTP,
      name: 'bodies-recoded',
      does: 'request bodies come out as ISO 8859-1, what has no place in it as a question mark; no Upgrade',
      works: ALL_BUT_WEBSOCKET,
      findings: ['upgrade-removed', 'bodies-altered'],
    },
    () => ({ body: recoded }),
  ),
  box(
    {
      ...HTTP,
      name: 'polls-lost',
      does: 'every tenth answer to a poll is lost, and its connection reset; responses are buffered; no Upgrade',
      works: ['poll'],
      findings: ['upgrade-removed', 'responses-buffered', 'answers-lost'],
    },
    () => ({ handOn: losingEvery(10, isPoll) }),
  ),
  box(
    {
      ...HTTP,
      name: 'cache',
      does: 'answers to a GET are kept for good by address and query, whatever no-store says; no Upgrade, buffered',
      works: ['poll'],
      findings: ['upgrade-removed', 'cached', 'responses-buffered'],
    },
    () => {
      const cache = kept(KEPT_ANSWERS);
      return { handOn: cache.handOn, refuse: cache.find };
    },
  ),
  box(
    {
      ...HTTP,
      name: 'connection-per-response',
      does: 'every response ends its connection; no Upgrade',
      works: ALL_BUT_WEBSOCKET,
      findings: ['upgrade-removed'],
    },
    () => ({ handOn: lastOfItsConnection }),
  ),
  box(
    {
      ...HTTP,
      name: 'slow-info-buffered',
      does: '/info takes 2 s, and responses are held back until they are complete; no Upgrade',
      works: ['poll'],
      findings: ['upgrade-removed', 'responses-buffered'],
    },
    () => ({ handOn: whole, delayMs: ({ url = '' }) => (/\/info(\?|$)/.test(url) ? 2_000 : 0) }),
  ),
  box(
    {
      ...HTTP,
      name: 'sub-path',
      does: 'the server is below /chat, which is taken off its paths; all passes',
      works: ['websocket', ...ALL_BUT_WEBSOCKET],
      findings: ['nothing'],
    },
    () => ({
      upgrade: (handshake) => {
        handshake.request.url = belowChat(handshake.request.url ?? '/');
        passed(handshake);
      },
      path: belowChat,
      refuse: ({ url = '' }) => (url === '/chat' || url.startsWith('/chat/') ? undefined : { status: 404 }),
    }),
    '/chat',
  ),
];

function box(description: Description, manners: () => Manners, path = ''): Blueprint {
  return {
    ...description,
    async start({ originPort }) {
      const { port, stop } = await startHttpMiddlebox(originPort, manners());
      return { url: `http://127.0.0.1:${port}${path}`, stop };
    },
  };
}

function isPoll({ url = '' }: IncomingMessage): boolean {
  return /\/xhr(\?|$)/.test(url);
}

function belowChat(path: string): string {
  return path.replace(/^\/chat(?=[/?]|$)\/?/, '/');
}

function recoded(bytes: Buffer, { headers }: IncomingMessage): Body | OwnAnswer {
  const text = bytes.toString('utf8').replaceAll(/[^\0-\xff]/gu, '?');
  const type = (headers['content-type'] ?? 'text/plain').split(';')[0] ?? 'text/plain';
  return {
    bytes: Buffer.from(text, 'latin1'),
    headers: { 'content-type': `${type}; charset=iso-8859-1` },
  };
}
