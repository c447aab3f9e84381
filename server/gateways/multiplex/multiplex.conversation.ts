import assert from 'node:assert/strict';
import { topicFrame } from '../../test/support/broken-frames.ts';
import type { Conversation } from '../../test/support/conversation.ts';

export const conversations: readonly Conversation[] = [
  {
    gateway: 'multiplex',
    isTopic: false,
    frame: topicFrame,
    async hold(line) {
      await line.send('sub,matrix', 'msg,matrix,a,b');
      assert.equal(await line.next(), 'msg,matrix,a,b');
      await line.send('sub,echo', 'msg,echo,ü');
      assert.equal(await line.next(), 'msg,echo,ü');
      await line.send('uns,echo', 'uns,matrix', 'msg,matrix,gone', 'sub,echo', 'msg,echo,again');
      assert.equal(await line.next(), 'msg,echo,again');
    },
  },
];
