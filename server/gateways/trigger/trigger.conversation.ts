import assert from 'node:assert/strict';
import { verb } from '../../test/support/broken-frames.ts';
import type { Conversation } from '../../test/support/conversation.ts';

export const conversations: readonly Conversation[] = [
  {
    gateway: 'trigger',
    frame: verb,
    async hold(line, open) {
      const other = await open();
      await line.send('["JOIN","matrix",1]');
      assert.equal(await line.next(), '["ACK",1]');
      await other.send('["BROADCAST_EVENTS","matrix",[1,2]]');
      assert.equal(await line.next(), '["EVENTS",[1,2]]');
      await other.close();
    },
  },
];
