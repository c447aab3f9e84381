import { expect } from 'vitest';
import type { Client, ConnectOptions, Room, RoomMessage, RoomOptions } from '../types.ts';
import type { Environment } from '../environment.ts';
import type { Peer, ScriptedServer } from './scripted-server.ts';
import { startPair, told } from './setup.ts';

export const ANN = { id: 'm1', name: 'ann' };
export const BOB = { id: 'm2', name: 'bob' };

/** What a scripted server answers to a JOIN, beside or instead of what {@link acceptJoin} says. */
export interface Answer {
  readonly id?: string;
  readonly epoch?: string;
  readonly offset?: number;
  readonly count?: number;
  readonly members?: readonly object[] | null;
  readonly recovered?: boolean;
  readonly gap?: object;
  readonly rev?: number;
  readonly state?: readonly object[];
}

/** Plays the server for one JOIN, and gives what it asked for. */
export async function acceptJoin(peer: Peer, answer: Answer = {}): Promise<Record<string, unknown>> {
  const join = await peer.nextVerb();
  expect(join.event).toBe('JOIN');
  const recovered = join.body['recover'] !== undefined && answer.gap === undefined;
  const members = [ANN];
  peer.sayVerb('ACK', join.id, {
    ...{ id: 'm1', epoch: 'e', offset: 0, members, recovered, rev: 0, state: [] },
    ...answer,
  });
  return join.body;
}

export interface Joined {
  readonly server: ScriptedServer;
  readonly client: Client;
  readonly peer: Peer;
  readonly room: Room;
}

/** A client that is in the room `r`. */
export async function startJoined(
  answer?: Answer,
  options: RoomOptions = { name: 'ann' },
  connectOptions?: ConnectOptions,
  environment?: Environment,
): Promise<Joined> {
  const pair = await startPair(connectOptions, environment);
  const room = pair.client.room('r', options);
  const joining = room.join();
  expect(await pair.peer.messages.next()).toBe('sub,layout');
  await acceptJoin(pair.peer, answer);
  await joining;
  return { ...pair, room };
}

/** Notes what a room tells, in order. */
export function record(room: Room): unknown[] {
  const events: unknown[] = [];
  room.on('joined', () => events.push('joined'));
  room.on('message', (message) => events.push(message.data));
  room.on('presence', (change) => events.push(change));
  room.on('gap', (gap) => events.push(gap));
  room.on('state', (change) => events.push(change));
  return events;
}

/** An `EVENT` of the room `r`. */
export function event(offset: number, message: unknown, epoch = 'e'): [string, object] {
  return ['EVENT', { sender: 'bob', room: 'r', message, id: 'm2', epoch, offset, at: 5 }];
}

export function nextMessage(room: Room): Promise<RoomMessage> {
  return told((listener) => room.on('message', listener));
}

/** Resolves when this is said in the room. */
export function hearing(room: Room, data: unknown): Promise<void> {
  return new Promise((resolve) => {
    room.on('message', (message) => {
      if (message.data === data) resolve();
    });
  });
}

export function nextJoined(room: Room): Promise<unknown> {
  return told((listener) => room.on('joined', () => listener(undefined)));
}

/** Cuts the line and plays the server until it has the room's JOIN answered again. */
export async function comeBack(joined: Joined, answer?: Answer): Promise<Peer> {
  joined.peer.cut();
  return (await rejoin(joined, answer)).peer;
}

/** Plays the server, after a line was cut, until it has the room's JOIN answered again. */
export async function rejoin(
  { server, room }: Joined,
  answer?: Answer,
): Promise<{ readonly peer: Peer; readonly join: Record<string, unknown> }> {
  const again = nextJoined(room);
  const peer = await server.greeted();
  expect(await peer.messages.next()).toBe('sub,layout');
  const join = await acceptJoin(peer, answer);
  await again;
  return { peer, join };
}

/** The code of the error that a promise is rejected with. */
export function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => ({ resolved: value }),
    (error: unknown) => (error as { readonly code?: unknown }).code,
  );
}
