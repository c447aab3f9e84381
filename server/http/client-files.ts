import express, { Router, type RequestHandler } from 'express';
import type { Installation } from '../installation.ts';

/** `/client/`: our client library as one ES module, and the stock SockJS client. Pages elsewhere may load both. */
export function clientFiles({ clientRoot, stockClientRoot }: Installation): Router {
  const router = Router();
  router.use(openToAll());
  router.use(express.static(clientRoot, { index: false }));
  router.get('/sockjs.min.js', (_request, response) => {
    response.sendFile('sockjs.min.js', { root: stockClientRoot });
  });
  return router;
}

/** `/socket.io/socket.io.js` and its like: the stock Socket.IO client, where its users look for it. */
export function socketIOClientFiles({ socketIOClientRoot }: Installation): Router {
  const router = Router();
  router.use(openToAll());
  router.use(express.static(socketIOClientRoot, { index: false }));
  return router;
}

/** True for the addresses below `/socket.io/` that are files and not the transport. */
export function isClientScript(url: string): boolean {
  return CLIENT_SCRIPT.test(url);
}

const CLIENT_SCRIPT = /^\/socket\.io\/socket\.io\.(?:\w+\.)*js(?:\.map)?(?:\?|$)/;

function openToAll(): RequestHandler {
  return (_request, response, next) => {
    response.set('Access-Control-Allow-Origin', '*');
    next();
  };
}
