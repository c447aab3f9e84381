import { describe, expect, it } from 'vitest';
import { WIRES, WIRE_NAMES, type WireName } from '../wires.ts';
import { DeliveryReader } from './delivery-reader.ts';
import { encodePayload } from './payload.ts';

type Method = 'read' | 'readStrictly';

function read(
  wire: WireName,
  text: string,
  method: Method,
): { seen: number[][]; problem: string | undefined } {
  const seen: number[][] = [];
  // A frame never starts at 0 in the shared buffer; the reader must not care.
  const bytes = Buffer.from(`...${text}...`, 'latin1');
  const sink = { delivered: (...message: number[]) => void seen.push(message) };
  const problem = new DeliveryReader(WIRES[wire], 'r7')[method](bytes, 3, bytes.length - 3, sink);
  return { seen, problem };
}

function frame(wire: WireName, ...messages: [publisher: number, sequence: number][]): string {
  const { open, right, close, left } = WIRES[wire];
  const elements = messages.map(
    ([publisher, sequence]) => left('r7') + encodePayload(publisher, sequence) + right,
  );
  return open + elements.join(',') + close;
}

describe.each<Method>(['read', 'readStrictly'])('DeliveryReader#%s', (method) => {
  it.each(WIRE_NAMES)('finds the message in a %s frame', (wire) => {
    expect(read(wire, frame(wire, [3, 1234567]), method)).toEqual({
      seen: [[3, 1234567]],
      problem: undefined,
    });
  });

  it('finds every message of a SockJS array in order', () => {
    const { seen, problem } = read('sockjs', frame('sockjs', [0, 5], [9, 6], [0, 7]), method);
    expect(problem).toBeUndefined();
    expect(seen).toEqual([
      [0, 5],
      [9, 6],
      [0, 7],
    ]);
  });

  it('refuses two messages on a wire that carries one', () => {
    expect(read('plain', frame('plain', [0, 5], [0, 6]), method).problem).toBeDefined();
  });

  it.each(WIRE_NAMES)('refuses a %s frame that is cut short', (wire) => {
    expect(read(wire, frame(wire, [0, 5]).slice(0, -1), method).problem).toBeDefined();
  });

  it.each(WIRE_NAMES)('refuses a %s frame with something added', (wire) => {
    expect(read(wire, `${frame(wire, [0, 5])}x`, method).problem).toBeDefined();
  });
});

describe('DeliveryReader#readStrictly', () => {
  it.each(WIRE_NAMES)('refuses a %s frame with one wrong letter', (wire) => {
    const garbled = frame(wire, [0, 5]).replace('quick', 'quack');
    expect(read(wire, garbled, 'readStrictly').problem).toMatch(/differs/);
  });

  it('refuses a frame of another room', () => {
    const other = frame('plain', [0, 5]).replace('r7', 'r8');
    expect(read('plain', other, 'readStrictly').problem).toMatch(/differs/);
  });
});
