/**
 * Says things in a store until it takes no more, and then the same thing until it does. Tells what happened on stdout,
 * one JSON array a line. Argument: the folder. The process must have a limit on the size of its files.
 */
import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { DurableEngine } from '../../engines/durable/durable-engine.ts';
import type { HubError } from '../../hub/errors.ts';
import { DEFAULT_LIMITS } from '../../limits.ts';

const [folder = ''] = process.argv.slice(2);

const blink = new Int32Array(new SharedArrayBuffer(4));

function tell(...line: readonly unknown[]): void {
  let rest = Buffer.from(`${JSON.stringify(line)}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      // Whoever reads this is busy, and the pipe is full.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(blink, 0, 0, 1);
    }
  }
}

const engine = new DurableEngine({ folder, limits: DEFAULT_LIMITS });
await engine.start({ published: (_address, { data }) => tell('heard', data), changed: () => undefined });

async function say(what: string): Promise<HubError | undefined> {
  const data = what.padEnd(1000, 'x');
  const draft = { kind: 'message', data, sender: { id: null, name: undefined } };
  try {
    await engine.publish({ space: 'rooms', name: 'r' }, draft);
    tell('accepted', data);
    return undefined;
  } catch (error) {
    return error as HubError;
  }
}

for (let n = 1, refusal: HubError | undefined; refusal === undefined; n++) {
  const all = await Promise.all(Array.from({ length: 20 }, (_, index) => say(`${n} ${index} `)));
  refusal = all.find((each) => each !== undefined);
  if (refusal !== undefined) tell('refused', refusal.code, refusal.message, engine.isAvailable);
}
while ((await say('at last ')) !== undefined) await setTimeout(100);
tell('available', engine.isAvailable);
await engine.stop();
