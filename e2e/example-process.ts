import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server of `examples/`, on the built package, in a process of its own. */
export interface ExampleProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts it on a free port and waits until it listens. */
export async function startExample(name: string): Promise<ExampleProcess> {
  const file = fileURLToPath(new URL(`../examples/${name}`, import.meta.url));
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /listening on (http:\S+)/.exec(line) ?? [];
    if (url === undefined) continue;
    return {
      url,
      async stop() {
        const exited = once(child, 'exit');
        child.kill();
        await exited;
      },
    };
  }
  throw new Error(`${name} ended before it listened`);
}
