import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ServerOptions } from '../../options.ts';
import { VALUES } from '../../test/support/broken-frames.ts';
import type { Conversation } from '../../test/support/conversation.ts';
import type { SeededRandom } from '../../test/support/random.ts';

const options: ServerOptions = {
  hooks: { action: ({ id, data }) => ({ type: 5, id, success: true, data }) },
};

function hello(roomId: string): string {
  return JSON.stringify({
    protocol: 'websocket-room-server:1',
    roomProtocol: 'matrix:1',
    roomId,
    clientState: { x: '1' },
  });
}

export const conversations: readonly Conversation[] = [
  {
    gateway: 'wss',
    options,
    opening: () => hello('r1'),
    frame,
    async hold(line, open) {
      const other = await open();
      // A polling peer that has gone stays in its room for a while.
      const room = randomUUID();
      await line.send(hello(room));
      const { clientId } = JSON.parse(await line.next()) as { clientId: string };
      await other.send(hello(room), '{"type":2,"roomChanges":[{"key":"k","value":"ü"}]}');
      const { clientId: otherId } = JSON.parse(await other.next()) as { clientId: string };
      assert.notEqual(otherId, clientId);
      assert.deepEqual(JSON.parse(await line.next()), {
        type: 3,
        addClients: { [otherId]: { clientState: { x: '1' } } },
      });
      assert.equal(
        await line.next(),
        '{"type":3,"roomChanges":[{"key":"k","value":"ü"}],"updateClients":{}}',
      );
      await other.close();
    },
  },
];

function frame(random: SeededRandom): string {
  const key = (): string => JSON.stringify(random.pick(['k', 'x', '', '__proto__', 'constructor', 'ü']));
  const value = (): string => (random.below(4) === 0 ? random.pick(VALUES) : '"v"');
  const sets = (): string => `[{"key":${key()},"value":${value()}},{"key":${key()}}]`;
  const credential = random.pick([
    '"clientName":"ann"',
    '"clientCredential":"s"',
    '"readonly":true',
    '"x":0',
  ]);
  return random.pick([
    () =>
      `{"protocol":"websocket-room-server:1","roomProtocol":"f:1","roomId":${key()},"clientState":{${key()}:${value()}},${credential}}`,
    () => `{"type":2,"roomChanges":${sets()},"clientChanges":${sets()},"echo":${value()}}`,
    () => `{"type":2,"roomChanges":${sets()}}`,
    () => `{"type":2,"clientChanges":${sets()},"echo":true}`,
    () => `{"type":4,"action":${value()},"id":${value()},"data":${value()}}`,
    () => `{"type":${random.below(9)},"flush":true,"msg":${value()}}`,
    () => random.pick(VALUES),
  ])();
}
