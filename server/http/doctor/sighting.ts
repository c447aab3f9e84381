import type { RequestHandler } from 'express';
import { isSightingId, type Sightings } from '../../telemetry/sightings.ts';

/** What arrived of the requests that carried this id. */
export function sighting(sightings: Sightings): RequestHandler {
  return (request, response) => {
    const { id } = request.query;
    if (typeof id !== 'string' || !isSightingId(id)) {
      response.status(400).json({ error: 'id must be 8 to 64 of the characters A-Z, a-z, 0-9, _ and -' });
      return;
    }
    response.json({ seen: sightings.seen(id) });
  };
}
