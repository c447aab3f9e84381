import helmet from 'helmet';
import type { RequestHandler } from 'express';

/**
 * No script but our own files, no frames of ours elsewhere, no guessed types, no referrers to other sites. Styles may be
 * inline: Lit and the chart set them from script. Upgrading to https is left to whoever terminates TLS.
 * `connectsTo`: whom a page may talk to, beside its own server.
 */
export function securityHeaders(connectsTo: readonly string[] = ['ws:', 'wss:']): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'self'"],
        connectSrc: ["'self'", ...connectsTo],
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
    // With `no-referrer` browsers send `Origin: null` for a form, and jsonp-polling sends by form.
    referrerPolicy: { policy: 'same-origin' },
    // The client library is meant to be loaded by pages elsewhere.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
}
