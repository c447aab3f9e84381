import express, { Router } from 'express';
import { nestsDeeperThan } from '../../protocol/json-depth.ts';
import type { Hub } from '../hub/hub.ts';
import { MESSAGE } from '../hub/publication.ts';

/** `POST /bus-message/ROOM`: a JSON object or array goes to everyone in that room of `/bus` (S1 §4). */
export function busMessage(hub: Hub, limitBytes: number): Router {
  const router = Router();
  router.use(express.json({ limit: limitBytes === 0 ? Infinity : limitBytes, verify: refuseDeepJson }));
  router.post('/:room', async (request, response) => {
    // A body of another type counts as an empty object (S1 §4).
    const body: unknown = request.body ?? {};
    await hub.publish('bus', request.params.room, {
      kind: MESSAGE,
      data: body,
      sender: { id: null, name: 'POST' },
    });
    response.send('OK');
  });
  return router;
}

function refuseDeepJson(_request: unknown, _response: unknown, body: Buffer): void {
  if (nestsDeeperThan(body.toString())) throw new Error('the body nests too deep');
}
