import express, { Router } from 'express';
import type { ServerOptions } from '../options.ts';
import { giveToken } from '../transports/vouched-origin.ts';
import { pageFile } from './page-file.ts';

/** The web app: its files, and its page for every address that is none of them. */
export function webApp(web: Exclude<ServerOptions['web'], false | undefined>): Router {
  const router = Router();
  router.use((request, response, next) => {
    giveToken(request, response);
    next();
  });
  if (typeof web === 'function') {
    router.use((request, response) => {
      void web(request, response);
    });
    return router;
  }
  const { root } = web;
  router.use('/assets', express.static(`${root}/assets`, { index: false, immutable: true, maxAge: '1y' }));
  router.use(express.static(root, { index: false }));
  // Browsers ask for it on pages without a link to an icon: SockJS's greeting, errors, `/metrics`.
  router.get('/favicon.ico', (_request, response) => {
    response.redirect('favicon.svg');
  });
  const page = pageFile(root, 'index.html');
  router.get('/{*page}', (request, response, next) => {
    // A browser that navigates asks for HTML by name; a script or an image that is missing must not get a page.
    const isPage = (request.headers.accept ?? '').includes('text/html');
    if ((!isPage && HAS_EXTENSION.test(request.path)) || RESERVED.test(request.path)) {
      next();
      return;
    }
    page(request, response, next);
  });
  return router;
}

/** Paths of protocols (CONTRACT §2): their clients must not take a page for an answer. */
const RESERVED = /^\/(?:ws|wss|service)(?:\/|$)/;
const HAS_EXTENSION = /\.[a-z0-9]{1,5}$/i;
