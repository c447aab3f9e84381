import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** What one proxy says of whoever sent it the request; nothing of it is proven. */
export interface ForwardedHop {
  /** `undefined` where it says none, or none that is one. */
  readonly address: string | undefined;
  readonly isSecure: boolean | undefined;
  readonly host: string | undefined;
}

/**
 * What proxies wrote into a request, the one next to us first: `X-Forwarded-For`, `-Proto` and `-Host`, or else
 * `Forwarded` (RFC 7239). Never both: the one that a proxy does not write might come from its client.
 */
export function forwardedHops(headers: IncomingHttpHeaders): readonly ForwardedHop[] {
  const [addresses, protocols, hosts] = [
    valuesOf(headers['x-forwarded-for']),
    valuesOf(headers['x-forwarded-proto']),
    valuesOf(headers['x-forwarded-host']),
  ];
  const count = Math.max(addresses.length, protocols.length, hosts.length);
  if (count === 0) return standardHops(headers.forwarded);
  return Array.from({ length: count }, (_, index) => ({
    address: readAddress(addresses[index]),
    // A proxy that adds its client to the first list often leaves the others as they came.
    isSecure: readProtocol(protocols[index] ?? protocols.at(-1)),
    host: readHost(hosts[index] ?? hosts.at(-1)),
  }));
}

/** Nearest first. */
function valuesOf(header: string | string[] | undefined): readonly string[] {
  if (header === undefined) return [];
  return String(header)
    .split(',')
    .slice(-MAX_HOPS)
    .map((value) => value.trim())
    .reverse();
}

function standardHops(header: string | undefined): readonly ForwardedHop[] {
  if (header === undefined) return [];
  const elements: ForwardedHop[] = [];
  let element = new Map<string, string>();
  const end = (): void => {
    elements.push({
      address: readAddress(element.get('for')),
      isSecure: readProtocol(element.get('proto')),
      host: readHost(element.get('host')),
    });
    element = new Map();
  };
  PAIR.lastIndex = 0;
  for (let match = PAIR.exec(header); match !== null; match = PAIR.exec(header)) {
    const [, name, quoted, token, separator] = match;
    if (name !== undefined) element.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token ?? '');
    if (separator !== ';') end();
    if (separator === '') return elements.reverse().slice(0, MAX_HOPS);
  }
  // Broken somewhere, perhaps within quotes: who knows then what the rest of it means.
  return [];
}

/** `name=value` with what separates it from the next; or nothing, and a separator. */
const PAIR = /[\t ]*(?:([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?[\t ]*(;|,|$)/y;

/** With or without a port, IPv6 with or without brackets; also IPv4 in IPv6. */
function readAddress(text: string | undefined): string | undefined {
  const [, inBrackets, withPort] = /^(?:\[([^\]]*)\](?::\w*)?|([\d.]+):\w+)$/.exec(text ?? '') ?? [];
  const address = plainAddress(inBrackets ?? withPort ?? text ?? '');
  return isIP(address) === 0 ? undefined : address.toLowerCase();
}

/** An IPv4 address that stands in an IPv6 one, by itself; without the zone of the machine that wrote it. */
export function plainAddress(address: string): string {
  return address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}

function readProtocol(text: string | undefined): boolean | undefined {
  return PROTOCOLS.get(text?.toLowerCase() ?? '');
}

/** Some proxies name the protocol that a handshake leads to. */
const PROTOCOLS = new Map([
  ['https', true],
  ['wss', true],
  ['http', false],
  ['ws', false],
]);

function readHost(text: string | undefined): string | undefined {
  return text !== undefined && HOST.test(text) ? text : undefined;
}

const HOST = /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;
const MAX_HOPS = 32;
