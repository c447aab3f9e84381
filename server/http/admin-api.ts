import { Router } from 'express';
import type { ServerOverview } from './overview.ts';

/** `/api`: what the dashboard shows, for programs. With an admin token set, it wants it as a bearer token. */
export function adminApi(overview: ServerOverview): Router {
  const router = Router();
  router.use((request, response, next) => {
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
  });
  router.get('/overview', (_request, response) => {
    response.json(overview.overview());
  });
  router.get('/rooms', (_request, response) => {
    response.json(overview.overview().rooms);
  });
  router.get('/rooms/:name', (request, response) => {
    const { space } = request.query;
    const detail = overview.roomDetail(typeof space === 'string' ? space : 'rooms', request.params.name);
    if (detail === undefined) response.status(404).json({ error: 'there is no such room' });
    else response.json(detail);
  });
  router.use((_request, response) => {
    response.status(404).json({ error: 'there is no such resource' });
  });
  return router;
}
