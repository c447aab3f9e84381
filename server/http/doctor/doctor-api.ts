import { Router, type RequestHandler } from 'express';
import type { Sightings } from '../../telemetry/sightings.ts';
import type { OriginPolicy } from '../../transports/origin-policy.ts';
import { mirror } from './mirror.ts';
import { sighting } from './sighting.ts';
import { stream } from './stream.ts';

/**
 * `/doctor/…`: what the doctor asks of a server to learn what the way between does to requests and answers
 * (docs/doctor.md). Everything is bounded, and nothing changes anything.
 */
export function doctorApi(origins: OriginPolicy, sightings: Sightings, bodyLimit: number): Router {
  const router = Router();
  router.use(asItIs(), grantOrigin(origins));
  router.route('/mirror').get(mirror(origins, bodyLimit)).post(mirror(origins, bodyLimit));
  router.route('/stream').get(stream(origins)).post(stream(origins));
  router.get('/sighting', sighting(sightings));
  return router;
}

/** Nobody on the way keeps or changes the answer, or waits for its end. */
function asItIs(): RequestHandler {
  return (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store, no-cache, no-transform, must-revalidate, max-age=0');
    response.setHeader('X-Accel-Buffering', 'no');
    next();
  };
}

/** Pages elsewhere read the answers where they may read anything of ours; never together with credentials. */
function grantOrigin(origins: OriginPolicy): RequestHandler {
  return (request, response, next) => {
    const granted = origins.grant(request);
    response.setHeader('Vary', 'Origin');
    if (granted !== undefined) response.setHeader('Access-Control-Allow-Origin', granted);
    next();
  };
}
