import { Emitter } from '../emitter.ts';
import { RoomplexError } from '../errors.ts';
import type { Channel, ChannelEvents } from '../types.ts';
import type { Multiplexer } from './multiplexer.ts';
import type { Topic, TopicMember } from './topic.ts';

type State = 'new' | 'open' | 'lost' | 'closed';

/** One application's hold on a topic. */
export class ChannelHandle implements Channel, TopicMember {
  readonly #emitter = new Emitter<ChannelEvents>();
  readonly #topic: Topic;
  #state: State = 'new';

  constructor(multiplexer: Multiplexer, name: string) {
    this.#topic = multiplexer.join(name, this);
  }

  get name(): string {
    return this.#topic.name;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  on<E extends keyof ChannelEvents>(event: E, listener: ChannelEvents[E]): () => void {
    return this.#emitter.on(event, listener);
  }

  send(text: string): void {
    if (this.#state === 'closed') throw new RoomplexError('closed', `the channel ${this.name} is closed`);
    this.#topic.send(text);
  }

  close(): void {
    this.#topic.remove(this);
    this.ended();
  }

  opened(): void {
    this.#state = 'open';
    this.#emitter.emit('open');
  }

  message(text: string): void {
    // A handle made while a message is on its way to the others gets the next one, after its `open`.
    if (this.#state === 'open') this.#emitter.emit('message', text);
  }

  lost(): void {
    if (this.#state !== 'open') return;
    this.#state = 'lost';
    this.#emitter.emit('close');
  }

  ended(): void {
    const before = this.#state;
    if (before === 'closed') return;
    this.#state = 'closed';
    // Who was told of the loss was told already.
    if (before !== 'lost') this.#emitter.emit('close');
  }
}
