import assert from 'node:assert/strict';
import { verb } from '../../test/support/broken-frames.ts';
import type { Conversation } from '../../test/support/conversation.ts';

export const conversations: readonly Conversation[] = [
  {
    gateway: 'echo',
    frame: verb,
    async hold(line) {
      await line.send('one', 'tü, "2"');
      assert.equal(await line.next(), 'one');
      assert.equal(await line.next(), 'tü, "2"');
    },
  },
];
