// Rooms beside the routes of an Express application, on one port; a route says something in a room:
// curl -d "It rains" localhost:3000/news
import { createServer as createHttpServer } from 'node:http';
import express from 'express';
import { createServer } from 'roomplex';

const app = express();
const http = createHttpServer(app);
const roomplex = createServer(http, { rooms: 'open' });
const news = roomplex.registerRoom('news');

app.get('/', (request, response) => response.send(`${news.size} are reading the news\n`));
// Whatever the type: curl calls its data a form.
app.post('/news', express.text({ type: () => true }), async (request, response) => {
  if (!request.body) return response.status(400).send('What are the news? Send some text.\n');
  await news.broadcast(request.body);
  return response.status(202).end();
});

const { port } = await roomplex.listen(Number(process.env.PORT ?? 3000)).catch(({ message }) => {
  console.error(message);
  process.exit(1);
});
console.log(`listening on http://localhost:${port}`);
