import type { Report } from '../report.ts';

/** An office whose proxy removes the Upgrade header and cuts what is idle. */
export const SAMPLE_REPORT: Report = {
  format: 'roomplex-doctor',
  version: 1,
  at: 1_790_000_000_000,
  durationMs: 66_204,
  url: 'https://rooms.example/',
  client: { kind: 'browser', agent: 'Chromium 141', proxy: null },
  checks: [
    {
      id: 'reach',
      title: 'The server answers',
      status: 'pass',
      durationMs: 58,
      detail: 'It answers in 41 ms.',
      facts: { status: 200, roundTripMs: 41, jitterMs: 6, isHtml: false, isRoomplex: true },
    },
    {
      id: 'fresh',
      title: 'Answers are fresh',
      status: 'pass',
      durationMs: 90,
      detail: 'Each request gets an answer of its own.',
      facts: { asked: 3, different: 3 },
    },
    {
      id: 'clock',
      title: 'The clocks agree',
      status: 'pass',
      durationMs: 0,
      detail: 'This clock is 1 s ahead of that of the server.',
      facts: { skewMs: 1040, uncertainMs: 20 },
    },
    {
      id: 'websocket',
      title: 'WebSocket',
      status: 'fail',
      durationMs: 260,
      detail: 'The handshake arrived at the server without its Upgrade header.',
      facts: { isOpen: false, openMs: null, echoMs: null, sighting: 'without-upgrade', status: null },
    },
    {
      id: 'xhr-streaming',
      title: 'Streaming with fetch',
      status: 'pass',
      durationMs: 140,
      detail: 'It opens in 45 ms and echoes in 43 ms.',
      facts: { isOpen: true, openMs: 45, echoMs: 43, lagMs: 1 },
    },
    {
      id: 'idle-stream',
      title: 'Quiet streams live',
      status: 'fail',
      durationMs: 65_010,
      detail: 'Quiet streams are closed after 30 s.',
      facts: { livedMs: 20_000, cutMs: 30_004, how: 'closed' },
    },
    {
      id: 'webrtc',
      title: 'WebRTC',
      status: 'skip',
      durationMs: 1,
      detail: 'This browser has no WebRTC.',
      facts: {},
    },
  ],
  findings: [
    {
      id: 'upgrade-removed',
      severity: 'fail',
      title: 'Something removes the Upgrade header',
      evidence: ['The handshake arrived at the server as an ordinary request, without Upgrade.'],
      remedy: {
        user: 'Nothing needs to be done: the connection goes on without WebSocket, a little less quickly.',
        it: 'Please let the Upgrade and Connection headers of requests to rooms.example pass, or exempt it.',
        operator: 'If the proxy is yours, pass the Upgrade header on.',
        nginx:
          'proxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $connection_upgrade;',
        haproxy: 'timeout tunnel 1h',
      },
    },
    {
      id: 'idle-cut',
      severity: 'warn',
      title: 'Idle connections are cut after about 30 s',
      evidence: ['A quiet stream was closed after 30.0 s, while one on which something moved went on.'],
      remedy: {
        user: 'Use a heartbeat of 12 s.',
        it: 'Please let connections to rooms.example be idle for at least two minutes.',
        operator: 'Raise the read time-out of the proxy.',
        nginx: 'proxy_read_timeout 3600s;',
        haproxy: 'timeout client 1h\ntimeout server 1h\ntimeout tunnel 1h',
      },
    },
  ],
  advice: {
    transports: ['xhr-streaming', 'eventsource', 'xhr-polling'],
    heartbeatMs: 12_000,
    why: 'WebSocket does not get through. What is idle is cut after about 30 s, so the heartbeat is shorter.',
  },
};
