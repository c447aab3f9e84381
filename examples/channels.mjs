// Private channels over one connection: one greets and answers, one sends back what it gets, for measuring latency.
// Open http://localhost:3000 and talk.
import { fileURLToPath } from 'node:url';
import { createServer } from 'roomplex';

const page = fileURLToPath(new URL('channels', import.meta.url));
const roomplex = createServer(null, { web: { root: page } });

roomplex.registerChannel('red').on('connection', (connection) => {
  connection.write('Red is connected');
  connection.on('data', (text) => connection.write(`red heard ${text}`));
  connection.on('close', () => console.log('one less in red'));
});

roomplex.registerChannel('echo-time').on('connection', (connection) => {
  connection.on('data', (text) => connection.write(text));
});

const { port } = await roomplex.listen(Number(process.env.PORT ?? 3000)).catch(({ message }) => {
  console.error(message);
  process.exit(1);
});
console.log(`listening on http://localhost:${port}`);
