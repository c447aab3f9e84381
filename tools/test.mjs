/**
 * `npm test`: installs what is missing, runs every check and test, stops at the first that fails. The last
 * line counts them all.
 */
import { CHECKS } from './checks.mjs';
import { ensureChromium } from './install-chromium.mjs';
import { ensureProxies } from './install-proxies.mjs';
import { explain, prepare } from './prepare.mjs';
import { say, seconds, sinceStart } from './progress.mjs';
import { Tally } from './tally.mjs';

const tally = new Tally();
const isPrepared = await prepare({
  also: async () => {
    await ensureChromium();
    await ensureProxies();
  },
});
if (!isPrepared) tally.add({ failed: 1 });
for (const check of isPrepared ? CHECKS : []) {
  const results = await Promise.all([check].flat().map(perform));
  if (results.some(({ failed }) => failed > 0)) break;
}
if (tally.skipped.length > 0) say(`Skipped:\n${tally.skipped.map((line) => `  ${line}`).join('\n')}`);
say(`Took ${sinceStart()}.`);
process.stdout.write(`${tally.toString()}\n`);
process.exitCode = tally.failed === 0 ? 0 : 1;

/** Runs a check and says what came of it, and how long it took. */
async function perform({ name, run }) {
  const from = performance.now();
  const result = await run().catch((error) => {
    explain(error);
    return { failed: 1 };
  });
  tally.add(result);
  if (result.output) say(result.output);
  if (result.failed > 0 && result.report) say(result.report);
  say(`${result.failed > 0 ? '✗' : '✓'} ${name}: ${summary(result)} (${seconds(performance.now() - from)})`);
  return result;
}

function summary({ passed = 0, failed = 0, skipped = [] }) {
  const parts = [`${passed} passed`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (skipped.length > 0) parts.push(`${skipped.length} skipped`);
  return parts.join(', ');
}
