import { expect, test } from './fixtures.ts';

test.describe('Latency', () => {
  test('measures, and draws what it measures', async ({ openUser }) => {
    const { latency } = await openUser();
    await latency.open();
    await expect(latency.figure('p50')).toHaveText('–');
    await latency.pingEvery(50);
    await latency.start.click();
    for (const name of ['p50', 'p95', 'p99', 'min', 'max', 'jitter']) {
      await expect(latency.figure(name)).toHaveText(/^\s*\d[\d.,]* ms\s*$/);
    }
    await expect(latency.figure('loss')).toHaveText('0 %');
    const early = await latency.drawnColumns();
    await expect.poll(() => latency.drawnColumns()).toBeGreaterThan(early + 20);
    await expect(latency.summary).toHaveText(/of (?:[3-9]\d|\d{3,}) round trips/);

    await latency.stop.click();
    await expect(latency.start).toBeVisible();
    const stopped = await latency.summary.textContent();
    expect(stopped).toMatch(/Over websocket, of \d+ round trips, half took .* None was lost\.$/);
    await latency.tableSwitch.click();
    await expect(latency.table.getByRole('row')).toHaveCount(21);
    await expect(latency.summary).toHaveText(stopped ?? '');
    await latency.reset.click();
    await expect(latency.figure('p50')).toHaveText('–');
  });

  test('keeps figures of different transports apart', async ({ openUser }) => {
    const { latency, shell } = await openUser();
    await latency.open();
    await latency.pingEvery(50);
    await latency.start.click();
    await expect(latency.summary).toHaveText(/^Over websocket/);
    await shell.chooseTransport('xhr-polling');
    await expect(latency.summary).toHaveText(/^Over xhr-polling/);
    await expect(latency.earlier).toHaveCount(2);
    await expect(latency.earlier.last()).toHaveText(/^\s*websocket\s+\d+/);
  });

  test('keeps up with twenty pings a second without holding up the page', async ({ openUser }) => {
    const { latency, shell } = await openUser();
    await latency.open();
    await expect(latency.start).toBeVisible();
    await shell.page.evaluate(() => {
      const renders = { count: 0, frames: 0 };
      Object.assign(globalThis, { renders });
      const page = document.querySelector('rp-app')?.shadowRoot?.querySelector('rp-latency-page');
      new MutationObserver(() => (renders.count += 1)).observe(page?.shadowRoot ?? document, {
        subtree: true,
        characterData: true,
        childList: true,
      });
      const onFrame = (): void => {
        renders.frames += 1;
        requestAnimationFrame(onFrame);
      };
      requestAnimationFrame(onFrame);
    });
    await latency.pingEvery(50);
    await latency.start.click();
    await expect(latency.summary).toHaveText(/of (?:[6-9]\d|\d{3,}) round trips/);
    const { count, frames } = await shell.page.evaluate(
      () => (globalThis as unknown as { renders: { count: number; frames: number } }).renders,
    );
    expect(count).toBeGreaterThan(10);
    // At most one render a frame, beside those that clicks cause.
    expect(count).toBeLessThanOrEqual(frames + 10);
  });
});
