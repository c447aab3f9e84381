import { expect } from 'vitest';
import type { TestServer } from './server.ts';
import { openSocket, type TextSocket } from './websocket-line.ts';

/** A line by WebSocket in the words of one protocol revision of Socket.IO; its open packet is read already. */
export async function openLine(server: TestServer, revision: 3 | 4, query = ''): Promise<TextSocket> {
  const socket = await openSocket(server.ws(`/socket.io/?EIO=${revision}&transport=websocket${query}`));
  const [type, ...json] = await socket.next();
  expect(type).toBe('0');
  expect(JSON.parse(json.join(''))).toMatchObject({ upgrades: [], pingInterval: 25_000 });
  return socket;
}

/** The same in the words of the original (S1 §2.1), in the default namespace. */
export async function openOriginalLine(server: TestServer, query = ''): Promise<TextSocket> {
  const socket = await openLine(server, 3, query);
  expect(await socket.next()).toBe('40');
  return socket;
}

/** A line in the words of today, in one namespace. */
export async function openNamespace(server: TestServer, name: string, auth = ''): Promise<TextSocket> {
  const socket = await openLine(server, 4);
  await joinNamespace(socket, name, auth);
  return socket;
}

/** Enters a namespace in the words of today; says under which id. */
export async function joinNamespace(socket: TextSocket, name: string, auth = ''): Promise<string> {
  socket.send(`40/${name},${auth}`);
  const answer = await socket.next();
  expect(answer).toMatch(new RegExp(`^40/${name},\\{"sid":"[\\w-]{20}"\\}$`));
  return answer;
}
