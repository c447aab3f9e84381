import { randomBytes } from 'node:crypto';
import type { Blueprint, Description, Started } from '../environment.ts';
import { startTlsFront } from '../middleboxes/tls-front.ts';
import { runProxy, type RunningProxy } from '../programs/run-proxy.ts';

const FORWARD = { kind: 'forward', nodes: 1, carriesPost: true, roundTripMs: 0 } as const;
const SQUID = { ...FORWARD, program: 'squid' } as const;
const TINYPROXY = { ...FORWARD, program: 'tinyproxy' } as const;
const EVERYTHING = ['websocket', 'stream', 'events', 'poll'] as const;

interface Policy {
  /** The one port that `CONNECT` may go to. Absent: any. */
  readonly connectPort?: number;
  /** How long a connection may be quiet. */
  readonly timeoutSeconds: number;
}

type StartProxy = (policy: Policy) => Promise<RunningProxy>;

const SQUID_STRICT = { connectPort: 443, timeoutSeconds: 900 };
const TINYPROXY_STRICT = { connectPort: 443, timeoutSeconds: 10 };

export const FORWARD_ENVIRONMENTS: readonly Blueprint[] = [
  plain(startSquid, SQUID_STRICT, {
    ...SQUID,
    name: 'squid',
    does: 'squid as companies run it: CONNECT to 443 alone',
    works: ['stream', 'events', 'poll'],
    findings: ['connect-refused'],
  }),
  encrypted(startSquid, SQUID_STRICT, {
    ...SQUID,
    name: 'squid-https',
    does: 'the same squid, and a server that is where CONNECT may go: HTTPS on the port for it',
    works: EVERYTHING,
    findings: ['nothing'],
  }),
  plain(
    startSquid,
    { timeoutSeconds: 20 },
    {
      ...SQUID,
      name: 'squid-open',
      does: 'squid with CONNECT to any port, which cuts what was quiet for 20 s',
      works: EVERYTHING,
      findings: ['idle-cut'],
      idleMs: 20_000,
    },
  ),
  plain(
    startTinyproxy,
    { timeoutSeconds: 600 },
    {
      ...TINYPROXY,
      name: 'tinyproxy',
      does: 'tinyproxy as it is delivered: CONNECT to any port',
      works: EVERYTHING,
      findings: ['nothing'],
    },
  ),
  plain(startTinyproxy, TINYPROXY_STRICT, {
    ...TINYPROXY,
    name: 'tinyproxy-strict',
    does: 'tinyproxy with CONNECT to 443 alone, which cuts what was quiet for 10 s',
    works: ['stream', 'events', 'poll'],
    findings: ['connect-refused', 'idle-cut'],
    idleMs: 10_000,
  }),
  encrypted(startTinyproxy, TINYPROXY_STRICT, {
    ...TINYPROXY,
    name: 'tinyproxy-strict-https',
    does: 'the same tinyproxy, and a server that is where CONNECT may go: HTTPS on the port for it',
    works: EVERYTHING,
    findings: ['idle-cut'],
    idleMs: 10_000,
  }),
];

function plain(startProxy: StartProxy, policy: Policy, description: Description): Blueprint {
  return {
    ...description,
    async start({ originPort }): Promise<Started> {
      const proxy = await startProxy(policy);
      return {
        url: `http://127.0.0.1:${originPort}`,
        proxy: `http://127.0.0.1:${proxy.port}`,
        stop: proxy.stop,
      };
    },
  };
}

/** Only root may listen on 443, so the port that serves HTTPS is the one that CONNECT may go to. */
function encrypted(startProxy: StartProxy, policy: Policy, description: Description): Blueprint {
  return {
    ...description,
    async start({ originPort }): Promise<Started> {
      const front = await startTlsFront(originPort);
      const proxy = await startProxy({ ...policy, connectPort: front.port });
      return {
        url: `https://127.0.0.1:${front.port}`,
        proxy: `http://127.0.0.1:${proxy.port}`,
        async stop() {
          await Promise.all([proxy.stop(), front.stop()]);
        },
      };
    },
  };
}

function startSquid({ connectPort, timeoutSeconds }: Policy): Promise<RunningProxy> {
  const refusal =
    connectPort === undefined
      ? ''
      : `acl connect method CONNECT
acl encrypted port ${connectPort}
http_access deny connect !encrypted`;
  return runProxy({
    program: 'squid',
    // It takes two seconds to end in good order, and has nothing to put in order.
    endSignal: 'SIGKILL',
    files: ({ port }) => ({
      'squid.conf': `
http_port 127.0.0.1:${port}
${refusal}
http_access allow localhost
http_access deny all
read_timeout ${timeoutSeconds} seconds
shutdown_lifetime 0 seconds
visible_hostname roomplex-lab
cache deny all
cache_log /dev/null
cache_store_log none
access_log none
netdb_filename none
coredump_dir none
pid_filename none
pinger_enable off
`,
    }),
    // Squids that run side by side must not have the same name.
    args: () => ['-N', '-n', `lab${randomBytes(6).toString('hex')}`, '-f', 'squid.conf'],
  });
}

function startTinyproxy({ connectPort, timeoutSeconds }: Policy): Promise<RunningProxy> {
  return runProxy({
    program: 'tinyproxy',
    files: ({ port }) => ({
      'tinyproxy.conf': `
Listen 127.0.0.1
Port ${port}
Allow 127.0.0.1
Timeout ${timeoutSeconds}
MaxClients 200
LogLevel Critical
ViaProxyName "roomplex-lab"
${connectPort === undefined ? '' : `ConnectPort ${connectPort}`}
`,
    }),
    args: () => ['-d', '-c', 'tinyproxy.conf'],
  });
}
