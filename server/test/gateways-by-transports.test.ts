import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conversation } from './support/conversation.ts';
import { CHANNEL } from './support/doors.ts';
import { WAYS } from './support/ways.ts';
import { startServer, type TestServer } from './support/server.ts';

const found = import.meta.glob<{ conversations: readonly Conversation[] }>(
  '../gateways/*/*.conversation.ts',
  {
    eager: true,
  },
);
const conversations = Object.values(found).flatMap((module) => module.conversations);

const options = Object.assign({}, ...conversations.map((conversation) => conversation.options)) as object;
const folder = mkdtempSync(join(tmpdir(), 'roomplex-'));
const engines = [
  { engine: 'memory', kept: {} },
  { engine: 'a store', kept: { data: folder } },
];

describe.each(engines)('with $engine', ({ kept }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ ...options, ...kept });
  });
  afterAll(() => server.close());

  it('has a conversation for every gateway that the server mounts', () => {
    const spoken = new Set(conversations.map(({ gateway }) => `/${gateway}`));
    expect(server.roomplex.paths.filter((path) => !spoken.has(path))).toEqual([]);
    expect(conversations.length).toBeGreaterThan(0);
  });

  describe.each(WAYS)('over $name', (way) => {
    const possible = conversations.filter(({ isTopic = true }) => isTopic || way !== CHANNEL);
    it.each(possible)('$gateway speaks its protocol', async ({ gateway, hold }) => {
      const open = () => way.open(server, gateway);
      const line = await open();
      await hold(line, open);
      await line.close();
    });
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
