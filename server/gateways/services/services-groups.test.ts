import { describe, expect, it } from 'vitest';
import { openRawLine } from '../../test/support/websocket-line.ts';
import { serviceServers } from '../../test/support/service-servers.ts';

const setUp = serviceServers();

describe('groups', () => {
  it('have names and numbers within the limits, and tell a controller that goes beyond', async () => {
    const { server, chat } = await setUp({}, { limits: { joins: 2, room: 10 } });
    await openRawLine(server.ws('/service/chat'));
    const { id } = (await chat.events.next()).session;
    const tooLong = 'x'.repeat(11);
    expect(() => chat.sessions.addToGroup(tooLong, id)).toThrow('10 characters');
    chat.sessions.sendToGroup(tooLong, 'to nobody');
    expect(chat.sessions.getGroupSize(tooLong)).toBe(0);
    for (const group of ['a', 'b', 'a']) chat.sessions.addToGroup(group, id);
    expect(() => chat.sessions.addToGroup('c', id)).toThrow('2 groups');
    chat.sessions.removeFromGroup('a', id);
    chat.sessions.addToGroup('c', id);
    expect(['a', 'b', 'c'].map(chat.sessions.getGroupSize)).toEqual([0, 1, 1]);
  });

  it('are refused by hooks, which the controller is told', async () => {
    const hooks = {
      join: ({ room }: { room: string }) => {
        if (room === 'closed') throw new Error('not that one');
      },
    };
    const { server, chat } = await setUp({}, { hooks });
    await openRawLine(server.ws('/service/chat'));
    const { id } = (await chat.events.next()).session;
    expect(() => chat.sessions.addToGroup('closed', id)).toThrow('not that one');
    chat.sessions.addToGroup('open', id);
    expect(chat.sessions.getGroupSize('closed')).toBe(0);
  });
});
