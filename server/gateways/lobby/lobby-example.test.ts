import { describe, expect, it } from 'vitest';
import { Example, expectTaken } from '../../test/support/example.ts';

describe('examples', () => {
  it('lobby.mjs introduces two peers, who exchange an offer and an answer', async () => {
    const url = await new Example('lobby.mjs').url();
    expect(await (await fetch(url)).text()).toContain('<script type="module" src="page.js">');
    const ann = new Example('lobby/signals.mjs', url, 'green');
    const [, annId] = /^JOINED (\S+)$/.exec(await ann.line()) ?? [];
    expect(await ann.line()).toBe('PEERS []');
    const bob = new Example('lobby/signals.mjs', url, 'green');
    const [, bobId] = /^JOINED (\S+)$/.exec(await bob.line()) ?? [];
    expect(await bob.line()).toBe(`PEERS ["${annId}"]`);
    expect(await ann.line()).toBe(`RTCSIGNAL offer from ${bobId}: what ${bobId} offers`);
    expect(await bob.line()).toBe(`RTCSIGNAL answer from ${annId}: what is answered to ${bobId}`);
    bob.child.kill();
    expect(await ann.line()).toBe(`LEFT ${bobId}`);
  });

  it('lobby.mjs says in one line that its port is taken', async () => {
    const { port } = new URL(await new Example('lobby.mjs').url());
    await expectTaken('lobby.mjs', port);
  });
});
