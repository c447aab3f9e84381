import { describe, expect, it } from 'vitest';
import { Example, expectTaken } from '../../test/support/example.ts';

describe('examples', () => {
  it('services.mjs lets two clients talk through a session controller', async () => {
    const example = new Example('services.mjs');
    const url = await example.url();
    expect([await example.line(), await example.line(), await example.line()]).toEqual([
      'ann was told: Welcome to our chat anonymous',
      'bob was told: Welcome to our chat anonymous',
      'bob heard: hello',
    ]);
    expect((await fetch(`${url}/service/chat`)).status).toBe(404);
  });

  it('services.mjs says in one line that its port is taken', async () => {
    const { port } = new URL(await new Example('services.mjs').url());
    await expectTaken('services.mjs', port);
  });
});
