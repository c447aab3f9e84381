import type { LATENCY_TOPIC } from '../../../protocol/overview.ts';
import type { Connection, ConnectionHandler } from '../../connection/connection.ts';
import type { OpenGateway } from '../gateway.ts';

/** Sends back what it gets, to whoever sent it: the latency meter's peer. */
export class EchoGateway implements OpenGateway {
  readonly name: string;

  constructor(name: 'echo' | typeof LATENCY_TOPIC) {
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
