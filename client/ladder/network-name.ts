/**
 * What the server calls the network that this client comes from: a hash of its public address. `null` where it
 * does not say.
 */
export async function askNetworkName(fetch: typeof globalThis.fetch, server: URL): Promise<string | null> {
  try {
    // Beside the gateway, whatever path the server is mounted under.
    const url = new URL('doctor/mirror', server.origin + server.pathname);
    const response = await fetch(url, { cache: 'no-store' });
    const mirror = (await response.json()) as { readonly network?: unknown };
    return typeof mirror.network === 'string' ? mirror.network : null;
  } catch {
    return null;
  }
}
