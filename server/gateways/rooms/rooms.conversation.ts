import assert from 'node:assert/strict';
import type { HistoryAnswer, Position, Revision, StateChange } from '../../../protocol/rooms.ts';
import { verb } from '../../test/support/broken-frames.ts';
import type { Line } from '../../test/support/line.ts';
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
    await keep(await open());
  },
}));

/** What is kept stays from one conversation to the next, so positions and revisions are compared and not foretold. */
async function keep(line: Line): Promise<void> {
  await line.send('["JOIN",{"room":"kept","name":"bob","positions":true,"state":true},1]');
  const { epoch, offset, rev } = await answer<Position & Revision>(line, 1);
  await line.send('["SET",{"room":"kept","entries":[{"key":"k","value":{"n":1}}]},2]');
  const [event, change] = JSON.parse(await line.next()) as [string, StateChange];
  assert.deepEqual([event, change.rev, change.entries], ['STATE', rev + 1, [{ key: 'k', value: { n: 1 } }]]);
  assert.deepEqual(await answer(line, 2), { epoch, rev: rev + 1 });
  for (const id of [3, 4]) {
    await line.send(`["NOTIFY",{"room":"kept","message":"ü","publishId":"${epoch}/${offset}"},${id}]`);
    assert.deepEqual(await answer(line, id), { epoch, offset: offset + 1 });
  }
  await line.send('["HISTORY",{"room":"kept","limit":1},5]');
  const { messages } = await answer<HistoryAnswer>(line, 5);
  assert.deepEqual(
    messages.map(({ sender, message, offset: at }) => [sender, message, at]),
    [['bob', 'ü', offset + 1]],
  );
  await line.close();
}

async function answer<Body>(line: Line, id: number): Promise<Body> {
  const [event, itsId, body] = JSON.parse(await line.next()) as [string, number, Body];
  assert.deepEqual([event, itsId], ['ACK', id]);
  return body;
}
