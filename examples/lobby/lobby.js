/**
 * A lobby as one client sees it. `client` is a connection of the client library: the topic `lobby` on it is a whole
 * connection to `/lobby`, and each text on it a JSON array: JOIN, then JOINED, PEERS, LEFT and RTCSIGNAL.
 * Signals are handled one after the other, as a candidate means nothing before its offer.
 */
export class Lobby {
  #channel;
  #self;
  #work = Promise.resolve();

  /** `listener`: `entered(self, others)`, `left(id)`, `signal(id, body)`; they may take their time. */
  constructor(client, name, listener) {
    this.#channel = client.channel('lobby');
    this.#channel.on('open', () => {
      this.#self = undefined;
      this.#say('JOIN', name);
    });
    this.#channel.on('message', (text) => {
      const [event, body] = JSON.parse(text);
      // The first to be announced after a JOIN is whoever joined.
      if (event === 'JOINED') this.#self ??= body;
      if (event === 'PEERS') this.#then(() => listener.entered(this.#self, body));
      if (event === 'LEFT') this.#then(() => listener.left(body));
      if (event === 'RTCSIGNAL') this.#then(() => listener.signal(body.from, body));
    });
  }

  /** To one peer; `body` is anything, such as an offer, an answer or a candidate. */
  signal(to, body) {
    this.#say('RTCSIGNAL', { ...body, to });
  }

  #say(event, body) {
    this.#channel.send(JSON.stringify([event, body]));
  }

  #then(step) {
    this.#work = this.#work.then(step).catch((error) => console.error(error));
  }
}
