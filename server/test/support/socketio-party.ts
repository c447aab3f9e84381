import { afterEach } from 'vitest';
import { fenceMark, type Fenced } from './fence.ts';
import { Inbox } from './inbox.ts';
import {
  connected,
  type SocketIOClient,
  type SocketIOOptions,
  type SocketIOVersion,
} from './socketio-clients.ts';

/** A Socket.IO client whose events can be awaited one by one. */
export class SocketIOParty implements Fenced {
  readonly client: SocketIOClient;
  readonly #events = new Inbox<unknown[]>('events');

  constructor(client: SocketIOClient) {
    this.client = client;
    client.onevent = ({ data }) => this.#events.push(data);
  }

  /** The next event, as its name and its arguments. */
  next(): Promise<unknown[]> {
    return this.#events.next();
  }

  async take(count: number): Promise<unknown[][]> {
    const events: unknown[][] = [];
    while (events.length < count) events.push(await this.next());
    return events;
  }

  emit(event: string, ...args: unknown[]): void {
    this.client.emit(event, ...args);
  }

  /** Emits with a callback, and returns what it is called with. */
  ask(event: string, ...args: unknown[]): Promise<unknown[]> {
    const answer = new Inbox<unknown[]>(`answer to ${event}`);
    this.client.emit(event, ...args, (...given: unknown[]) => answer.push(given));
    return answer.next();
  }

  /** An event that no namespace of events knows is always refused, and the refusal carries the id (S1 §2.2). */
  async fence(): Promise<unknown[]> {
    const id = fenceMark();
    this.emit('FENCE', {}, id);
    const before: unknown[] = [];
    for (;;) {
      const event = await this.next();
      const body = event[1] as { id?: unknown } | undefined;
      if (event[0] === 'ERROR' && body?.id === id) return before;
      before.push(event);
    }
  }
}

/** Clients that are gone when the test file's current test is. */
export function partyPool(): (
  version: SocketIOVersion,
  url: string,
  options?: SocketIOOptions,
) => Promise<SocketIOParty> {
  const clients: SocketIOClient[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect();
  });
  return async (version, url, options) => {
    const client = version.connect(url, { transports: ['websocket'], ...options });
    clients.push(client);
    const party = new SocketIOParty(client);
    await connected(client);
    return party;
  };
}
