import type { Endpoint } from './endpoint.ts';
import type { Protocol } from './protocol.ts';

/** Why there is no connection. */
export interface Absence {
  /** In a sentence or two. */
  readonly words: string;
  /** The server is there, and so is the protocol: it does not want this client, or what it said. */
  readonly isRefusal: boolean;
}

/**
 * Why a connection that never opened did not, for the user. Browsers keep that to themselves, so the
 * server is asked with a request of another kind.
 */
export async function explainAbsence(protocol: Protocol, endpoint: Endpoint): Promise<Absence> {
  let response: Response;
  try {
    response = await fetch(probeOf(protocol, endpoint), { cache: 'no-store' });
  } catch {
    return { words: 'The server cannot be reached.', isRefusal: false };
  }
  const path = new URL(endpoint.base).pathname;
  if (response.status === 404) {
    return { words: `This server has nothing at ${path}. ${protocol.absent}`, isRefusal: false };
  }
  if (response.status === 403) {
    return { words: 'The server lets nobody in from this page.', isRefusal: false };
  }
  const words = `There is something at ${path}, but it did not let this connection in. ${protocol.refused ?? ''}`;
  return { words: words.trim(), isRefusal: true };
}

function probeOf({ id }: Protocol, { base }: Endpoint): string {
  return id === 'socket.io' ? `${base}?EIO=4&transport=polling` : `${base}/info`;
}
