import type { Socket as Line } from 'engine.io';

/**
 * Reads what clients of Socket.IO 1.x send while they poll. They encode their packets to UTF-8 before the
 * request encodes its body, which engine.io for later clients of the same protocol revision no longer undoes;
 * over a WebSocket they do no such thing. They give themselves away when they join a namespace: later clients
 * write a comma behind its name (socket.io-parser 3.0).
 */
export function readOldPolling(line: Line): void {
  if (line.protocol !== 3 || line.transport.name !== 'polling') return;
  let isOld: boolean | undefined;
  const mend = (packet: { data?: unknown }): void => {
    const { data } = packet;
    if (typeof data !== 'string') return;
    if (isOld === undefined && data.startsWith('0/')) isOld = !data.endsWith(',');
    if (isOld === true && ENCODED.test(data)) packet.data = Buffer.from(data, 'latin1').toString('utf8');
  };
  // Before anybody reads it: engine.io tells of the same packet's data only after this event.
  line.on('packet', mend);
  line.once('upgrade', () => line.off('packet', mend));
}

/** Bytes in the place of characters, and at least one that stands for more than itself. */
const ENCODED = /^(?=[^]*[\u0080-\u00ff])[\0-\u00ff]*$/;

/** JSON in ASCII alone, which is the same for old and later clients of protocol revision 3. */
export function asciiJson(json: string): string {
  return FOREIGN.test(json) ? json.replace(EACH_FOREIGN, escapeUnit) : json;
}

const FOREIGN = /[\u0080-\uffff]/;
const EACH_FOREIGN = /[\u0080-\uffff]/g;

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
