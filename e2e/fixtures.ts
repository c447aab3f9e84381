import { randomUUID } from 'node:crypto';
import { type BrowserContextOptions, test as base } from '@playwright/test';
import { Operator } from './operator.ts';
import { AppShell } from './pages/app-shell.ts';
import { ChatPage } from './pages/chat-page.ts';
import { DashboardPage } from './pages/dashboard-page.ts';
import { LatencyPage } from './pages/latency-page.ts';
import { RoomPage } from './pages/room-page.ts';
import { TryPage } from './pages/try-page.ts';
import { ServerProcess } from './server-process.ts';

export { expect } from '@playwright/test';

/** One person at a browser of their own, with nothing remembered from before. */
export interface User {
  readonly shell: AppShell;
  readonly chat: ChatPage;
  readonly dashboard: DashboardPage;
  readonly room: RoomPage;
  readonly latency: LatencyPage;
  readonly trying: TryPage;
}

export interface NewUser extends BrowserContextOptions {
  /** Nickname remembered from an earlier visit. */
  readonly nickname?: string;
  /** The server the addresses belong to. Default: the worker's. */
  readonly server?: ServerProcess;
}

interface TestFixtures {
  /** A room name that no other test uses. */
  readonly room: string;
  /** Opens a browser for one more person. */
  readonly openUser: (options?: NewUser) => Promise<User>;
  /** Somebody of this name who deals with the room over HTTP; on the worker's server unless another is given. */
  readonly operate: (name: string, server?: ServerProcess) => Operator;
  /** Starts a server for this test alone. */
  readonly startServer: (...options: string[]) => Promise<ServerProcess>;
}

interface WorkerFixtures {
  /** One server for all tests of a worker; tests that stop it or count on it alone start their own. */
  readonly server: ServerProcess;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright wants a pattern here
    async ({}, use) => {
      const server = await ServerProcess.start();
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],

  // oxlint-disable-next-line no-empty-pattern -- Playwright wants a pattern here
  room: async ({}, use) => {
    await use(`room-${randomUUID().slice(0, 8)}`);
  },

  // oxlint-disable-next-line no-empty-pattern -- Playwright wants a pattern here
  startServer: async ({}, use) => {
    const servers: ServerProcess[] = [];
    await use(async (...options) => {
      const server = await ServerProcess.start(...options);
      servers.push(server);
      return server;
    });
    await Promise.all(servers.map((server) => server.stop()));
  },

  operate: async ({ room, server }, use) => {
    await use((name, own = server) => new Operator(name, room, own));
  },

  openUser: async ({ browser, contextOptions, viewport, colorScheme, server }, use) => {
    const contexts = new Set<{ close(): Promise<void> }>();
    await use(async ({ nickname, server: own = server, ...options } = {}) => {
      const context = await browser.newContext({
        ...contextOptions,
        viewport,
        colorScheme,
        baseURL: own.url,
        ...options,
      });
      contexts.add(context);
      if (nickname !== undefined) {
        await context.addInitScript(
          (name) =>
            localStorage.setItem(
              'roomplex.chat.nickname',
              localStorage.getItem('roomplex.chat.nickname') ?? name,
            ),
          nickname,
        );
      }
      const page = await context.newPage();
      return {
        shell: new AppShell(page),
        chat: new ChatPage(page),
        dashboard: new DashboardPage(page),
        room: new RoomPage(page),
        latency: new LatencyPage(page),
        trying: new TryPage(page),
      };
    });
    await Promise.all([...contexts].map((context) => context.close()));
  },
});
