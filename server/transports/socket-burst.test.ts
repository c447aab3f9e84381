import { expect, it } from 'vitest';
import { SocketBurst, type BurstLine } from './socket-burst.ts';

/** Takes as many bytes for a socket as is said here, and all of a frame where nothing is. */
function kernel(takes: Record<number, number> = {}) {
  const calls: { frame: string; sockets: number[] }[] = [];
  const burst = new SocketBurst((frame, sockets, count) => {
    calls.push({ frame: Buffer.from(frame).toString(), sockets: [...sockets.subarray(0, count)] });
    let unfinished = 0;
    for (let i = 0; i < count; i++) {
      sockets[i] = takes[sockets[i] ?? -1] ?? frame.length;
      if (sockets[i] !== frame.length) unfinished++;
    }
    return unfinished;
  });
  return { burst, calls };
}

function line(descriptor: number): BurstLine & { readonly left: string[] } {
  const left: string[] = [];
  return { descriptor, left, finish: (frame, taken) => left.push(frame.subarray(taken).toString()) };
}

const FRAME = Buffer.from('frame');
const OTHER = Buffer.from('other');

it('serves lines with the same frame by one call', () => {
  const { burst, calls } = kernel();
  burst.begin();
  for (const descriptor of [3, 4, 5]) burst.add(line(descriptor), FRAME);
  expect(calls).toEqual([]);
  burst.end();
  expect(calls).toEqual([{ frame: 'frame', sockets: [3, 4, 5] }]);
});

it('keeps the order in which frames were given', () => {
  const { burst, calls } = kernel();
  burst.begin();
  burst.add(line(3), FRAME);
  burst.add(line(4), OTHER);
  burst.add(line(5), OTHER);
  burst.add(line(6), FRAME);
  burst.end();
  expect(calls).toEqual([
    { frame: 'frame', sockets: [3] },
    { frame: 'other', sockets: [4, 5] },
    { frame: 'frame', sockets: [6] },
  ]);
});

it('leaves to a line what the kernel did not take', () => {
  const { burst } = kernel({ 4: 2, 5: 0 });
  const lines = [3, 4, 5, 6].map(line);
  burst.begin();
  for (const each of lines) burst.add(each, FRAME);
  burst.end();
  expect(lines.map(({ left }) => left)).toEqual([[], ['ame'], ['frame'], []]);
});

it('serves more lines than fit into one call', () => {
  const { burst, calls } = kernel();
  const sockets = Array.from({ length: 2500 }, (_, index) => index + 3);
  burst.begin();
  for (const descriptor of sockets) burst.add(line(descriptor), FRAME);
  burst.end();
  expect(calls.map((call) => call.sockets.length)).toEqual([1024, 1024, 452]);
  expect(calls.flatMap((call) => call.sockets)).toEqual(sockets);
});

it('is open between beginning and end only, and calls for nothing when nothing was given', () => {
  const { burst, calls } = kernel();
  expect(burst.isOpen).toBe(false);
  burst.begin();
  expect(burst.isOpen).toBe(true);
  burst.end();
  expect(burst.isOpen).toBe(false);
  burst.begin();
  burst.end();
  expect(calls).toEqual([]);
});
