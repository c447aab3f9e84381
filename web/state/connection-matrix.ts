import type { ConnectionCount } from '../../protocol/overview.ts';

/** Live connections as a table: a row for each protocol, a column for each transport. */
export interface ConnectionMatrix {
  readonly transports: readonly { readonly name: string; readonly total: number }[];
  readonly protocols: readonly {
    readonly name: string;
    readonly total: number;
    /** In the order of {@link ConnectionMatrix.transports}; 0 where there is no connection. */
    readonly counts: readonly number[];
  }[];
  readonly total: number;
  /** The largest count in any cell. */
  readonly peak: number;
}

/** Sums up the pairs. Rows and columns keep their places while connections come and go. */
export function connectionMatrix(pairs: readonly ConnectionCount[]): ConnectionMatrix {
  const rows = new Map<string, Map<string, number>>();
  const columns = new Map<string, number>();
  let total = 0;
  let peak = 0;
  for (const { gateway, transport, connections } of pairs) {
    if (connections <= 0) continue;
    const row = rows.get(gateway) ?? new Map<string, number>();
    rows.set(gateway, row);
    const count = (row.get(transport) ?? 0) + connections;
    row.set(transport, count);
    columns.set(transport, (columns.get(transport) ?? 0) + connections);
    total += connections;
    peak = Math.max(peak, count);
  }
  const transports = [...columns]
    .map(([name, sum]) => ({ name, total: sum }))
    .sort((a, b) => compareByRank(a.name, b.name, TRANSPORT_ORDER));
  const protocols = [...rows]
    .map(([name, row]) => ({
      name,
      total: [...row.values()].reduce((sum, count) => sum + count, 0),
      counts: transports.map((transport) => row.get(transport.name) ?? 0),
    }))
    .sort((a, b) => compareByRank(a.name, b.name, PROTOCOL_ORDER));
  return { transports, protocols, total, peak };
}

/** From the fastest to the last resort. */
const TRANSPORT_ORDER = [
  'websocket-raw',
  'websocket',
  'socket.io',
  'xhr-streaming',
  'eventsource',
  'htmlfile',
  'xhr-polling',
  'jsonp-polling',
];
const PROTOCOL_ORDER = ['multiplex', 'layout', 'bus', 'lobby', 'trigger', 'ws', 'wss'];

/** Names that are listed come first, in the order of the list; the others follow by name. */
function compareByRank(one: string, other: string, order: readonly string[]): number {
  const rank = (name: string): number => {
    const place = order.indexOf(name);
    return place === -1 ? order.length : place;
  };
  return rank(one) - rank(other) || one.localeCompare(other, 'en', { numeric: true });
}
