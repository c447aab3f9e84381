import { Router } from 'express';
import type { ServerOptions } from '../options.ts';
import { securityHeaders } from './security-headers.ts';

/** The doctor may be sent to another server, which decides by itself whether it answers. */
const ANY_SERVER = ['http:', 'https:', 'ws:', 'wss:'];

/** `/doctor`: a page of its own, as small as can be, for networks on which the web app does not get through. */
export function doctorPage(web: Exclude<ServerOptions['web'], false | undefined>): Router {
  const router = Router({ strict: true });
  router.get('/doctor/', (request, response) => {
    // Its files are named relative to `/doctor`; so is this, for whoever serves us below a path of their own.
    const mark = request.url.indexOf('?');
    response.redirect(`../doctor${mark === -1 ? '' : request.url.slice(mark)}`);
  });
  router.get('/doctor', securityHeaders(ANY_SERVER), (request, response, next) => {
    response.set('Cache-Control', 'no-cache');
    if (typeof web !== 'function') {
      response.sendFile('doctor.html', { root: web.root }, (error) => {
        if (error !== undefined && !response.headersSent) next();
      });
      return;
    }
    request.url = request.url.replace('/doctor', '/doctor.html');
    next();
  });
  return router;
}
