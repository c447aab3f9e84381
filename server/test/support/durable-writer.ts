/**
 * Says and sets things in the rooms of a store until it is killed, and tells on stdout what was accepted and what was
 * heard, one JSON array a line. Arguments: the folder, and a word that is in all it says.
 */
import { DurableEngine } from '../../engines/durable/durable-engine.ts';
import { DEFAULT_LIMITS } from '../../limits.ts';
import { SeededRandom } from './random.ts';
import { tellParent } from './tell-parent.ts';

const [folder = '', word = ''] = process.argv.slice(2);
const random = new SeededRandom(word.length);

const engine = new DurableEngine({ folder, limits: DEFAULT_LIMITS });
await engine.start({
  published: ({ name }, { offset, data }) => tellParent('heard', name, offset, data),
  changed: ({ name }, { rev, roomChanges }) => tellParent('changed', name, rev, roomChanges?.[0]),
});

async function work(worker: number): Promise<never> {
  for (let n = 0; ; n++) {
    const name = `r${random.below(5)}`;
    const said = `${word} ${worker} ${n}`;
    const draft = { kind: 'message', data: said, sender: { id: null, name: undefined }, id: said };
    const { epoch, offset } = await engine.publish({ space: 'rooms', name }, draft);
    tellParent('accepted', name, offset, said, epoch);
    if (n % 4 !== 0) continue;
    const entry = { key: `k${random.below(10)}`, value: said };
    const { rev } = await engine.change({ space: 'rooms', name }, { roomChanges: [entry], by: null });
    tellParent('set', name, rev, entry);
  }
}

await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(work));
