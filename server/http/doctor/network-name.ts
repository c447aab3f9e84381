import { createHmac, randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';

/** Names for networks by the addresses of their clients, from which nobody learns the addresses. */
export function networkNames(): (address: string) => string {
  const secret = randomBytes(32);
  return (address) =>
    createHmac('sha256', secret).update(networkOf(address)).digest('base64url').slice(0, 16);
}

/** Of an IPv6 address the first 64 bits: hosts change the others as they like. An IPv4 address is one by itself. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.toLowerCase().split('%', 1)[0]?.split('::', 2) ?? [];
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    while (groups.length + after.length < 8) groups.push('0');
    groups.push(...after);
  }
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
