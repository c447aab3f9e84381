import { expect } from 'vitest';
import type { JoinAnswer, JoinRequest } from '../../../protocol/rooms.ts';
import type { Line } from './line.ts';
import { RoomsClient } from './rooms-client.ts';

/** Joins a room of `/layout` over a fresh line, and reads the answer. */
export async function enterRoom(
  line: Line,
  request: Partial<JoinRequest>,
): Promise<{ readonly client: RoomsClient; readonly answer: JoinAnswer }> {
  const client = new RoomsClient(line);
  return { client, answer: await joinRoom(client, request) };
}

/** Joins on a line on which nothing else is on its way. The room is `r1` and the name `ann` unless told otherwise. */
export async function joinRoom(client: RoomsClient, request: Partial<JoinRequest>): Promise<JoinAnswer> {
  const [event, , answer] = await client.ask('JOIN', { room: 'r1', name: 'ann', ...request });
  expect(event).toBe('ACK');
  return (answer ?? {}) as JoinAnswer;
}

/** Says something and waits until it is accepted. */
export async function notify(client: RoomsClient, ...messages: unknown[]): Promise<void> {
  for (const message of messages)
    expect((await client.call('NOTIFY', { room: 'r1', message })).kind).toBe('ACK');
}
