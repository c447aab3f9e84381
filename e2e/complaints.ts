import type { Page } from '@playwright/test';

/** Collects what the console complains about and what the page's policy forbids. */
export async function listenForComplaints(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    // The stock client's frames set `document.domain`, which browsers ignore by now and say so.
    if (message.text().startsWith('document.domain mutation is ignored')) return;
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.exposeFunction('complain', (text: string) => complaints.push(text));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      (globalThis as unknown as { complain(text: string): void }).complain(
        `${violatedDirective}: ${blockedURI}`,
      );
    });
  });
  return complaints;
}
