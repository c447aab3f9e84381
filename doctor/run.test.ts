import { describe, expect, it } from 'vitest';
import { serverPool, startServer } from '../server/test/support/server.ts';
import { nodeEnvironment } from './node.ts';
import type { Check } from './report.ts';
import { examine } from './run.ts';

const server = serverPool();

describe('an examination', () => {
  it('tells each change of a check, and ends with a report in which nothing is secret', async () => {
    const { origin: url } = await server();
    const secretive = new URL(url);
    secretive.search = '?token=hunter2';
    secretive.username = 'ann';
    secretive.password = 'hunter3';
    const told = new Map<string, string[]>();
    let first: readonly Check[] = [];
    const report = await examine(secretive, await nodeEnvironment(), {}, (checks, changed) => {
      if (changed === null) first = checks;
      else told.set(changed.id, [...(told.get(changed.id) ?? []), changed.status]);
    });
    expect(first.map(({ status }) => status)).toEqual(first.map(() => 'waiting'));
    expect(new Set(told.keys())).toEqual(new Set(first.map(({ id }) => id)));
    for (const statuses of told.values())
      expect(statuses).toEqual(['running', expect.stringMatching(/pass|skip/)]);
    expect(report).toMatchObject({ findings: [], advice: { heartbeatMs: 25_000 } });
    expect(report.advice.transports).toEqual(['websocket', 'xhr-streaming', 'eventsource', 'xhr-polling']);
    expect(report.checks.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
    expect(JSON.stringify(report)).not.toMatch(/hunter|ann|token/);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('ends when it is told to, with the reason', async () => {
    const { origin: url } = await server();
    const controller = new AbortController();
    const reason = new Error('enough');
    const examining = examine(url, await nodeEnvironment(), { signal: controller.signal }, (_, changed) => {
      if (changed?.id === 'hold') controller.abort(reason);
    });
    await expect(examining).rejects.toBe(reason);
  });

  it('looks no further where nobody answers', async () => {
    const { origin: url, close } = await startServer();
    await close();
    const report = await examine(url, await nodeEnvironment());
    expect(report.findings.map(({ id }) => id)).toEqual(['connection-refused']);
    expect(new Set(report.checks.map(({ status }) => status))).toEqual(new Set(['fail', 'skip']));
    expect(report.advice.transports).toEqual([]);
  });

  it('wants an address of the web', async () => {
    await expect(examine('ftp://rooms.example/', await nodeEnvironment())).rejects.toThrow(TypeError);
  });
});
