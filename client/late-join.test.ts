import { expect, it, onTestFinished } from 'vitest';
import { startHttpMiddlebox } from '../lab/middleboxes/http-middlebox.ts';
import { asItComes } from '../lab/middleboxes/responses.ts';
import { passed } from '../lab/middleboxes/upgrades.ts';
import { connect } from './node.ts';
import { startRoomplex } from './test/roomplex.ts';
import { told } from './test/setup.ts';

const HANDSHAKE_MS = 400;
const SEND_MS = 1000;

it('a JOIN that arrives when its line was left for a better one does not take the room away', async () => {
  const { port, url } = await startRoomplex();
  let arrived = (): void => undefined;
  const late = new Promise<void>((resolve) => (arrived = resolve));
  const box = await startHttpMiddlebox(port, {
    upgrade: (handshake) => void setTimeout(() => passed(handshake), HANDSHAKE_MS),
    delayMs: ({ url: path = '' }) => (path.includes('/xhr_send') ? SEND_MS : 0),
    handOn(theirs, ours, request) {
      asItComes(theirs, ours, request);
      if (request.url?.includes('/xhr_send') === true) arrived();
    },
  });
  onTestFinished(box.stop);
  const watcher = connect(url);
  onTestFinished(() => watcher.close());
  const theirs = watcher.room('r', { name: 'bob' });
  await theirs.join();

  const client = connect(`http://127.0.0.1:${box.port}/multiplex`);
  onTestFinished(() => client.close());
  const mine = client.room('r', { name: 'ann' });
  const heard = told<{ data: unknown }>((listener) => mine.on('message', listener));
  await mine.join();
  expect(client.transport).toBe('websocket');
  await late;
  await theirs.publish('still there?');
  expect(await heard).toMatchObject({ data: 'still there?' });
  expect(await mine.history()).toHaveLength(1);
});
