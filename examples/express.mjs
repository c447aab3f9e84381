// Rooms beside the routes of an Express application, on one port; a route says something in a room.
import { createServer as createHttpServer } from 'node:http';
import express from 'express';
import { createServer } from 'roomplex';

const app = express();
const http = createHttpServer(app);
const roomplex = createServer(http, { rooms: 'open' });
const news = roomplex.registerRoom('news');

app.get('/', (request, response) => response.send(`${news.size} are reading the news\n`));
app.post('/news', express.text(), async (request, response) => {
  await news.broadcast(request.body);
  response.status(202).end();
});

const { port } = await roomplex.listen(Number(process.env.PORT ?? 3000));
console.log(`listening on http://localhost:${port}`);
