// Private channels over one connection: one greets, one sends back what it gets, for measuring latency.
import { createServer } from 'roomplex';

const roomplex = createServer();

roomplex.registerChannel('red').on('connection', (connection) => {
  connection.write('Red is connected');
  connection.on('data', (text) => connection.write(`red heard ${text}`));
  connection.on('close', () => console.log('one less in red'));
});

roomplex.registerChannel('echo-time').on('connection', (connection) => {
  connection.on('data', (text) => connection.write(text));
});

const { port } = await roomplex.listen(Number(process.env.PORT ?? 3000));
console.log(`listening on http://localhost:${port}`);
