/**
 * Preload: `roomplex` and its parts are this repository's sources, for `import` and for `require`, so that examples
 * run without a build.
 */
import Module, { register } from 'node:module';
import { fileURLToPath } from 'node:url';

const SOURCES = {
  roomplex: '../server/index.ts',
  'roomplex/client': '../client/node.ts',
  'roomplex/state-rooms': '../server/compat/state-rooms/state-rooms.ts',
  'roomplex/sockjs-rooms': '../compat/sockjs-rooms.ts',
};

const hooks = `
  const sources = ${JSON.stringify(SOURCES)};
  export function resolve(specifier, context, next) {
    const source = Object.hasOwn(sources, specifier) ? sources[specifier] : undefined;
    return source === undefined ? next(specifier, context) : next(source, { ...context, parentURL: ${JSON.stringify(import.meta.url)} });
  }
`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

// Node 20 has no hook for `require`; this is what loaders of TypeScript replace too.
const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  const source = Object.hasOwn(SOURCES, request) ? SOURCES[request] : undefined;
  const path = source === undefined ? request : fileURLToPath(new URL(source, import.meta.url));
  return resolveFilename.call(this, path, ...rest);
};
