import { DOORS } from './doors.ts';
import { HTTP_TRANSPORT_NAMES, openHttpLine } from './http-line.ts';
import type { Line } from './line.ts';
import type { TestServer } from './server.ts';
import { SOCKET_IO_VERSIONS } from './socketio-clients.ts';
import { openSocketIOLine } from './socketio-line.ts';

/** Every transport on which a gateway can be reached, and the channel on a shared connection. */
export const WAYS: readonly {
  readonly name: string;
  open(server: TestServer, gateway: string): Promise<Line>;
}[] = [
  ...DOORS,
  ...HTTP_TRANSPORT_NAMES.map((name) => ({
    name,
    open: (server: TestServer, gateway: string) => openHttpLine(server.http(`/${gateway}`), name),
  })),
  ...SOCKET_IO_VERSIONS.flatMap(({ name, connect }) => [
    {
      name: `${name}, polling`,
      open: (server: TestServer, gateway: string) =>
        openSocketIOLine(gateway, connect(server.http(`/${gateway}`), { transports: ['polling'] })),
    },
    {
      name: `${name}, upgrading`,
      open: (server: TestServer, gateway: string) =>
        openSocketIOLine(gateway, connect(server.http(`/${gateway}`))),
    },
  ]),
];
