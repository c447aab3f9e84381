import { describe, expect, it } from 'vitest';
import { defineSessions } from '../../services/sessions.ts';
import { serverPool, startServer } from '../../test/support/server.ts';

const start = serverPool();

describe('createServer', () => {
  const define = (): ReturnType<typeof defineSessions> => defineSessions({ webSocketEvent() {} });

  it('takes services in a map or an object, and says where they answer', async () => {
    const server = await start({ services: new Map([['a.b', define()]]) });
    expect(server.roomplex.paths).toContain('/service/a.b');
    await expect(start({ services: { toString: define() } })).resolves.toBeDefined();
  });

  it.each(['', 'a/b', '.hidden', 'ü', 'a b', '..', 'x'.repeat(65)])('refuses the name %j', async (name) => {
    await expect(startServer({ services: { [name]: define() } })).rejects.toThrow('no name for a service');
  });

  it('refuses what is no controller', async () => {
    await expect(startServer({ services: { a: { get() {} } as never } })).rejects.toThrow('defineSessions()');
    for (const wrong of [undefined, null, 5, {}, { get() {} }, { webSocketEvent: 5 }]) {
      expect(() => defineSessions(wrong as never)).toThrow(TypeError);
    }
    for (const more of [
      { get: 5 },
      { groups: 'all' },
      { idleMs: -1 },
      { idleMs: '5' },
      { authenticate: {} },
    ]) {
      expect(() => defineSessions({ webSocketEvent() {}, ...more } as never)).toThrow(TypeError);
    }
  });

  it('mounts a controller once at a time, and leaves nothing mounted when it fails', async () => {
    const [one, two] = [define(), define()];
    await expect(startServer({ services: { one, two, again: one } })).rejects.toThrow('mounted already');
    const first = await startServer({ services: { one, two } });
    await expect(startServer({ services: { one } })).rejects.toThrow('mounted already');
    await first.close();
    await start({ services: { one } });
    two.send('nobody', 'is mounted nowhere');
    two.addToGroup('g', 'nobody');
    expect(two.getGroupSize('g')).toBe(0);
  });
});
