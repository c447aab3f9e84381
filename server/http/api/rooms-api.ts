import express, { Router, type ErrorRequestHandler, type Request } from 'express';
import { nestsDeeperThan } from '../../../protocol/json-depth.ts';
import { HubError } from '../../hub/errors.ts';
import type { Hub } from '../../hub/hub.ts';
import { MESSAGE } from '../../hub/publication.ts';
import { SHARED_SPACE } from '../../hub/spaces.ts';
import type { ServerOverview } from '../overview.ts';

/** `/api/rooms`: rooms, who is in them, and what an operator may do there. `?space=` names another space. */
export function roomsApi(hub: Hub, overview: ServerOverview, bodyLimit: number): Router {
  const router = Router();
  router.use(express.json({ limit: bodyLimit === 0 ? Infinity : bodyLimit, verify: refuseDeepJson }));
  router.get('/', (_request, response) => {
    response.json(overview.overview().rooms);
  });
  router.get('/:name', (request, response) => {
    const detail = overview.roomDetail(spaceOf(request), request.params.name);
    if (detail === undefined) response.status(404).json({ error: 'there is no such room' });
    else response.json(detail);
  });
  router.delete('/:name', (request, response) => {
    const { name } = request.params;
    if (hub.stored(spaceOf(request), name) === undefined) {
      response.status(404).json({ error: 'there is no such room' });
    } else {
      response.json({ members: hub.closeRoom(spaceOf(request), name, reasonOf(request)) });
    }
  });
  router.get('/:name/state', (request, response) => {
    const room = hub.stored(spaceOf(request), request.params.name);
    if (room === undefined) response.status(404).json({ error: 'there is no such room' });
    else response.json(Object.fromEntries(room.state.values));
  });
  router.post('/:name/messages', async (request, response) => {
    const { data, name } = messageOf(request.body);
    const sender = { id: null, name: name ?? 'server' };
    const position = await hub.publish(spaceOf(request), request.params.name, {
      kind: MESSAGE,
      data,
      sender,
    });
    response.json(position);
  });
  router.delete('/:name/members/:id', (request, response) => {
    const { name, id } = request.params;
    if (hub.eject(spaceOf(request), name, id, reasonOf(request))) response.status(204).end();
    else response.status(404).json({ error: 'there is no such member in this room' });
  });
  router.use(reportMistakes);
  return router;
}

function spaceOf(request: Request<object>): string {
  const { space } = request.query;
  return typeof space === 'string' ? space : SHARED_SPACE;
}

/** For the members to read; at most as long as a close frame may hold. */
function reasonOf(request: Request<object>): string {
  const { reason } = request.query;
  return typeof reason === 'string' ? reason.slice(0, 120) : '';
}

function messageOf(body: unknown): { readonly data: unknown; readonly name: string | undefined } {
  if (typeof body !== 'object' || body === null || !('data' in body)) {
    throw new HubError(
      'bad-request',
      'the body must be JSON, {"data": …, "name"?: "…"}, with Content-Type: application/json',
    );
  }
  const name = 'name' in body ? body.name : undefined;
  if (name !== undefined && typeof name !== 'string') {
    throw new HubError('bad-request', 'name must be a string');
  }
  return { data: body.data, name };
}

function refuseDeepJson(_request: unknown, _response: unknown, body: Buffer): void {
  if (nestsDeeperThan(body.toString())) throw new HubError('bad-request', 'the body nests too deep');
}

/** JSON for programs, where pages would get HTML. */
const reportMistakes: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (error instanceof HubError) {
    const status = error.code === 'forbidden' ? 403 : 400;
    response.status(status).json({ error: error.message, code: error.code });
  } else if (isHttpError(error) && error.status < 500) {
    response.status(error.status).json({ error: error.message });
  } else {
    next(error);
  }
};

function isHttpError(error: unknown): error is { readonly status: number; readonly message: string } {
  return error instanceof Error && 'status' in error && typeof error.status === 'number';
}
