import { BlockList, isIP, isIPv6 } from 'node:net';
import { plainAddress } from './forwarding-headers.ts';

/** True when a proxy is believed: `address` is its own, `hop` how many stand between it and us. */
export type ProxyTrust = (address: string, hop: number) => boolean;

/**
 * Whom to believe: addresses, networks such as `10.0.0.0/8`, `loopback`, `private` (with `loopback`) and `all`; or
 * a number alone, of proxies in a row. `undefined` for nobody. Throws an `Error` that names what is none of these.
 */
export function readProxyTrust(given: string | number | readonly string[]): ProxyTrust | undefined {
  const words = [given].flat().flatMap((entry) => String(entry).split(','));
  const names = words.map((word) => word.trim()).filter((word) => word !== '');
  const [first] = names;
  if (first === undefined) return undefined;
  if (names.includes('all')) return () => true;
  if (names.length === 1 && /^\d{1,3}$/.test(first)) {
    const count = Number(first);
    return count === 0 ? undefined : (_, hop) => hop < count;
  }
  const list = new BlockList();
  for (const network of names.flatMap((name) => NAMED.get(name) ?? [name])) add(list, network);
  const trustsLoopback = list.check('127.0.0.1', 'ipv4');
  return (address) => {
    const plain = plainAddress(address);
    // A line that is none of the network, a Unix socket, does not leave this machine.
    if (plain === '') return trustsLoopback;
    return list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  };
}

function add(list: BlockList, network: string): void {
  const [address = '', length, more] = network.split('/');
  const version = isIP(address);
  const bits = version === 6 ? 128 : 32;
  const isLength = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits);
  if (version === 0 || !isLength || more !== undefined) {
    throw new Error(
      `${JSON.stringify(network)} is no address, no network such as 10.0.0.0/8, and not loopback, private, all ` +
        'or the number of proxies alone',
    );
  }
  list.addSubnet(address, length === undefined ? bits : Number(length), version === 6 ? 'ipv6' : 'ipv4');
}

const LOOPBACK = ['127.0.0.0/8', '::1'];
const NAMED = new Map([
  ['loopback', LOOPBACK],
  [
    'private',
    [...LOOPBACK, '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', 'fc00::/7', 'fe80::/10'],
  ],
]);
