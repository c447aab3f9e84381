import { expect } from 'vitest';
import type { Conversation } from '../../test/support/conversation.ts';

export const conversations: readonly Conversation[] = [
  {
    gateway: 'echo',
    async hold(line) {
      await line.send('one', 'tü, "2"');
      expect(await line.next()).toBe('one');
      expect(await line.next()).toBe('tü, "2"');
    },
  },
];
