import { DOORS } from './doors.ts';
import { HTTP_TRANSPORT_NAMES, openHttpLine } from './http-line.ts';
import type { Line } from './line.ts';
import type { TestServer } from './server.ts';

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
];
