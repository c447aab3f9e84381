import type { Endpoint } from './endpoint.ts';
import type { Protocol } from './protocol.ts';

/**
 * Why a connection that never opened did not, in a sentence for the user. Browsers keep that to themselves, so the
 * server is asked with a request of another kind.
 */
export async function explainAbsence(protocol: Protocol, endpoint: Endpoint): Promise<string> {
  let response: Response;
  try {
    response = await fetch(probeOf(protocol, endpoint), { cache: 'no-store' });
  } catch {
    return 'The server cannot be reached.';
  }
  const path = new URL(endpoint.base).pathname;
  if (response.status === 404) return `This server has nothing at ${path}. ${protocol.absent}`;
  if (response.status === 403) return 'The server lets nobody in from this page.';
  return `There is something at ${path}, but it did not let this connection in. ${protocol.refused ?? ''}`.trim();
}

function probeOf({ id }: Protocol, { base }: Endpoint): string {
  return id === 'socket.io' ? `${base}?EIO=4&transport=polling` : `${base}/info`;
}
