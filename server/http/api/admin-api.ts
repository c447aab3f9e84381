import { Router, type RequestHandler } from 'express';
import type { Hub } from '../../hub/hub.ts';
import type { ServerOverview } from '../overview.ts';
import { OPENAPI } from './openapi.ts';
import { roomsApi } from './rooms-api.ts';

/**
 * `/api`: what the dashboard shows and what an operator may do, for programs (`/api/openapi.json`). With an
 * admin token set, everything wants it as a bearer token; without one, only who asks from this very machine may
 * read what is said in rooms or change something.
 */
export function adminApi(hub: Hub, overview: ServerOverview, bodyLimit: number, pageLimit: number): Router {
  const router = Router();
  router.get('/openapi.json', (_request, response) => {
    response.json(OPENAPI);
  });
  router.use(requireToken(overview), requireNearness(overview));
  router.get('/overview', (_request, response) => {
    response.json(overview.overview());
  });
  router.use('/rooms', roomsApi(hub, overview, bodyLimit, pageLimit));
  router.use((_request, response) => {
    response.status(404).json({ error: 'there is no such resource; see /api/openapi.json' });
  });
  return router;
}

function requireToken(overview: ServerOverview): RequestHandler {
  return (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    if (overview.admits(scheme?.toLowerCase() === 'bearer' ? token : undefined)) {
      next();
      return;
    }
    response
      .status(401)
      .set('WWW-Authenticate', 'Bearer')
      .json({ error: 'the admin token is missing or wrong' });
  };
}

/** A server that nobody gave a token must not let the whole network read or close its rooms. */
function requireNearness(overview: ServerOverview): RequestHandler {
  return (request, response, next) => {
    const isGlance = request.method === 'GET' || request.method === 'HEAD';
    const isOpen = isGlance && !CONTENTS.test(request.path);
    const isForwarded = FORWARDING.some((header) => request.headers[header] !== undefined);
    const isNear = LOOPBACK.test(request.socket.remoteAddress ?? '') && !isForwarded;
    if (isOpen || overview.hasToken || isNear) {
      next();
      return;
    }
    response
      .status(403)
      .json({ error: 'start the server with --admin-token to do that from another machine' });
  };
}

const CONTENTS = /\/(?:messages|state)\/?$/i;
const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;
const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];
