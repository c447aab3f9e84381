import type { RequestHandler } from 'express';
import { markVisitor } from '../transports/session-owner.ts';

/** Marks a browser that loads a page as the owner of the SockJS sessions it will open (see SessionOwner). */
export function giveOwnerCookie(): RequestHandler {
  return (request, response, next) => {
    const isPage = request.method === 'GET' && request.headers['sec-fetch-dest'] === 'document';
    if (isPage) markVisitor(request, response);
    next();
  };
}
