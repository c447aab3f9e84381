import type { Blueprint, Description, Origin, Started } from '../environment.ts';
import { runProxy } from '../programs/run-proxy.ts';

const NGINX = { kind: 'reverse', program: 'nginx', nodes: 1, carriesPost: true, roundTripMs: 0 } as const;

const UPGRADE = `
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $wanted_connection;`;

const STREAMS = `
      proxy_http_version 1.1;
      proxy_buffering off;`;

const TWO_NODES = `
    server 127.0.0.1:ORIGIN;
    server 127.0.0.1:SECOND;`;

interface Site {
  /** Inside `location /`. */
  readonly location?: string;
  /** Inside `server`, before the location. */
  readonly server?: string;
  /** Inside `http`. */
  readonly http?: string;
  /** Inside `upstream`. */
  readonly upstream?: string;
}

export const NGINX_ENVIRONMENTS: readonly Blueprint[] = [
  site(
    {
      ...NGINX,
      name: 'nginx-bare',
      does: 'nginx with proxy_pass and nothing else: no Upgrade, HTTP/1.0 to the server, responses buffered',
      works: ['poll'],
      findings: ['upgrade-removed', 'responses-buffered'],
    },
    {},
  ),
  site(
    {
      ...NGINX,
      name: 'nginx-upgrade',
      does: 'nginx that passes Upgrade on and leaves buffering on, which chunks over HTTP/1.1 escape',
      works: ['websocket', 'stream', 'events', 'poll'],
      findings: ['nothing'],
    },
    { location: UPGRADE },
  ),
  site(
    {
      ...NGINX,
      name: 'nginx-recommended',
      does: 'nginx as it should be: Upgrade, no buffering, long timeouts',
      works: ['websocket', 'stream', 'events', 'poll'],
      findings: ['nothing'],
    },
    {
      location: `${UPGRADE}
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_buffering off;
      proxy_read_timeout 1h;`,
    },
  ),
  site(
    {
      ...NGINX,
      name: 'nginx-cache',
      does: 'nginx that keeps the answer to any GET for a minute by path alone, whatever no-store says; no Upgrade',
      works: ['poll'],
      findings: ['upgrade-removed', 'cached', 'responses-buffered'],
    },
    {
      http: 'proxy_cache_path cache keys_zone=kept:1m inactive=60s max_size=20m;',
      location: `
      proxy_cache kept;
      proxy_cache_key $uri;
      proxy_cache_valid any 60s;
      proxy_ignore_headers Cache-Control Expires Set-Cookie Vary;`,
    },
  ),
  site(
    {
      ...NGINX,
      name: 'nginx-gzip',
      does: 'nginx that compresses and buffers every response; no Upgrade',
      works: ['poll'],
      findings: ['upgrade-removed', 'responses-buffered', 'compressed'],
    },
    {
      server: `
    gzip on;
    gzip_proxied any;
    gzip_min_length 0;
    gzip_http_version 1.0;
    gzip_types text/plain application/javascript application/json text/event-stream;`,
    },
  ),
  site(
    {
      ...NGINX,
      name: 'nginx-read-5s',
      does: 'nginx with Upgrade and no buffering that cuts what was quiet for 5 s',
      works: ['websocket', 'stream', 'events', 'poll'],
      findings: ['idle-cut'],
      idleMs: 5_000,
    },
    {
      location: `${UPGRADE}
      proxy_buffering off;
      proxy_read_timeout 5s;`,
    },
  ),
  site(
    {
      ...NGINX,
      name: 'nginx-body-1k',
      does: 'nginx that refuses request bodies over 1 KiB with 413; no Upgrade, no buffering',
      works: ['stream', 'events', 'poll'],
      findings: ['upgrade-removed', 'body-limit'],
    },
    { server: 'client_max_body_size 1k;', location: STREAMS },
  ),
  site(
    {
      ...NGINX,
      name: 'nginx-round-robin',
      does: 'nginx in front of two nodes by turns, so that no session stays where it began; no Upgrade, no buffering',
      nodes: 2,
      works: ['stream', 'events', 'poll'],
      findings: ['upgrade-removed', 'no-affinity'],
    },
    {
      upstream: TWO_NODES,
      location: `${STREAMS}
      proxy_next_upstream off;`,
    },
  ),
  site(
    {
      ...NGINX,
      name: 'nginx-affinity',
      does: 'nginx in front of two nodes by the server id in the path of SockJS; no Upgrade, no buffering',
      nodes: 2,
      works: ['stream', 'events', 'poll'],
      findings: ['upgrade-removed'],
    },
    {
      http: `map $uri $node {
    "~^/.+/(?<id>[^/.]+)/[^/.]+/(xhr|xhr_send|xhr_streaming|eventsource|htmlfile|jsonp|jsonp_send|websocket)$" $id;
    default $remote_addr;
  }`,
      upstream: `
    hash $node consistent;${TWO_NODES}`,
      location: STREAMS,
    },
  ),
];

function site(description: Description, parts: Site): Blueprint {
  return { ...description, start: (origin) => startNginx(description, parts, origin) };
}

async function startNginx({ nodes, name }: Description, parts: Site, origin: Origin): Promise<Started> {
  const { originPort, secondPort } = origin;
  if (nodes === 2 && secondPort === undefined) throw new Error(`${name} needs a second node`);
  const atPorts = (text: string): string =>
    text.replaceAll('ORIGIN', String(originPort)).replaceAll('SECOND', String(secondPort));
  const { port, stop } = await runProxy({
    program: 'nginx',
    files: (place) => ({ 'nginx.conf': atPorts(configuration(parts, place.port)) }),
    args: ({ folder }) => ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'],
  });
  return { url: `http://127.0.0.1:${port}`, stop };
}

function configuration({ location = '', server = '', http = '', upstream }: Site, port: number): string {
  // Workers give up root otherwise, and with it the folder.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  return `${user}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr crit;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  map $http_upgrade $wanted_connection {
    default upgrade;
    '' '';
  }
  ${http}
  upstream nodes {${upstream ?? 'server 127.0.0.1:ORIGIN;'}
  }
  server {
    listen 127.0.0.1:${port};
    ${server}
    location / {
      proxy_pass http://nodes;${location}
    }
  }
}
`;
}
