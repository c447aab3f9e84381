export { createServer } from './create-server.ts';
export type { RoomplexServer } from './roomplex-server.ts';
export { ConflictError, HubError } from './hub/errors.ts';
export type { HelloPeer, HelloVerdict, StateHooks } from './gateways/state-hooks.ts';
export type { ChangeRequest, Hooks, StateContext } from './hub/hooks.ts';
export type { Entry } from './hub/entries.ts';
export type { HistoryRange } from './hub/engine.ts';
export type { Publication, Sender } from './hub/publication.ts';
export type { ConditionalEntry } from './hub/state-draft.ts';
export type { Position, Revision, StateEntry } from '../protocol/rooms.ts';
export type { MemberView, RoomView } from './hub/room-view.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { createLogger, type Logger } from './log.ts';
export { StoreError } from './store-error.ts';
export type { ServerOptions, StateRoomsOptions } from './options.ts';
export type { ChangeOptions, NotifyOptions, PublishOptions, RoomControl } from './room-control.ts';
export type {
  Authenticate,
  SessionCloseEvent,
  SessionErrorEvent,
  KnownUser,
  SessionMessageEvent,
  SessionOpenEvent,
  Params,
  ServiceMethod,
  ServiceRequest,
  ServiceResponse,
  SessionEvent,
  SessionGrant,
  SessionInfo,
  SessionsDefinition,
  SessionUser,
} from './services/controller.ts';
export { loadServices, ServiceLoadError } from './services/load-services.ts';
export type { SessionLibrary } from './services/session-library.ts';
export { defineSessions, type Sessions } from './services/sessions.ts';
export type { TokenBroker, TokenBrokerOptions } from './gateways/token-broker.ts';
export type { ChannelConnection, RegisteredChannel } from './gateways/multiplex/registered-channel.ts';
export type { RegisteredRoom, RoomParticipant } from './gateways/multiplex/registered-room.ts';
