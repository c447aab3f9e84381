import type { ProtocolId } from '../route.ts';
import type { Protocol } from './protocol.ts';
import { echo } from './protocols/echo.ts';
import { lobby } from './protocols/lobby.ts';
import { multiplex } from './protocols/multiplex.ts';
import { bus, layout } from './protocols/rooms.ts';
import { services } from './protocols/services.ts';
import { socketIO } from './protocols/socket-io.ts';
import { stateRooms } from './protocols/state-rooms.ts';
import { tokenBroker } from './protocols/token-broker.ts';
import { trigger } from './protocols/trigger.ts';

/** Every protocol that can be tried. A new one needs an entry here and its id among the routes. */
export const PROTOCOLS: Readonly<Record<ProtocolId, Protocol>> = {
  multiplex,
  layout,
  bus,
  lobby,
  trigger,
  ws: tokenBroker,
  wss: stateRooms,
  service: services,
  'socket.io': socketIO,
  echo,
};
