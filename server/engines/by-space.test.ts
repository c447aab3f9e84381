import { expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { EngineBySpace } from './by-space.ts';
import { describeEngine } from './engine.contract.ts';
import { MemoryEngine } from './memory/memory-engine.ts';

function memory(limits = DEFAULT_LIMITS): MemoryEngine {
  return new MemoryEngine({ limits, roomGraceMs: Infinity });
}

describeEngine(
  'EngineBySpace',
  async (limits) => new EngineBySpace(memory(limits), ['rooms'], memory(limits)),
);

it('EngineBySpace gives each space to its engine, and tells of both', async () => {
  const [these, others] = [memory(), memory()];
  const engine = new EngineBySpace(these, ['rooms'], others);
  const told: string[] = [];
  await engine.start({ published: ({ space }) => told.push(space), changed: () => undefined });
  const draft = { kind: 'message', data: 1, sender: { id: null, name: undefined } };
  await engine.publish({ space: 'rooms', name: 'r' }, draft);
  await engine.publish({ space: 'lobby', name: 'l' }, draft);
  expect(told).toEqual(['rooms', 'lobby']);
  expect([...these.names('rooms'), ...others.names('lobby')]).toEqual(['r', 'l']);
  expect([...these.names('lobby'), ...others.names('rooms')]).toEqual([]);
  await engine.stop();
});
