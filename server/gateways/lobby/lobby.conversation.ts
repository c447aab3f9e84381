import { randomUUID } from 'node:crypto';
import assert from 'node:assert/strict';
import { verb } from '../../test/support/broken-frames.ts';
import type { Conversation } from '../../test/support/conversation.ts';

export const conversations: readonly Conversation[] = [
  {
    gateway: 'lobby',
    frame: verb,
    async hold(line, open) {
      const other = await open();
      // A polling peer that has gone stays in its lobby for a while.
      const lobby = JSON.stringify(randomUUID());
      await line.send(`["JOIN",${lobby}]`);
      const [, own] = JSON.parse(await line.next()) as [string, string];
      assert.deepEqual(JSON.parse(await line.next()), ['PEERS', []]);
      await other.send(`["JOIN",${lobby}]`, `["RTCSIGNAL",{"to":${JSON.stringify(own)},"type":"offer"}]`);
      const [event, newcomer] = JSON.parse(await line.next()) as [string, string];
      assert.equal(event, 'JOINED');
      assert.deepEqual(JSON.parse(await line.next()), [
        'RTCSIGNAL',
        { to: own, type: 'offer', from: newcomer },
      ]);
      await other.close();
    },
  },
];
