import { describe, expect, it } from 'vitest';
import { connectionMatrix } from './connection-matrix.ts';

const pair = (gateway: string, transport: string, connections: number) => ({
  gateway,
  transport,
  connections,
});

describe('connectionMatrix', () => {
  it('is empty without connections', () => {
    const empty = { transports: [], protocols: [], total: 0, peak: 0 };
    expect(connectionMatrix([])).toEqual(empty);
    expect(connectionMatrix([pair('layout', 'websocket', 0)])).toEqual(empty);
  });

  it('has a cell for every protocol and transport, and their sums', () => {
    const matrix = connectionMatrix([
      pair('echo', 'xhr-polling', 2),
      pair('multiplex', 'websocket', 7),
      pair('echo', 'websocket', 1),
    ]);
    expect(matrix).toEqual({
      transports: [
        { name: 'websocket', total: 8 },
        { name: 'xhr-polling', total: 2 },
      ],
      protocols: [
        { name: 'multiplex', total: 7, counts: [7, 0] },
        { name: 'echo', total: 3, counts: [1, 2] },
      ],
      total: 10,
      peak: 7,
    });
  });

  it('keeps its order however the counts change', () => {
    const names = (pairs: Parameters<typeof connectionMatrix>[0]): string[] =>
      connectionMatrix(pairs).protocols.map(({ name }) => name);
    const order = ['multiplex', 'ws', 'echo', 'service/a2', 'service/a10'];
    expect(names(order.map((name, i) => pair(name, 'websocket', i + 1)))).toEqual(order);
    expect(names(order.toReversed().map((name, i) => pair(name, 'websocket', i + 1)))).toEqual(order);
  });
});
