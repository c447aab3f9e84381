import { nestsDeeperThan } from '../../../protocol/json-depth.ts';

/** Enough for a hundred thousand long tokens. */
const MAX_BYTES = 16_777_216;

/**
 * Fetches a list of tokens (S4 §6): a JSON object of token to boolean, or an array of tokens. What is neither
 * true nor false is left out.
 *
 * @throws Error that says what was wrong, in words that hold nothing of the address.
 */
export async function fetchTokens(address: string, signal: AbortSignal): Promise<Map<string, boolean>> {
  const url = new URL(address);
  const headers = new Headers({ accept: 'application/json' });
  if (url.username !== '' || url.password !== '') {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers.set('authorization', `Basic ${Buffer.from(credentials).toString('base64')}`);
    url.username = '';
    url.password = '';
  }
  const response = await fetch(url, { headers, signal });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the answer was ${response.status}`);
  }
  return readTokens(await readText(response));
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error(`the answer has more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function readTokens(text: string): Map<string, boolean> {
  if (nestsDeeperThan(text)) throw new Error('the answer nests too deep');
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw new Error('the answer is no JSON');
  }
  if (typeof list !== 'object' || list === null)
    throw new Error('the answer is neither an object nor an array');
  const entries: [unknown, unknown][] = Array.isArray(list)
    ? list.map((token: unknown) => [token, true])
    : Object.entries(list);
  const tokens = new Map<string, boolean>();
  for (const [token, value] of entries) {
    if (typeof token === 'string' && typeof value === 'boolean') tokens.set(token, value);
  }
  return tokens;
}
