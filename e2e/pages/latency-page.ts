import { type Locator, type Page, test } from '@playwright/test';

/** The latency meter: figures, chart, table. */
export class LatencyPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get start(): Locator {
    return this.page.getByRole('button', { name: 'Start' });
  }

  get stop(): Locator {
    return this.page.getByRole('button', { name: 'Stop' });
  }

  get reset(): Locator {
    return this.page.getByRole('button', { name: 'Reset' });
  }

  get interval(): Locator {
    return this.page.getByRole('combobox', { name: 'One ping every' });
  }

  get chart(): Locator {
    return this.page.getByRole('img', { name: /^Round trips of the last minute/ });
  }

  get tableSwitch(): Locator {
    return this.page.getByRole('button', { name: 'Show as table' });
  }

  get table(): Locator {
    return this.page.getByRole('region', { name: 'The newest round trips' }).getByRole('table');
  }

  /** Runs over transports used before. */
  get earlier(): Locator {
    return this.page.getByRole('region', { name: 'Other transports', exact: true }).getByRole('row');
  }

  /** The figures in one sentence. */
  get summary(): Locator {
    return this.page.locator('#summary');
  }

  figure(name: string): Locator {
    return this.page
      .locator('.figure')
      .filter({ has: this.page.getByText(name, { exact: true }) })
      .locator('.large');
  }

  /** How many columns of the chart's picture the line touches. */
  async drawnColumns(): Promise<number> {
    return await this.chart.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const probe = document.createElement('span');
      probe.style.color = getComputedStyle(canvas).getPropertyValue('--rp-accent');
      document.body.append(probe);
      const [red = 0, green = 0, blue = 0] = getComputedStyle(probe).color.match(/\d+/g)?.map(Number) ?? [];
      probe.remove();
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {
        data: [],
      };
      const columns = new Set<number>();
      for (let i = 0; i < data.length; i += 4) {
        const isLine =
          data[i] === red && data[i + 1] === green && data[i + 2] === blue && data[i + 3] === 255;
        if (isLine) columns.add((i / 4) % canvas.width);
      }
      return columns.size;
    });
  }

  async open(): Promise<void> {
    await test.step('open the latency meter', async () => {
      await this.page.goto('/latency');
    });
  }

  async pingEvery(ms: number): Promise<void> {
    await test.step(`ping every ${ms} ms`, async () => {
      await this.interval.selectOption(`${ms} ms`);
    });
  }
}
