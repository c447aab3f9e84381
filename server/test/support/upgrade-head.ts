import http from 'node:http';
import { within } from './inbox.ts';

/** The headers with which an upgrade is answered; the line is cut after that. Rejects when it is refused. */
export function upgradeHead(
  url: string,
  headers: http.OutgoingHttpHeaders = {},
): Promise<http.IncomingHttpHeaders> {
  const request = http.request(url.replace(/^ws/, 'http'), {
    agent: false,
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      'sec-websocket-version': '13',
      ...headers,
    },
  });
  const answered = new Promise<http.IncomingHttpHeaders>((resolve, reject) => {
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.headers);
    });
    request.on('response', ({ statusCode }) => reject(new Error(`refused with ${statusCode}`)));
    request.on('error', reject);
  });
  request.end();
  return within(`upgrade of ${url}`, answered);
}
