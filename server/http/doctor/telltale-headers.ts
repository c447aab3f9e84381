import type { IncomingHttpHeaders } from 'node:http';

/** Those headers of a request that tell of proxies on its way; of addresses only that there are some. */
export function telltaleHeaders(headers: IncomingHttpHeaders): Record<string, string | true> {
  const told: Record<string, string | true> = {};
  for (const name of SHOWN) {
    const value = headers[name];
    if (value !== undefined) told[name] = String(value).slice(0, MAX_TEXT);
  }
  for (const name of Object.keys(headers)) if (HIDDEN.test(name)) told[name] = true;
  return told;
}

const SHOWN = ['host', 'via', 'connection', 'upgrade', 'accept-encoding'];
const HIDDEN = /^(?:forwarded|x-real-ip|x-forwarded-[a-z-]{1,32})$/;
const MAX_TEXT = 256;
