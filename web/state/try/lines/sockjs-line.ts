import type { TransportName } from '../../../../client/index.ts';
import { browserEnvironment } from '../../../../client/browser-environment.ts';
import type { LineListener as ClientListener } from '../../../../client/transports/line.ts';
import { openLine } from '../../../../client/transports/open-line.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Line, LineListener } from './line.ts';

/** Proxies refuse large bodies. */
const POST_LIMIT = 65_536;

/** A SockJS session over one transport alone, which asks for nothing beyond SockJS. */
export function openSockJSLine(
  { http, server }: Endpoint,
  transport: TransportName,
  listener: LineListener,
): Line {
  const told: ClientListener = {
    opened: (name) => listener.opened(name),
    heard: () => undefined,
    beatAnswered: () => undefined,
    message: (text) => listener.message(text),
    interrupted: () => undefined,
    closed: ({ code, reason }) => listener.closed({ code, reason }),
  };
  const request = { url: new URL(http), heartbeatMs: 0, postLimit: { bytes: POST_LIMIT } };
  const environment = { ...browserEnvironment, loadSockJS: () => browserEnvironment.loadSockJS(server) };
  const line = openLine(transport, request, environment, told);
  return {
    send: (text) => line.send(text),
    close: () => {
      // It tells nothing more from here on.
      void line.close().then(() => listener.closed({ code: 1000, reason: '' }));
    },
  };
}
