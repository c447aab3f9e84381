import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { ServiceResponse } from '../../services/controller.ts';
import type { HttpAnswer } from '../http-exchange.ts';

/**
 * What a controller answered, as plain HTTP; nothing at all is an empty 200 (S3 §2).
 *
 * @throws TypeError, RangeError when it cannot be said in HTTP.
 */
export function httpAnswer(response: ServiceResponse | null | undefined | void): HttpAnswer {
  const { status = 200, body, contentType, headers = {} } = asObject(response);
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError(`a controller cannot answer with the status ${String(status)}`);
  }
  const { content, type } = encode(body);
  const given = new Map([['Content-Type', contentType ?? type]]);
  for (const [name, value] of Object.entries(headers ?? {})) {
    const known = name.toLowerCase();
    if (value === undefined || value === null || FRAMING.has(known)) continue;
    if (known !== 'content-type') given.set(name, String(value));
    else if (contentType === undefined) given.set('Content-Type', String(value));
  }
  for (const [name, value] of given) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  return { status, headers: Object.fromEntries(given), body: content };
}

/** The headers that say how the answer travels, which is ours to say. */
const FRAMING = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

function asObject(response: ServiceResponse | null | undefined | void): ServiceResponse {
  return typeof response === 'object' && response !== null ? response : {};
}

function encode(body: unknown): { readonly content: string | Buffer; readonly type: string } {
  if (typeof body === 'object' && body !== null) {
    if (body instanceof Uint8Array) return { content: Buffer.from(body), type: 'application/octet-stream' };
    return { content: JSON.stringify(body), type: 'application/json' };
  }
  const isText = ['string', 'number', 'boolean', 'bigint'].includes(typeof body);
  return { content: isText ? String(body) : '', type: 'text/plain; charset=utf-8' };
}
