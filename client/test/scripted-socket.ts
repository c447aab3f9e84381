import { Inbox } from './scripted-server.ts';

/** A WebSocket-like object whose other end is the test. */
export class ScriptedSocket extends EventTarget {
  readonly sent = new Inbox<string>();
  readyState = 0;
  bufferedAmount = 0;

  send(text: string): void {
    this.sent.put(text);
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  say(...messages: string[]): void {
    for (const message of messages) this.sayAnything(message);
  }

  sayAnything(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }

  lose(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
}
