import type { Blueprint } from './environment.ts';
import { NGINX_ENVIRONMENTS } from './real/nginx.ts';
import { LINK_ENVIRONMENTS } from './scripted/links.ts';

/** One environment in front of another. */
export const CHAIN_ENVIRONMENTS: readonly Blueprint[] = [
  chain('latency-300ms', 'nginx-bare', 'nginx-bare-300ms', 'a round trip of 300 ms to nginx-bare'),
  chain('latency-1500ms', 'nginx-bare', 'nginx-bare-1500ms', 'a round trip of 1.5 s to nginx-bare'),
];

function chain(front: string, back: string, name: string, does: string): Blueprint {
  const link = named(LINK_ENVIRONMENTS, front);
  const proxy = named(NGINX_ENVIRONMENTS, back);
  return {
    ...proxy,
    name,
    does,
    roundTripMs: link.roundTripMs,
    findings: [...proxy.findings, ...link.findings],
    async start(origin) {
      const behind = await proxy.start(origin);
      const before = await link.start({ originPort: Number(new URL(behind.url).port) });
      return {
        url: before.url,
        async stop() {
          await Promise.all([before.stop(), behind.stop()]);
        },
      };
    },
  };
}

function named(blueprints: readonly Blueprint[], name: string): Blueprint {
  const found = blueprints.find((blueprint) => blueprint.name === name);
  if (found === undefined) throw new Error(`there is no environment ${name}`);
  return found;
}
