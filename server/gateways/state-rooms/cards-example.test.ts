import { describe, expect, it, onTestFinished } from 'vitest';
import { DOORS, type Door } from '../../test/support/doors.ts';
import { hello, StateRoomsClient, type Success } from '../../test/support/state-rooms-client.ts';
import { openRawLine } from '../../test/support/websocket-line.ts';
import { Example } from '../../test/support/example.ts';

async function stateRooms(url: string): Promise<StateRoomsClient> {
  const client = new StateRoomsClient(
    await openRawLine(`${url.replace('http', 'ws')}/wss`),
    DOORS[0] as Door,
  );
  onTestFinished(() => client.close());
  return client;
}

/** Sits down at the table of cards.mjs. */
async function sitDown(url: string, clientName: string): Promise<StateRoomsClient> {
  const client = await stateRooms(url);
  client.say(hello('table', { clientName }));
  expect(await client.next()).toMatchObject({ type: 1 });
  return client;
}

describe('examples', () => {
  it('cards.mjs deals, lets everybody move what is theirs, and shows all the same table', async () => {
    const url = await new Example('cards.mjs').url();
    const ann = await sitDown(url, 'ann');
    const bob = await sitDown(url, 'bob');
    expect(await ann.next()).toMatchObject({ type: 3, addClients: {} });
    ann.say({ type: 4, action: 'deal', id: '1' });
    const dealt = (await bob.next()) as { roomChanges: { key: string; value: string }[] };
    expect(dealt.roomChanges).toHaveLength(16);
    expect(await ann.next()).toEqual(dealt);
    expect(await ann.next()).toEqual({ type: 5, id: '1', success: true, data: '16 cards for 2' });
    const [own, other] = ['ann', 'bob'].map(
      (name) => dealt.roomChanges.find(({ value }) => value === name)?.key,
    );
    ann.say({ type: 2, roomChanges: [{ key: own, value: 'table' }] });
    const moved = { type: 3, roomChanges: [{ key: own, value: 'table' }], updateClients: {} };
    expect([await ann.next(), await bob.next()]).toEqual([moved, moved]);
    ann.say({ type: 2, roomChanges: [{ key: other, value: 'ann' }] });
    await ann.expectEnd(1002, `error: ${other} is not yours`);
    expect(await bob.next()).toMatchObject({ removeClients: [expect.any(String)] });
    const left = (await bob.next()) as typeof dealt;
    expect(new Set(left.roomChanges.map(({ value }) => value))).toEqual(new Set(['table']));
    expect(left.roomChanges).toHaveLength(7);
    const late = await stateRooms(url);
    late.say(hello('table', { readonly: true }));
    const { roomState } = (await late.next()) as Success;
    const holders = Object.values(roomState);
    expect([holders.filter((name) => name === 'bob').length, holders.length]).toEqual([8, 16]);
  });
});
