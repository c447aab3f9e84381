/** The server as `npm run dev` runs it: from its sources, with Vite in place of the built web app. */
import { createServer } from 'node:http';
import { createServer as createViteServer } from 'vite';
import { main } from '../server/main.ts';
import { inRoot } from './root.mjs';

await main(process, async (listener) => {
  // Neither listens. Vite and Roomplex both want to answer every upgrade, so each gets its own alone.
  const roomplex = createServer();
  const hotReload = createServer();
  const vite = await createViteServer({
    configFile: inRoot('vite.config.ts'),
    server: { middlewareMode: true, hmr: { server: hotReload } },
  });
  listener.on('request', (request, response) => {
    allowInlineStyles(response);
    roomplex.emit('request', request, response);
  });
  listener.on('upgrade', (request, socket, head) => {
    const isVite = request.headers['sec-websocket-protocol']?.startsWith('vite-');
    (isVite ? hotReload : roomplex).emit('upgrade', request, socket, head);
  });
  return { target: roomplex, web: vite.middlewares, close: () => vite.close() };
});

/** Vite puts styles and its error page into the document, which the policy of the built app forbids. */
function allowInlineStyles(response) {
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) => {
    return name.toLowerCase() === 'content-security-policy' ? response : setHeader(name, value);
  };
}
