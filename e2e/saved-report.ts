/** A report as somebody may have saved it: no WebSocket, and quiet lines are cut. */
export const SAVED_REPORT = {
  format: 'roomplex-doctor',
  version: 1,
  at: 1_790_000_000_000,
  durationMs: 66_204,
  url: 'https://rooms.example/',
  client: { kind: 'browser', agent: 'Chromium 141', proxy: null },
  checks: [
    check('reach', 'The server answers', 'pass'),
    check(
      'websocket',
      'WebSocket',
      'fail',
      'The handshake arrived at the server without its Upgrade header.',
    ),
    check('xhr-streaming', 'Streaming', 'pass', 'It opens in 45 ms and echoes in 43 ms.', { echoMs: 43 }),
    check('idle-stream', 'Quiet streams live', 'warn', 'Quiet streams are closed after 30 s.'),
    check('webrtc', 'WebRTC', 'skip', 'This browser has no WebRTC.'),
  ],
  findings: [
    {
      id: 'upgrade-removed',
      severity: 'fail',
      title: 'Something removes the Upgrade header',
      evidence: ['The handshake arrived at the server as an ordinary request.'],
      remedy: {
        user: 'Nothing needs to be done: the connection goes on without WebSocket, a little less quickly.',
        it: 'Please let the Upgrade and Connection headers of requests to rooms.example pass.',
        operator: 'If the proxy is yours, pass the Upgrade header on.',
        nginx: 'proxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;',
        haproxy: 'timeout tunnel 1h',
      },
    },
    {
      id: 'idle-cut',
      severity: 'warn',
      title: 'Idle connections are cut after about 30 s',
      evidence: ['A quiet stream was closed after 30.0 s.'],
      remedy: {
        user: 'Use a heartbeat of 12 s.',
        it: 'Please wait longer.',
        operator: 'Raise the time-out.',
      },
    },
  ],
  advice: { transports: ['xhr-streaming', 'xhr-polling'], heartbeatMs: 12_000, why: 'WebSocket fails.' },
} as const;

function check(id: string, title: string, status: string, detail = 'As it should.', facts: object = {}) {
  return { id, title, status, durationMs: 40, detail, facts };
}
