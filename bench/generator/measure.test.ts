import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { CellResult } from '../cell.ts';
import type { ClosedLoop } from '../scenarios.ts';
import { ServerProcess } from '../server-process.ts';
import { HOST, SUBJECTS, type Subject } from '../subjects.ts';
import { measure } from './measure.ts';

const FAULTY = fileURLToPath(new URL('faulty-server.mjs', import.meta.url));

let server: ServerProcess | undefined;

afterEach(async () => {
  await server?.stop();
});

const workload: ClosedLoop = {
  type: 'closed-loop',
  rooms: 1,
  membersPerRoom: 5,
  publishersPerRoom: 2,
  window: 2,
  warmupMs: 50,
  measureMs: 50,
};

async function run(subject: Subject, changes: Partial<ClosedLoop> = {}): Promise<CellResult> {
  server = await ServerProcess.start(subject, false);
  const { port, pid } = server;
  const { wire, basePath } = subject;
  return measure(
    {
      type: 'measure',
      host: HOST,
      port,
      pid,
      wire,
      basePath,
      workload: { ...workload, ...changes },
      seed: 1,
    },
    () => Promise.resolve(),
  );
}

function faulty(fault: string): Subject {
  return { name: 'ws-send', program: [FAULTY, fault], wire: 'plain', basePath: '/' };
}

describe('measure', () => {
  it.each(SUBJECTS.filter(({ name }) => !name.startsWith('roomplex')))(
    'accounts for $name',
    async (subject) => {
      const result = await run(subject);
      expect(result.operations).toBeGreaterThan(0);
      expect(result.operations % workload.membersPerRoom).toBe(0);
      expect(result.totalMicros).toBeGreaterThan(0);
      expect(result.messagesPerFrame).toBe(1);
    },
  );

  it('accepts the test server when it does nothing wrong', async () => {
    await expect(run(faulty('nothing'))).resolves.toMatchObject({ messagesPerFrame: 1 });
  });

  it.each([
    ['loses', /^lost/],
    ['doubles', /^doubled/],
    ['reorders', /saw different orders|lost or reordered/],
    ['garbles', /differs from what was published/],
    ['closes', /the server sent a close frame/],
  ])('fails when the server %s a message', async (fault, complaint) => {
    await expect(run(faulty(fault))).rejects.toThrow(complaint);
  });

  it("fails when the server reorders one publisher's messages", async () => {
    await expect(run(faulty('reorders'), { publishersPerRoom: 1 })).rejects.toThrow(/lost or reordered/);
  });
});
