import { expect, test } from './fixtures.ts';

interface OldMultiplex {
  channel(name: string): {
    onopen: () => void;
    onmessage: (event: { data: string }) => void;
    send(text: string): void;
  };
}
interface OldPage {
  readonly SockJS: new (url: string) => object;
  readonly WebSocketMultiplex: new (socketOrUrl: object | string) => OldMultiplex;
}

for (const ride of ['on a SockJS object', 'at an address'] as const) {
  test(`the script /client/websocket-multiplex.js defines a WebSocketMultiplex that works ${ride}`, async ({
    page,
    server,
  }) => {
    await page.goto(server.url);
    for (const name of ['sockjs.min.js', 'websocket-multiplex.js']) {
      await page.addScriptTag({ url: `/client/${name}` });
    }
    const answer = await page.evaluate((isSocket) => {
      const { SockJS, WebSocketMultiplex } = globalThis as unknown as OldPage;
      const channel = new WebSocketMultiplex(isSocket ? new SockJS('/multiplex') : '/multiplex').channel(
        'latency',
      );
      return new Promise<string>((resolve) => {
        channel.onopen = () => channel.send('one, two');
        channel.onmessage = ({ data }) => resolve(data);
      });
    }, ride === 'on a SockJS object');
    expect(answer).toBe('one, two');
  });
}
