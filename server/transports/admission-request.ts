import type { IncomingMessage } from 'node:http';
import type { ConnectionRequest } from '../connection/connection.ts';
import type { AdmissionRequest } from '../gateways/gateway.ts';

/** What a gateway that looks at who comes is shown of a request. */
export function admissionRequest(
  known: ConnectionRequest,
  request: IncomingMessage,
  isOriginAllowed: boolean,
): AdmissionRequest {
  const { origin } = known;
  const offered = request.headers['sec-websocket-protocol'] ?? '';
  return {
    path: known.path,
    query: known.query,
    remoteAddress: known.remoteAddress,
    remotePort: known.remotePort,
    cookie: known.cookie,
    origin,
    // What forwards the request may have taken the origin out, so that nobody answers it with credentials.
    headers: origin === undefined ? request.headers : { ...request.headers, origin },
    isOriginAllowed,
    subprotocols: offered
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  };
}
