import { Router, type Request } from 'express';
import type { HistoryRange } from '../../hub/engine.ts';
import { HubError } from '../../hub/errors.ts';
import type { Hub } from '../../hub/hub.ts';
import { MESSAGE, type Publication } from '../../hub/publication.ts';
import { readCount, readEntries } from '../../hub/read-entries.ts';
import { spaceOf } from './space-of.ts';

interface RoomParams {
  readonly name: string;
}

/** `/api/rooms/NAME/messages` and `/state`: what is said in a room, and what it remembers. `pageLimit`: messages. */
export function roomContentsApi(hub: Hub, pageLimit: number): Router {
  const router = Router({ mergeParams: true });
  router.get('/messages', async (request: Request<RoomParams>, response) => {
    const space = spaceOf(request);
    const { name } = request.params;
    const stored = hub.stored(space, name);
    if (stored === undefined) {
      response.status(404).json({ error: 'nothing is kept of such a room' });
      return;
    }
    const history = await hub.history(space, name, readRange(request.query, pageLimit));
    const messages = history.filter(({ kind }) => kind === MESSAGE).map(messageView);
    response.json({ ...stored.position, first: stored.first, messages });
  });
  router.post('/messages', async (request: Request<RoomParams>, response) => {
    const { data, name, id } = readMessage(request.body);
    const sender = { id: null, name: name ?? 'server' };
    const draft = { kind: MESSAGE, data, sender, id };
    response.json(await hub.publish(spaceOf(request), request.params.name, draft));
  });
  router.get('/state', (request: Request<RoomParams>, response) => {
    const stored = hub.stored(spaceOf(request), request.params.name);
    if (stored === undefined) {
      response.status(404).json({ error: 'there is no such room' });
      return;
    }
    const { state, position } = stored;
    if (request.query['revisions'] === undefined) {
      response.json(Object.fromEntries(state.values));
      return;
    }
    const entries = Array.from(state.values, ([key, value]) => ({ key, value, rev: state.revOf(key) }));
    response.json({ epoch: position.epoch, rev: state.rev, entries });
  });
  router.patch('/state', async (request: Request<RoomParams>, response) => {
    const { entries, epoch } = (request.body ?? {}) as {
      readonly entries?: unknown;
      readonly epoch?: unknown;
    };
    if (epoch !== undefined && typeof epoch !== 'string') {
      throw new HubError('bad-request', 'epoch must be a string');
    }
    const draft = { roomChanges: readEntries(entries), epoch, by: null };
    response.json(await hub.change(spaceOf(request), request.params.name, draft));
  });
  return router;
}

function readRange(query: Request['query'], pageLimit: number): HistoryRange {
  const number = (name: string): number | undefined =>
    query[name] === undefined ? undefined : readCount(Number(query[name]), name);
  const [before, after, limit = PAGE] = [number('before'), number('after'), number('limit')];
  if (before !== undefined && after !== undefined) {
    throw new HubError('bad-request', 'before and after exclude each other');
  }
  return { before, after, limit: pageLimit === 0 ? limit : Math.min(limit, pageLimit) };
}

/** A page where no other size is asked for. */
const PAGE = 100;

function messageView({ offset, at, sender, data }: Publication): object {
  return { offset, at, sender: sender.name ?? 'unknown', senderId: sender.id, data };
}

interface Message {
  readonly data: unknown;
  readonly name: string | undefined;
  readonly id: string | undefined;
}

function readMessage(body: unknown): Message {
  if (typeof body !== 'object' || body === null || !('data' in body)) {
    throw new HubError(
      'bad-request',
      'the body must be JSON, {"data": …, "name"?: "…", "id"?: "…"}, with Content-Type: application/json',
    );
  }
  const name = 'name' in body ? body.name : undefined;
  if (name !== undefined && typeof name !== 'string') {
    throw new HubError('bad-request', 'name must be a string');
  }
  const id = 'id' in body ? body.id : undefined;
  if (id !== undefined && (typeof id !== 'string' || id === '' || id.length > 64)) {
    throw new HubError('bad-request', 'id must be a string of 1 to 64 characters');
  }
  return { data: body.data, name, id };
}
