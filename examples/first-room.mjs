// A room with a page to enter it, and a server that answers /who. Open http://localhost:3000 in two windows.
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'roomplex';

const page = await readFile(new URL('first-room.html', import.meta.url));
const http = createHttpServer((request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8').end(page);
});
const roomplex = createServer(http);
const kitchen = roomplex.registerRoom('kitchen');
kitchen.on('message', async (text, sender) => {
  if (text === '/who') await kitchen.broadcast(`${sender?.name} is one of ${kitchen.size} here.`);
});
const { port } = await roomplex.listen(Number(process.env.PORT ?? 3000));
console.log(`listening on http://localhost:${port}`);
