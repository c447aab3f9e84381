import { defineSessions, type Sessions } from '../../services/sessions.ts';
import type { ServiceRequest, SessionEvent, SessionsDefinition } from '../../services/controller.ts';
import { Inbox } from './inbox.ts';

type Handler = (event: SessionEvent) => unknown;

/** A controller whose requests and events can be awaited one by one. */
export interface ServiceProbe {
  readonly sessions: Sessions;
  readonly requests: Inbox<ServiceRequest>;
  readonly events: Inbox<SessionEvent>;
  /** Runs for each event, after it was noted. */
  handler: Handler;
}

/** The endpoint of S3 §9, or what `definition` says instead. */
export function serviceProbe(definition: Partial<SessionsDefinition> = {}): ServiceProbe {
  const probe: { -readonly [Key in keyof ServiceProbe]: ServiceProbe[Key] } = {
    requests: new Inbox('requests of a controller'),
    events: new Inbox('events of a controller'),
    handler: () => undefined,
    sessions: undefined as never,
  };
  const {
    get = ({ webSocket }) =>
      webSocket
        ? { webSocket: { data: { user: 'test', n: 1, b: true }, subProtocols: ['text', 'v2'] } }
        : { status: 404 },
    ...rest
  } = definition;
  probe.sessions = defineSessions({
    get(request) {
      probe.requests.push(request);
      return get.call(this, request);
    },
    webSocketEvent(event) {
      probe.events.push(event);
      return probe.handler(event);
    },
    ...rest,
  });
  return probe;
}
