import type { IncomingHttpHeaders } from 'node:http';
import type { Params, ServiceRequest } from '../../services/controller.ts';

/** What a request is made of, whichever way it came in. */
export interface RequestParts {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string;
  readonly webSocket: boolean;
  readonly body: string;
}

/** A request in a controller's words. */
export function serviceRequest(parts: RequestParts): ServiceRequest {
  const { method, path, query, headers, remoteAddress, webSocket, body } = parts;
  const isForm = headers['content-type']?.toLowerCase().startsWith(FORM) === true;
  return {
    method,
    path,
    params: toParams([query, isForm ? body : '']),
    headers: flatHeaders(headers),
    cookies: parseCookies(headers.cookie ?? ''),
    webSocket,
    remoteAddress,
    ...(body !== '' && { body }),
  };
}

const FORM = 'application/x-www-form-urlencoded';

/** `fromEntries` makes own keys of all names, `__proto__` included. */
function toParams(sources: readonly string[]): Params {
  const values = new Map<string, string | string[]>();
  for (const source of sources) {
    for (const [name, value] of new URLSearchParams(source)) {
      const before = values.get(name);
      if (before === undefined) values.set(name, value);
      else if (typeof before === 'string') values.set(name, [before, value]);
      else before.push(value);
    }
  }
  for (const value of values.values()) Object.freeze(value);
  return Object.freeze(Object.fromEntries(values));
}

function flatHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  return Object.fromEntries(entries);
}

/** As browsers send them (RFC 6265 §4.2); the first of a name counts. */
function parseCookies(header: string): Record<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    if (at > 0 && !cookies.has(name)) cookies.set(name, decode(pair.slice(at + 1).trim()));
  }
  return Object.fromEntries(cookies);
}

function decode(value: string): string {
  const bare = /^"(.*)"$/.exec(value)?.[1] ?? value;
  try {
    return decodeURIComponent(bare);
  } catch {
    return bare;
  }
}
