import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { loadServices } from '../../services/load-services.ts';
import { VALUES } from '../../test/support/broken-frames.ts';
import type { Conversation } from '../../test/support/conversation.ts';

const folder = fileURLToPath(new URL('../../../examples/services', import.meta.url));

export const conversations: readonly Conversation[] = [
  {
    gateway: 'service/chat',
    options: { services: await loadServices(folder) },
    frame: (random) => random.pick([...VALUES, 'hello', '']),
    async hold(line, open) {
      assert.equal(await line.next(), 'Welcome to our chat anonymous');
      const other = await open();
      assert.equal(await other.next(), 'Welcome to our chat anonymous');
      await line.send('hello, "two"');
      assert.equal(await other.next(), 'hello, "two"');
      // The chat sends to its whole group, and so to the sender too (S3 §7).
      assert.equal(await line.next(), 'hello, "two"');
      await other.send('');
      assert.equal(await line.next(), '');
      await other.close();
    },
  },
];
