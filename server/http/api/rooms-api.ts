import express, { Router, type ErrorRequestHandler, type Request } from 'express';
import { nestsDeeperThan } from '../../../protocol/json-depth.ts';
import { ConflictError, HubError } from '../../hub/errors.ts';
import type { Hub } from '../../hub/hub.ts';
import { LISTED, type ServerOverview } from '../overview.ts';
import { roomContentsApi } from './room-contents-api.ts';
import { spaceOf } from './space-of.ts';

/** `/api/rooms`: rooms, who is in them, and what an operator may do there. `?space=` names another space. */
export function roomsApi(hub: Hub, overview: ServerOverview, bodyLimit: number, pageLimit: number): Router {
  const router = Router();
  router.use(express.json({ limit: bodyLimit === 0 ? Infinity : bodyLimit, verify: refuseDeepJson }));
  router.get('/', (request, response) => {
    response.json(request.query['kept'] === undefined ? overview.overview().rooms : keptRooms(hub, request));
  });
  router.get('/:name', (request, response) => {
    const space = spaceOf(request);
    const { name } = request.params;
    const stored = hub.stored(space, name);
    if (stored === undefined) {
      response.status(404).json({ error: 'there is no such room' });
      return;
    }
    const detail = overview.roomDetail(space, name) ?? { space, name, members: [], truncated: false };
    const { position, first, state } = stored;
    response.json({ ...detail, ...position, first, rev: state.rev });
  });
  router.delete('/:name', (request, response) => {
    const { name } = request.params;
    if (!isThere(hub, spaceOf(request), name)) {
      response.status(404).json({ error: 'there is no such room' });
    } else {
      response.json({ members: hub.closeRoom(spaceOf(request), name, reasonOf(request)) });
    }
  });
  router.use('/:name', roomContentsApi(hub, pageLimit));
  router.delete('/:name/members/:id', (request, response) => {
    const { name, id } = request.params;
    if (hub.eject(spaceOf(request), name, id, reasonOf(request))) response.status(204).end();
    else response.status(404).json({ error: 'there is no such member in this room' });
  });
  router.use(reportMistakes);
  return router;
}

/** Rooms of which something is kept, whether somebody is in them or not; at most as many as are listed otherwise. */
function keptRooms(hub: Hub, request: Request<object>): object[] {
  const space = spaceOf(request);
  const rooms: object[] = [];
  for (const name of hub.keptNames(space)) {
    if (rooms.length === LISTED) break;
    rooms.push({ space, name, members: hub.room(space, name)?.visibleSize ?? 0 });
  }
  return rooms;
}

/** A room that is damaged is there too, and this is how to be rid of it. */
function isThere(hub: Hub, space: string, name: string): boolean {
  try {
    return hub.stored(space, name) !== undefined;
  } catch (error) {
    if (error instanceof HubError && error.code === 'unavailable') return true;
    throw error;
  }
}

/** For the members to read; at most as long as a close frame may hold. */
function reasonOf(request: Request<object>): string {
  const { reason } = request.query;
  return typeof reason === 'string' ? reason.slice(0, 120) : '';
}

function refuseDeepJson(_request: unknown, _response: unknown, body: Buffer): void {
  if (nestsDeeperThan(body.toString())) throw new HubError('bad-request', 'the body nests too deep');
}

/** JSON for programs, where pages would get HTML. */
const reportMistakes: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (error instanceof ConflictError) {
    const { message, code, epoch, conflicts } = error;
    response.status(409).json({ error: message, code, epoch, conflicts });
  } else if (error instanceof HubError) {
    response.status(STATUS.get(error.code) ?? 400).json({ error: error.message, code: error.code });
  } else if (isHttpError(error) && error.status < 500) {
    response.status(error.status).json({ error: error.message });
  } else {
    next(error);
  }
};

const STATUS: ReadonlyMap<string, number> = new Map([
  ['forbidden', 403],
  ['unavailable', 503],
]);

function isHttpError(error: unknown): error is { readonly status: number; readonly message: string } {
  return error instanceof Error && 'status' in error && typeof error.status === 'number';
}
