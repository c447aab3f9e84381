import express, { Router } from 'express';
import type { Installation } from '../installation.ts';

/** `/client/`: our client library as one ES module, and the stock SockJS client. Pages elsewhere may load both. */
export function clientFiles({ clientRoot, stockClientRoot }: Installation): Router {
  const router = Router();
  router.use((_request, response, next) => {
    response.set('Access-Control-Allow-Origin', '*');
    next();
  });
  router.use(express.static(clientRoot, { index: false }));
  router.get('/sockjs.min.js', (_request, response) => {
    response.sendFile('sockjs.min.js', { root: stockClientRoot });
  });
  return router;
}
