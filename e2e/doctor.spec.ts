import { AxeBuilder } from '@axe-core/playwright';
import { startEnvironment } from '../lab/index.ts';
import { expect, test } from './fixtures.ts';
import { DoctorPage } from './pages/doctor-page.ts';
import { SAVED_REPORT } from './saved-report.ts';

test.describe('The connection doctor', () => {
  test('finds nothing wrong where nothing is, by keyboard alone and without the app', async ({
    openUser,
  }) => {
    const { shell } = await openUser();
    const { page } = shell;
    const doctor = new DoctorPage(page);
    const scripts: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => {
      if (request.resourceType() === 'script') scripts.push(new URL(request.url()).pathname);
    });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    await doctor.open();
    await expect(page).toHaveTitle('Connection doctor · Roomplex');
    await page.keyboard.press('Tab');
    await expect(shell.skipLink).toBeFocused();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect(doctor.start).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(doctor.verdict).toHaveText(/^Examining localhost/);
    await expect(doctor.cancel).toBeFocused();
    const height = await page.locator('rp-check-list').evaluate((list) => list.clientHeight);

    await expect(doctor.verdict).toHaveText('Everything gets through.', { timeout: 40_000 });
    await expect(doctor.start).toBeFocused();
    await expect(doctor.announcement).toHaveText(/^Everything gets through\. WebSocket works/);
    await expect(page).toHaveTitle(/^Everything gets through\./);
    await expect(doctor.checks).not.toHaveCount(0);
    for (const check of await doctor.checks.all()) {
      await expect(check).toHaveAttribute('data-status', /^(pass|skip)$/);
    }
    await expect(doctor.troubles).toHaveCount(0);
    expect(await page.locator('rp-check-list').evaluate((list) => list.clientHeight)).toBe(height);
    expect(
      scripts.filter(
        (path) => !/\/(theme|arrival|assets\/(doctor|read-report|rp-comparison)-[^/]+)\.js$/.test(path),
      ),
    ).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('names what is in the way, says what to do, and has the app go round it', async ({
    openUser,
    startServer,
  }) => {
    const server = await startServer();
    const lab = await startEnvironment('upgrade-removed', { originPort: Number(new URL(server.url).port) });
    try {
      const { shell } = await openUser({
        baseURL: `${lab.url}/`,
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const { page } = shell;
      const doctor = new DoctorPage(page);
      await doctor.open();
      await doctor.start.click();
      const cause = 'Something removes the Upgrade header';
      await expect(doctor.verdict).toHaveText(
        'WebSocket does not get through: something removes the Upgrade header.',
        { timeout: 40_000 },
      );
      await expect(doctor.check('websocket')).toHaveAttribute('data-status', 'fail');
      const finding = doctor.finding(cause);
      await finding.getByRole('tab', { name: 'For you', exact: true }).press('ArrowRight');
      await expect(finding.getByRole('tab', { name: 'For your IT department' })).toBeFocused();
      await finding.getByRole('button', { name: 'Copy the text' }).click();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('Upgrade');
      await finding.getByRole('tab', { name: 'For whoever runs the server' }).click();
      await finding.getByRole('button', { name: 'Copy the lines for nginx' }).click();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('proxy_set_header Upgrade');

      const report = await doctor.saveReport();
      expect(report.findings.map(({ id }) => id)).toContain('upgrade-removed');
      await page.getByRole('button', { name: 'Copy as Markdown' }).click();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(`## ${cause}`);

      await doctor.openReport({ ...report, at: 1_790_000_000_000, findings: [] });
      await expect(doctor.comparison).toContainText(`New${cause}`);
      await page.getByRole('button', { name: 'Put the other report away' }).click();
      await expect(doctor.comparison).toHaveCount(0);

      await doctor.useSettings.click();
      await expect(doctor.forgetSettings).toBeFocused();
      const [best = ''] = report.advice.transports;
      const ways: string[] = [];
      const note = (url: string): unknown =>
        /\/multiplex\/\d+\//.test(url) && ways.push(new URL(url).pathname.split('/').at(-1) ?? '');
      page.on('websocket', (socket) => note(socket.url()));
      page.on('request', (request) => note(request.url()));
      await shell.goTo('latency');
      await expect(shell.badge).toHaveText(new RegExp(`Connected\\s*${best}`));
      expect(ways[0]).toBe(best.replace('-', '_'));

      await doctor.open();
      await expect(page.getByText('settings that were recommended here')).toBeVisible();
      await doctor.forgetSettings.click();
      await expect(page.getByText('settings that were recommended here')).toHaveCount(0);

      await shell.goTo('latency');
      await shell.badge.click();
      await expect(shell.connectionDetails).toContainText(`${best} is the best that gets through`);
      await expect(shell.connectionDetails).toContainText(/websocket does not open: .*next try in \d+ s/);
      await expect(shell.connectionDetails).toContainText(/Round trip\s*\d[\d.,]* ms/);
      await shell.connectionDetails.getByRole('link', { name: 'Connection doctor' }).click();
      await expect(shell.heading).toHaveText('Connection doctor');
    } finally {
      await lab.stop();
    }
  });

  test('works below a path, stops when it is told to, and says when the server is away', async ({
    openUser,
    startServer,
  }) => {
    const server = await startServer();
    const lab = await startEnvironment('sub-path', { originPort: Number(new URL(server.url).port) });
    try {
      const { shell } = await openUser({ baseURL: `${lab.url}/` });
      await shell.goTo('latency');
      await expect(shell.badge).toHaveText(/Connected/);
      const doctor = new DoctorPage(await shell.page.context().newPage());
      await doctor.open();
      await doctor.start.click();
      await expect(doctor.check('reach')).toHaveAttribute('data-status', 'pass');
      await doctor.cancel.click();
      await expect(doctor.verdict).toHaveText('Cancelled');
      await expect(doctor.start).toBeFocused();
      await expect(doctor.check('websocket')).toHaveAttribute('data-status', 'skip');
      await server.stop();
      await expect(shell.banner).toHaveText('Connection lost.');
      const whyNot = shell.page.getByRole('link', { name: 'Find out why' });
      await expect(whyNot).toHaveJSProperty('href', `${lab.url}/doctor`);
      await doctor.start.click();
      // The proxy is there, and says 502.
      await expect(doctor.verdict).toHaveText('No way to the server works.');
      await expect(doctor.announcement).toContainText('A proxy answers, but the server behind it does not.');
      await expect(doctor.check('reach')).toHaveAttribute('data-status', 'fail');
    } finally {
      await lab.stop();
    }
  });

  test('examines another server that trusts it, and none that does not', async ({
    openUser,
    server,
    startServer,
  }) => {
    const { shell } = await openUser();
    const doctor = new DoctorPage(shell.page);
    const trusting = await startServer('--origin', server.url);
    await doctor.open();
    await shell.page.getByText('Examine another server').click();
    await shell.page
      .getByRole('textbox', { name: 'Address of the server' })
      .fill(`${trusting.url}/multiplex`);
    await shell.page.keyboard.press('Enter');
    await expect(doctor.start).toBeVisible();
    await doctor.start.click();
    await expect(doctor.verdict).toHaveText(`Examining ${new URL(trusting.url).host}`);
    await expect(doctor.check('reach')).toHaveAttribute('data-status', 'pass');
    const other = await startServer();
    await doctor.open(`?url=${encodeURIComponent(other.url)}`);
    await doctor.start.click();
    await expect(doctor.verdict).toHaveText('Pages of this site are not let in.');
  });

  test('says what is wrong with a file that is no report', async ({ openUser }) => {
    const { shell } = await openUser();
    const doctor = new DoctorPage(shell.page);
    await doctor.open();
    await doctor.openReport('# Connection report', 'report.md');
    await expect(doctor.problem).toContainText('report.md: This is no JSON.');
    await doctor.openReport(SAVED_REPORT);
    await expect(doctor.problem).toBeEmpty();
    await expect(doctor.findings).toHaveCount(2);
  });

  test('prints what everybody can do', async ({ openUser }) => {
    const { shell } = await openUser();
    const doctor = new DoctorPage(shell.page);
    await doctor.open();
    await doctor.openReport(SAVED_REPORT);
    const operator = shell.page.getByText('If the proxy is yours');
    await expect(operator).toBeHidden();
    await shell.page.emulateMedia({ media: 'print' });
    await expect(operator).toBeVisible();
    await expect(doctor.start).toBeHidden();
  });
});

test.describe('The connection doctor is accessible', () => {
  /** Nothing is wrong on the page as it is now, and it is no wider than the screen. */
  async function examine({ page }: DoctorPage): Promise<void> {
    await page.evaluate(() => scrollTo(0, 0));
    const { violations, passes } = await new AxeBuilder({ page }).withTags(RULES).analyze();
    expect(passes.length).toBeGreaterThan(10);
    expect(
      violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ target }) => target.join(' ')) })),
    ).toEqual([]);
    const [wide, screen] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(wide).toBe(screen);
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`with a report that was opened, in the ${colorScheme} theme`, async ({ openUser }) => {
      const { shell } = await openUser({ colorScheme });
      const doctor = new DoctorPage(shell.page);
      await doctor.open();
      await shell.page.getByText('Examine another server').click();
      await doctor.openReport(SAVED_REPORT);
      await doctor.findings.first().getByRole('tab').last().click();
      await examine(doctor);
    });
  }

  test('with two reports beside one another, on a phone', async ({ openUser, startServer }) => {
    const server = await startServer();
    const { shell } = await openUser({ server, viewport: { width: 360, height: 740 }, hasTouch: true });
    const doctor = new DoctorPage(shell.page);
    await doctor.open();
    await doctor.openReport(SAVED_REPORT);
    await expect(doctor.findings).toHaveCount(2);
    // Some parts of the page come after the rest.
    await shell.page.evaluate(() => customElements.whenDefined('rp-comparison').then(() => undefined));
    await server.stop();
    await doctor.start.tap();
    await expect(doctor.comparison).toBeVisible();
    await shell.page.getByRole('button', { name: 'Show all checks' }).tap();
    await examine(doctor);
  });
});

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
