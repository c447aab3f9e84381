import assert from 'node:assert/strict';
import type { Conversation } from '../../test/support/conversation.ts';

const STARTS = ['', '', 'RegisterToken:', 'Echo:', 'RegisterToken:group/', 'echo:'];
const RECEIVERS = [
  'r1',
  'r1/',
  'group/,group/a',
  ' a , ,b',
  'unregistered',
  '__proto__',
  '/',
  ',',
  '',
  '日本',
];
const BODIES = ['x', '', '|', '<b>&', '日本\n'];

export const conversations: readonly Conversation[] = [
  {
    gateway: 'ws',
    options: { tokenBroker: { allowUnregistered: true } },
    frame: (random) =>
      `${random.pick(STARTS)}${random.pick(RECEIVERS)}${random.pick(['|', ''])}${random.pick(BODIES)}`,
    async hold(line, open) {
      const other = await open();
      await line.send('Echo:a:b|c', 'RegisterToken:matrix/a', 'Echo:done');
      assert.equal(await line.next(), 'a:b|c');
      assert.equal(await line.next(), 'done');
      await other.send('matrix/,other|tü, "2"');
      assert.equal(await line.next(), 'tü, "2"');
      await other.close();
    },
  },
];
