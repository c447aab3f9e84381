// A lobby in which browsers find each other and open a data channel from one to the other (WebRTC): the server
// passes on who is there and what they offer, and sees nothing of what they then say.
// Open http://localhost:3000 in two windows, or http://localhost:3000/?lobby=NAME for a lobby of that name.
import { fileURLToPath } from 'node:url';
import { createServer } from 'roomplex';

const page = fileURLToPath(new URL('lobby', import.meta.url));
const roomplex = createServer(null, { web: { root: page } });

const { port } = await roomplex.listen(Number(process.env.PORT ?? 3000)).catch(({ message }) => {
  console.error(message);
  process.exit(1);
});
console.log(`listening on http://localhost:${port}`);
