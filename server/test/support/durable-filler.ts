/**
 * Says things in a store until it takes no more, and then the same thing until it does. Tells what happened on stdout,
 * one JSON array a line. Argument: the folder. The process must have a limit on the size of its files.
 */
import { setTimeout } from 'node:timers/promises';
import { DurableEngine } from '../../engines/durable/durable-engine.ts';
import type { HubError } from '../../hub/errors.ts';
import { DEFAULT_LIMITS } from '../../limits.ts';
import { tellParent } from './tell-parent.ts';

const [folder = ''] = process.argv.slice(2);

const engine = new DurableEngine({ folder, limits: DEFAULT_LIMITS });
await engine.start({
  published: (_address, { data }) => tellParent('heard', data),
  changed: () => undefined,
});

async function say(what: string): Promise<HubError | undefined> {
  const data = what.padEnd(1000, 'x');
  const draft = { kind: 'message', data, sender: { id: null, name: undefined } };
  try {
    await engine.publish({ space: 'rooms', name: 'r' }, draft);
    tellParent('accepted', data);
    return undefined;
  } catch (error) {
    return error as HubError;
  }
}

for (let n = 1, refusal: HubError | undefined; refusal === undefined; n++) {
  const all = await Promise.all(Array.from({ length: 20 }, (_, index) => say(`${n} ${index} `)));
  refusal = all.find((each) => each !== undefined);
  if (refusal !== undefined) tellParent('refused', refusal.code, refusal.message, engine.isAvailable);
}
while ((await say('at last ')) !== undefined) await setTimeout(100);
tellParent('available', engine.isAvailable);
await engine.stop();
