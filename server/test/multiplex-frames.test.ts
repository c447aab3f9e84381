import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { post } from './support/http-exchange.ts';
import { within } from './support/inbox.ts';
import { MULTIPLEX_HOSTS } from './support/multiplex-hosts.ts';
import { MultiplexStage } from './support/multiplex-stage.ts';
import { sessionPath } from './support/session-path.ts';
import { openSocket } from './support/websocket-line.ts';

describe.each(MULTIPLEX_HOSTS)(
  'frames that are no text messages, at $name',
  ({ start, rawPath, hasOwnTransports }) => {
    let stage: MultiplexStage;
    beforeEach(async () => {
      stage = new MultiplexStage(await start());
    });
    afterEach(() => stage.host.close());

    it.each([
      '[123]',
      '[null]',
      '[{"a":1}]',
      '[["sub,ann"]]',
      '[true]',
      '{"a":1}',
      '{"length":1,"0":"sub,ann"}',
      '123',
      'null',
      'true',
      '[]',
      '',
    ])('S2.25 ignores the SockJS frame %s', async (frame) => {
      const socket = await openSocket(stage.host.ws(`/multiplex${sessionPath()}/websocket`));
      expect(await socket.next()).toBe('o');
      socket.send(frame);
      socket.send('["sub,ann"]');
      expect(await socket.next()).toBe('a["msg,ann,welcome ann"]');
    });

    it('S2.25 hears the strings in a SockJS frame that holds other things too', async () => {
      const socket = await openSocket(stage.host.ws(`/multiplex${sessionPath()}/websocket`));
      expect(await socket.next()).toBe('o');
      socket.send('[5,"sub,ann",null,{"a":1},"msg,ann,x"]');
      const greeting = 'msg,ann,welcome ann';
      const first = await socket.next();
      if (first === `a["${greeting}"]`) expect(await socket.next()).toBe('a["msg,ann,got:x"]');
      else expect(first).toBe(`a["${greeting}","msg,ann,got:x"]`);
    });

    it.each([rawPath, '/multiplex/websocket', '/multiplex/000/abc/websocket'])(
      'S2.25 ignores a binary frame on %s',
      async (path) => {
        const isFramed = path.endsWith('/abc/websocket');
        const socket = await openSocket(stage.host.ws(path));
        if (isFramed) expect(await socket.next()).toBe('o');
        socket.send(Buffer.from('["sub,hold"]'));
        if (!isFramed || hasOwnTransports) socket.send(Buffer.from('sub,hold'));
        socket.send(Buffer.alloc(0));
        socket.send(isFramed ? '["sub,ann"]' : 'sub,ann');
        expect(await socket.next()).toBe(isFramed ? 'a["msg,ann,welcome ann"]' : 'msg,ann,welcome ann');
        expect(stage.visitsTo('hold')).toEqual([]);
      },
    );

    it('S2.26 takes a bare string for a message', async () => {
      const socket = await openSocket(stage.host.ws(`/multiplex${sessionPath()}/websocket`));
      expect(await socket.next()).toBe('o');
      socket.send('"sub,ann"');
      expect(await socket.next()).toBe('a["msg,ann,welcome ann"]');
    });

    it('S2.26 closes with 3000 after text that is not JSON', async () => {
      const socket = await openSocket(stage.host.ws(`/multiplex${sessionPath()}/websocket`));
      expect(await socket.next()).toBe('o');
      socket.send('["sub,hold"]');
      socket.send('sub,ann');
      expect(await socket.closed).toEqual({ code: 3000, reason: 'Broken framing.' });
      const [visit] = stage.visitsTo('hold');
      await within('close of the channel', visit?.closed ?? Promise.reject(new Error('nobody subscribed')));
    });

    it('S2.26 answers broken and empty bodies of xhr_send in words', async () => {
      const session = stage.host.http(`/multiplex${sessionPath()}`);
      expect((await post(`${session}/xhr`)).body).toBe('o\n');
      expect(await post(`${session}/xhr_send`, 'sub,ann')).toMatchObject({
        status: 500,
        body: 'Broken JSON encoding.',
      });
      expect(await post(`${session}/xhr_send`, '')).toMatchObject({ status: 500, body: 'Payload expected.' });
      expect(await post(`${session}/xhr_send`, '"sub,ann"')).toMatchObject({
        status: 500,
        body: 'Payload expected.',
      });
      expect(await post(`${session}/xhr_send`, '["sub,ann"]')).toMatchObject({ status: 204, body: '' });
      expect((await post(`${session}/xhr`)).body).toBe('a["msg,ann,welcome ann"]\n');
    });
  },
);
