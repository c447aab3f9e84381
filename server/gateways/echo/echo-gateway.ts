import type { Connection, ConnectionHandler } from '../../connection/connection.ts';
import type { OpenGateway } from '../gateway.ts';

/** Sends back what it gets, to whoever sent it: the latency meter's peer. */
export class EchoGateway implements OpenGateway {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  accept(connection: Connection): ConnectionHandler {
    return {
      message: (text) => {
        connection.send(text);
      },
      closed: () => undefined,
    };
  }
}
