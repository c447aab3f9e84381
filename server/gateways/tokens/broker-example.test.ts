import { describe, expect, it } from 'vitest';
import { Example, expectTaken } from '../../test/support/example.ts';

describe('examples', () => {
  it('broker.mjs hands messages to whoever has the token', async () => {
    const broker = new Example('broker.mjs');
    await broker.url();
    expect([await broker.line(), await broker.line()].sort()).toEqual([
      'ann got Hello',
      'team/bob got Hello',
    ]);
    expect(await broker.line()).toBe('team/bob got Dinner is ready');
    expect(await broker.line()).toBe('here are ann and team/bob');
  });

  it('broker.mjs says in one line that its port is taken', async () => {
    const { port } = new URL(await new Example('broker.mjs').url());
    await expectTaken('broker.mjs', port);
  });
});
