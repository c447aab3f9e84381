/** Tells on stderr what is being done and how long it took; stdout belongs to the server. */

const started = performance.now();

/** Runs `work` and prints one line when it is done, with its duration, and one when it fails. */
export async function step(name, work) {
  const from = performance.now();
  try {
    const result = await work();
    say(`✓ ${name} (${seconds(performance.now() - from)})`);
    return result;
  } catch (error) {
    say(`✗ ${name} (${seconds(performance.now() - from)})`);
    throw error;
  }
}

export function say(text) {
  process.stderr.write(`${text}\n`);
}

export function sinceStart() {
  return seconds(performance.now() - started);
}

export function seconds(ms) {
  return ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
