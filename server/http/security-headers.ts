import helmet from 'helmet';
import type { RequestHandler } from 'express';

/**
 * No script but our own files, no frames of ours elsewhere, no guessed types, no referrers. Styles may be
 * inline: Lit and the chart set them from script. Upgrading to https is left to whoever terminates TLS.
 */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'self'"],
        connectSrc: ["'self'", 'ws:', 'wss:'],
        fontSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
        frameSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
      },
    },
    strictTransportSecurity: false,
    // The client library is meant to be loaded by pages elsewhere.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
}
