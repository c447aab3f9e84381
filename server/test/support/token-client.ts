import type { Door } from './doors.ts';
import { fenceMark, type Fenced } from './fence.ts';
import type { Line } from './line.ts';
import type { TestServer } from './server.ts';

/** A client of the token broker. */
export class TokenClient implements Fenced {
  readonly line: Line;

  constructor(line: Line) {
    this.line = line;
  }

  /** Opens a connection with a token, or without one: by the query where there is one, else by a message. */
  static async open(server: TestServer, door: Door, token?: string): Promise<TokenClient> {
    const isInQuery = token !== undefined && door.hasQuery;
    const query = isInQuery ? `?RegisterToken=${encodeURIComponent(token)}` : '';
    const client = new TokenClient(await door.open(server, 'ws', query));
    if (token !== undefined && !isInQuery) client.say(`RegisterToken:${token}`);
    // A channel is there when it has answered.
    const before = await client.fence();
    if (before.length > 0) throw new Error(`it was greeted with ${JSON.stringify(before)}`);
    return client;
  }

  /** Sends these texts. */
  say(...texts: string[]): void {
    void this.line.send(...texts);
  }

  next(): Promise<string> {
    return this.line.next();
  }

  async fence(): Promise<string[]> {
    const mark = fenceMark();
    this.say(`Echo:${mark}`);
    const before: string[] = [];
    for (;;) {
      const text = await this.next();
      if (text === mark) return before;
      before.push(text);
    }
  }

  close(): Promise<void> {
    return this.line.close();
  }
}
