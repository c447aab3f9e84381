import assert from 'node:assert/strict';
import { verb } from '../../test/support/broken-frames.ts';
import type { Conversation } from '../../test/support/conversation.ts';

export const conversations: readonly Conversation[] = ['layout', 'bus'].map((gateway) => ({
  gateway,
  frame: verb,
  async hold(line, open) {
    const other = await open();
    await line.send('["JOIN",{"room":"matrix","name":"ann"},1]');
    assert.equal(await line.next(), '["ACK",1]');
    await other.send('["NOTIFY",{"room":"matrix","message":{"k":[1,"ü"]}}]');
    assert.equal(await line.next(), '["EVENT",{"sender":"unknown","room":"matrix","message":{"k":[1,"ü"]}}]');
    await other.close();
  },
}));
