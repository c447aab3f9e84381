import { expect } from 'vitest';
import { decodeServerFrame } from '../../../protocol/sockjs.ts';
import { post, request, type Ask } from './http-exchange.ts';
import type { TestServer } from './server.ts';
import { sessionPath } from './session-path.ts';

/** Opens an xhr-polling session at a base URL and returns the URL of the session. */
export async function pollingSession(server: TestServer, path = '/echo', ask: Ask = {}): Promise<string> {
  const url = server.http(path + sessionPath());
  expect((await request(`${url}/xhr`, { method: 'POST', ...ask })).body).toBe('o\n');
  return url;
}

/** The messages that one poll brings. */
export async function poll(session: string): Promise<readonly string[]> {
  const frame = decodeServerFrame((await post(`${session}/xhr`)).body.trimEnd());
  return frame?.type === 'messages' ? frame.messages : [`no messages: ${frame?.type}`];
}
