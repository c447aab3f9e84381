export { createServer, type RoomplexServer } from './create-server.ts';
export { HubError } from './hub/errors.ts';
export type { Hooks } from './hub/hooks.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { createLogger, type Logger } from './log.ts';
export type { ServerOptions } from './options.ts';
export type { TokenBroker, TokenBrokerOptions } from './token-broker.ts';
export type { ChannelConnection, RegisteredChannel } from './gateways/multiplex/registered-channel.ts';
export type { RegisteredRoom, RoomParticipant } from './gateways/multiplex/registered-room.ts';
