// A room with a page to enter it, and a server that answers /who. Open http://localhost:3000 in two windows.
import { fileURLToPath } from 'node:url';
import { createServer } from 'roomplex';

const page = fileURLToPath(new URL('first-room', import.meta.url));
const roomplex = createServer(null, { web: { root: page } });
const kitchen = roomplex.registerRoom('kitchen');
kitchen.on('message', async (text, sender) => {
  if (text === '/who') await kitchen.broadcast(`${sender?.name} is one of ${kitchen.size} here.`);
});
const { port } = await roomplex.listen(Number(process.env.PORT ?? 3000)).catch(({ message }) => {
  console.error(message);
  process.exit(1);
});
console.log(`listening on http://localhost:${port}`);
