import type { Blueprint, Description, Started } from '../environment.ts';
import { runProxy } from '../programs/run-proxy.ts';

const HAPROXY = { kind: 'reverse', program: 'haproxy', nodes: 1, carriesPost: true, roundTripMs: 0 } as const;

interface Rules {
  /** Of both sides, in seconds. */
  readonly timeoutSeconds: number;
  readonly frontend?: string;
  readonly backend?: string;
}

export const HAPROXY_ENVIRONMENTS: readonly Blueprint[] = [
  site(
    {
      ...HAPROXY,
      name: 'haproxy-5s',
      does: 'haproxy whose timeouts are 5 s: quiet WebSockets and streams are cut',
      works: ['websocket', 'stream', 'events', 'poll'],
      findings: ['idle-cut', 'small-frames-held'],
      idleMs: 5_000,
    },
    { timeoutSeconds: 5 },
  ),
  site(
    {
      ...HAPROXY,
      name: 'haproxy-tunnel',
      does: 'haproxy with timeouts of 5 s but for WebSockets, which live for an hour',
      works: ['websocket', 'stream', 'events', 'poll'],
      findings: ['small-frames-held', 'idle-cut'],
    },
    { timeoutSeconds: 5, backend: 'timeout tunnel 1h' },
  ),
  site(
    {
      ...HAPROXY,
      name: 'haproxy-no-upgrade',
      does: 'haproxy that removes Upgrade, holds small frames for 200 ms, and cuts what was quiet for 5 s',
      works: ['poll', 'stream', 'events'],
      findings: ['upgrade-removed', 'small-frames-held', 'idle-cut'],
      idleMs: 5_000,
    },
    { timeoutSeconds: 5, frontend: 'http-request del-header Upgrade' },
  ),
  site(
    {
      ...HAPROXY,
      name: 'haproxy-refuses-websocket',
      does: 'haproxy that answers WebSocket handshakes with 403, as a policy does',
      works: ['poll', 'stream', 'events'],
      findings: ['websocket-refused', 'small-frames-held'],
    },
    {
      timeoutSeconds: 60,
      frontend: 'http-request deny deny_status 403 if { req.hdr(Upgrade) -m found }',
    },
  ),
  site(
    {
      ...HAPROXY,
      name: 'haproxy-no-delay',
      does: 'haproxy that removes Upgrade, but sends small frames at once',
      works: ['stream', 'events', 'poll'],
      findings: ['upgrade-removed'],
    },
    {
      timeoutSeconds: 60,
      frontend: 'option http-no-delay\n  http-request del-header Upgrade',
      backend: 'option http-no-delay',
    },
  ),
];

function site(description: Description, rules: Rules): Blueprint {
  return { ...description, start: ({ originPort }) => startHaproxy(rules, originPort) };
}

async function startHaproxy(rules: Rules, originPort: number): Promise<Started> {
  const { port, stop } = await runProxy({
    program: 'haproxy',
    files: (place) => ({ 'haproxy.cfg': configuration(rules, place.port, originPort) }),
    args: () => ['-db', '-f', 'haproxy.cfg'],
  });
  return { url: `http://127.0.0.1:${port}`, stop };
}

function configuration(
  { timeoutSeconds, frontend = '', backend = '' }: Rules,
  port: number,
  origin: number,
): string {
  return `
global
  maxconn 500
  nbthread 1
defaults
  mode http
  timeout connect 2s
  timeout client ${timeoutSeconds}s
  timeout server ${timeoutSeconds}s
  timeout http-keep-alive 5s
frontend people
  bind 127.0.0.1:${port}
  ${frontend}
  default_backend nodes
backend nodes
  ${backend}
  server first 127.0.0.1:${origin}
`;
}
