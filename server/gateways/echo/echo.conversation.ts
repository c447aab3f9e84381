import { expect } from 'vitest';
import { verb } from '../../test/support/broken-frames.ts';
import type { Conversation } from '../../test/support/conversation.ts';

export const conversations: readonly Conversation[] = [
  {
    gateway: 'echo',
    frame: verb,
    async hold(line) {
      await line.send('one', 'tü, "2"');
      expect(await line.next()).toBe('one');
      expect(await line.next()).toBe('tü, "2"');
    },
  },
];
