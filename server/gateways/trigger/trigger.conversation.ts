import { expect } from 'vitest';
import { verb } from '../../test/support/broken-frames.ts';
import type { Conversation } from '../../test/support/conversation.ts';

export const conversations: readonly Conversation[] = [
  {
    gateway: 'trigger',
    frame: verb,
    async hold(line, open) {
      const other = await open();
      await line.send('["JOIN","matrix",1]');
      expect(await line.next()).toBe('["ACK",1]');
      await other.send('["BROADCAST_EVENTS","matrix",[1,2]]');
      expect(await line.next()).toBe('["EVENTS",[1,2]]');
      await other.close();
    },
  },
];
