/**
 * A program: a server for the conversations of all gateways, with what each must be told for it. Says on which
 * port it listens, and stops when its input ends.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createServer } from '../../create-server.ts';
import { findInstallation } from '../../installation.ts';
import type { Conversation } from './conversation.ts';

const gateways = fileURLToPath(new URL('../../gateways', import.meta.url));
const files = readdirSync(gateways, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.conversation.ts'),
);
const options: object[] = [];
for (const file of files) {
  const { href } = pathToFileURL(`${gateways}/${file}`);
  const { conversations } = (await import(href)) as { conversations: readonly Conversation[] };
  options.push(...conversations.map((conversation) => conversation.options ?? {}));
}
const web = { root: findInstallation().webRoot };
const server = createServer(null, Object.assign({ rooms: 'open', web }, ...options));
const { port } = await server.listen(0);
process.stdout.write(`listening on http://localhost:${port}\n`);
process.stdin.on('end', () => void server.close()).resume();
