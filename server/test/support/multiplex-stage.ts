import type { ChannelConnection } from '../../gateways/multiplex/registered-channel.ts';
import type { RegisteredRoom } from '../../gateways/multiplex/registered-room.ts';
import type { MultiplexHost } from './multiplex-hosts.ts';

/** What server code saw of one client in a channel. */
export interface Visit {
  readonly channel: ChannelConnection;
  readonly data: string[];
  closes: number;
  /** Settles with the first `close`. */
  readonly closed: Promise<void>;
}

/** The channels and the room that the cases of S2 §8 speak of, and what happens in them. */
export class MultiplexStage {
  readonly host: MultiplexHost;
  readonly red: RegisteredRoom;
  /** By channel, in the order in which clients came. */
  readonly #visits = new Map<string, Visit[]>();

  constructor(host: MultiplexHost) {
    this.host = host;
    this.register('ann', (channel) => {
      channel.write('welcome ann');
      answer(channel);
    });
    this.register('bye', (channel) => {
      channel.write('going');
      channel.end('last words');
    });
    this.register('hold');
    for (const name of ['bob', 'a,b', '100%', 'ü', '日本']) this.register(name, answer);
    this.red = host.registerRoom('red');
  }

  register(name: string, greet: (channel: ChannelConnection) => void = () => {}): void {
    const seen: Visit[] = [];
    this.#visits.set(name, seen);
    this.host.registerChannel(name).on('connection', (channel) => {
      const closed = new Promise<void>((resolve) => channel.once('close', resolve));
      const visit: Visit = { channel, data: [], closes: 0, closed };
      seen.push(visit);
      channel.on('data', (text) => visit.data.push(text));
      channel.on('close', () => visit.closes++);
      greet(channel);
    });
  }

  visitsTo(name: string): Visit[] {
    return this.#visits.get(name) ?? [];
  }
}

/** Server code that answers `got:X`. */
export function answer(channel: ChannelConnection): void {
  channel.on('data', (text) => channel.write(`got:${text}`));
}
