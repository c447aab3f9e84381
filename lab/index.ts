/**
 * The lab: what stands between people and their servers, to be started in tests. Real proxies and scripted ones,
 * each on a free loopback port, as many at once as one likes.
 */
import { CHAIN_ENVIRONMENTS } from './chains.ts';
import type { Blueprint, Description, Environment, Origin } from './environment.ts';
import { FORWARD_ENVIRONMENTS } from './real/forward-proxies.ts';
import { HAPROXY_ENVIRONMENTS } from './real/haproxy.ts';
import { NGINX_ENVIRONMENTS } from './real/nginx.ts';
import { DEAD_END_ENVIRONMENTS } from './scripted/dead-ends.ts';
import { HTTP_ENVIRONMENTS } from './scripted/http.ts';
import { LINK_ENVIRONMENTS } from './scripted/links.ts';
import { OTHER_ENVIRONMENTS } from './scripted/others.ts';
import { REQUEST_ENVIRONMENTS } from './scripted/requests.ts';
import { findProxy } from '../tools/proxies.mjs';

export type { Change, Description, Environment, Finding, Origin, Way } from './environment.ts';

const PASSABLE: readonly Blueprint[] = [
  ...OTHER_ENVIRONMENTS,
  ...FORWARD_ENVIRONMENTS,
  ...NGINX_ENVIRONMENTS,
  ...HAPROXY_ENVIRONMENTS,
  ...HTTP_ENVIRONMENTS,
  ...REQUEST_ENVIRONMENTS,
  ...LINK_ENVIRONMENTS,
  ...CHAIN_ENVIRONMENTS,
];

/** What there is to start and to get through, and what is to be expected in it. */
export const ENVIRONMENTS: readonly Description[] = PASSABLE;

/** What there is to start through which nothing gets. */
export const DEAD_ENDS: readonly Description[] = DEAD_END_ENVIRONMENTS;

const BLUEPRINTS: ReadonlyMap<string, Blueprint> = new Map(
  [...PASSABLE, ...DEAD_END_ENVIRONMENTS].map((blueprint) => [blueprint.name, blueprint]),
);

/** Why an environment cannot be started here, for a test that is skipped; undefined: it can be. */
export function missingFor({ program }: Description): string | undefined {
  const isMissing = program !== null && findProxy(program) === undefined;
  return isMissing ? `${program} is not installed` : undefined;
}

/**
 * Starts an environment of {@link ENVIRONMENTS} or {@link DEAD_ENDS} in front of a server on 127.0.0.1 and waits until it can be used.
 * Rejects when there is none of this name, its program is not installed or does not start, or a second node is
 * needed and not given.
 */
export async function startEnvironment(name: string, origin: Origin): Promise<Environment> {
  const blueprint = BLUEPRINTS.get(name);
  if (blueprint === undefined) throw new Error(`there is no environment ${name}`);
  const { kind, carriesPost, roundTripMs, works, findings } = blueprint;
  return { name, kind, carriesPost, roundTripMs, works, findings, ...(await blueprint.start(origin)) };
}
