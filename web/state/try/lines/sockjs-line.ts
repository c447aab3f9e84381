import type { TransportName } from '../../../../client/index.ts';
import { browserEnvironment } from '../../../../client/browser-environment.ts';
import type { LineListener as ClientListener } from '../../../../client/transports/line.ts';
import { openSockJSLine as openStockLine } from '../../../../client/transports/sockjs.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Line, LineListener } from './line.ts';

/** A SockJS session over one transport alone, made by the stock client, which is loaded when it is needed. */
export function openSockJSLine(
  { http, server }: Endpoint,
  transport: TransportName,
  listener: LineListener,
): Line {
  const { clock, loadSockJS } = browserEnvironment;
  const told: ClientListener = {
    opened: (name) => listener.opened(name),
    heard: () => undefined,
    beatAnswered: () => undefined,
    message: (text) => listener.message(text),
    closed: ({ code, reason }) => listener.closed({ code, reason }),
  };
  const line = openStockLine(new URL(http), [transport], () => loadSockJS(server), clock, told);
  return {
    send: (text) => line.send(text),
    close: () => {
      // It tells nothing more from here on.
      void line.close().then(() => listener.closed({ code: 1000, reason: '' }));
    },
  };
}
