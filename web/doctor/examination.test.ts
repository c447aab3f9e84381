import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Check, Report } from '../../doctor/report.ts';
import type { ExamineOptions, ProgressListener } from '../../doctor/run.ts';
import { Examination } from './examination.ts';
import { checked, reported } from '../../doctor/test/reported.ts';

/** Examinations that go on as the test says. */
class Runs {
  readonly started: {
    readonly url: string;
    readonly options: ExamineOptions;
    readonly tell: (...checks: Check[]) => void;
    readonly end: (report: Report) => void;
    readonly fail: (error: Error) => void;
  }[] = [];

  readonly examine = async (
    url: string,
    options: ExamineOptions,
    onProgress: ProgressListener,
  ): Promise<Report> => {
    return await new Promise((end, fail) => {
      this.started.push({ url, options, tell: (...checks) => onProgress(checks, null), end, fail });
    });
  };

  get last(): (typeof this.started)[number] {
    return this.started.at(-1)!;
  }
}

// A store tells of its changes before the next frame, and there is none here.
beforeAll(() => {
  vi.stubGlobal('requestAnimationFrame', () => 0);
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
});
afterAll(() => {
  vi.unstubAllGlobals();
});

describe('an examination', () => {
  it('tells how far it is, and what came of it', async () => {
    const runs = new Runs();
    const examination = new Examination(runs.examine);
    expect(examination.stage).toBe('before');
    const over = examination.start('http://a/', false);
    expect(examination.stage).toBe('running');
    expect(runs.last.options.full).toBe(false);
    runs.last.tell(checked('reach', 'pass'), checked('websocket', 'running'));
    expect([examination.settled, examination.progress]).toEqual([1, 0.5]);
    const report = reported();
    runs.last.end(report);
    await over;
    expect(examination.stage).toBe('done');
    expect(examination.report).toBe(report);
    expect(examination.checks).toBe(report.checks);
  });

  it('keeps the one before, of the same server', async () => {
    const runs = new Runs();
    const examination = new Examination(runs.examine);
    const reports = [reported(), reported(), reported({ url: 'https://other.example/' })];
    for (const report of reports) {
      const over = examination.start(report.url, false);
      runs.last.end(report);
      await over;
    }
    expect(examination.before).toBeNull();
    const over = examination.start('https://other.example/', false);
    const latest = reported({ url: 'https://other.example/' });
    runs.last.end(latest);
    await over;
    expect(examination.before).toBe(reports[2]);
  });

  it('ends at once when it is cancelled, and keeps what was found out until then', async () => {
    const runs = new Runs();
    const examination = new Examination(runs.examine);
    void examination.start('http://a/', true);
    runs.last.tell(checked('reach', 'pass'), checked('websocket', 'running'), checked('tls', 'waiting'));
    examination.cancel();
    expect(runs.last.options.signal?.aborted).toBe(true);
    expect(examination.stage).toBe('cancelled');
    expect(examination.checks.map(({ status }) => status)).toEqual(['pass', 'skip', 'skip']);
    runs.last.tell(checked('reach', 'fail'));
    runs.last.fail(new Error('aborted'));
    await Promise.resolve();
    expect(examination.stage).toBe('cancelled');
    expect(examination.checks).toHaveLength(3);
  });

  it('makes place for the next one', async () => {
    const runs = new Runs();
    const examination = new Examination(runs.examine);
    void examination.start('http://a/', false);
    const over = examination.start('http://b/', false);
    const [one, other] = runs.started;
    expect(one?.options.signal?.aborted).toBe(true);
    one?.end(reported({ url: 'http://a/' }));
    other?.end(reported({ url: 'http://b/' }));
    await over;
    expect(examination.report?.url).toBe('http://b/');
  });

  it('says when it broke off by itself', async () => {
    const runs = new Runs();
    const examination = new Examination(runs.examine);
    const over = examination.start('http://a/', false);
    runs.last.fail(new Error('odd'));
    await over;
    expect(examination.stage).toBe('broken');
  });

  it('begins anew with the same checks, so that nothing moves', async () => {
    const runs = new Runs();
    const examination = new Examination(runs.examine);
    const over = examination.start('http://a/', false);
    runs.last.end(reported());
    await over;
    void examination.start('http://a/', false);
    expect(examination.checks.map(({ id, status, detail }) => [id, status, detail])).toEqual([
      ['reach', 'waiting', ''],
      ['websocket', 'waiting', ''],
    ]);
  });
});
