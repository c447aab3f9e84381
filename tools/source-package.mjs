/** Preload: `roomplex` and what is below it are this repository's sources, so that examples run without a build. */
import { register } from 'node:module';

const SOURCES = {
  roomplex: '../server/index.ts',
  'roomplex/client': '../client/node.ts',
  'roomplex/state-rooms': '../server/compat/state-rooms/state-rooms.ts',
};

const hooks = `
  const sources = ${JSON.stringify(SOURCES)};
  export function resolve(specifier, context, next) {
    const source = Object.hasOwn(sources, specifier) ? sources[specifier] : undefined;
    return source === undefined ? next(specifier, context) : next(source, { ...context, parentURL: ${JSON.stringify(import.meta.url)} });
  }
`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
