import type { Gateway } from '../gateways/gateway.ts';
import type { HttpRoute } from '../gateways/http-exchange.ts';
import { OriginPolicy } from './origin-policy.ts';

/** A gateway at its path, and what the rest of a request's path asks of it. */
export interface EndpointMatch extends Mount {
  /** What follows the path, without the query; empty, or starting with a slash. */
  readonly rest: string;
  /** Without the question mark. */
  readonly query: string;
}

/** Who answers plain HTTP at an address. */
export interface RouteMatch {
  readonly route: HttpRoute;
  readonly origins: OriginPolicy;
  /** Without the question mark. */
  readonly query: string;
}

/** A gateway where it can be reached. */
export interface Mount {
  readonly gateway: Gateway;
  /** `/multiplex`, `/service/chat`, … */
  readonly path: string;
  /** Who may come from a browser page. */
  readonly origins: OriginPolicy;
}

/** The gateways by path: every one of them answers on every transport. */
export class Endpoints {
  readonly #origins: readonly string[];
  readonly #mounts = new Map<string, Mount>();
  readonly #routes = new Map<string, { readonly route: HttpRoute; readonly origins: OriginPolicy }>();

  /** `origins`: what holds for all gateways, see {@link OriginPolicy}. */
  constructor(origins: readonly string[] = []) {
    this.#origins = origins;
  }

  /** Mounts a gateway at `/NAME`, and what it answers to plain HTTP. */
  add(gateway: Gateway): void {
    const path = `/${gateway.name}`;
    const origins = new OriginPolicy([...this.#origins, ...(gateway.origins ?? [])]);
    this.#mounts.set(path, { path, gateway, origins });
    for (const route of gateway.routes ?? []) this.#routes.set(route.path, { route, origins });
  }

  /** Every gateway at its path. */
  mounts(): Iterable<Mount> {
    return this.#mounts.values();
  }

  /** Who may come from a browser page to at least one of the gateways. */
  anyOrigins(): OriginPolicy {
    const ofGateways = [...this.#mounts.values()].flatMap(({ gateway }) => gateway.origins ?? []);
    return new OriginPolicy([...this.#origins, ...ofGateways]);
  }

  /** Where gateways are mounted. */
  paths(): string[] {
    return [...this.#mounts.keys()];
  }

  /** Finds the gateway whose path begins a request's URL. */
  match(url: string): EndpointMatch | undefined {
    const [pathname, query] = splitUrl(url);
    // A gateway's path has one or two segments: `/multiplex`, `/service/NAME`.
    let end = pathname.indexOf('/', 1);
    for (let segments = 0; segments < 2; segments++) {
      const mount = this.#mounts.get(end === -1 ? pathname : pathname.slice(0, end));
      if (mount !== undefined) {
        const { gateway, path, origins } = mount;
        // Our own copy of the path: a slice would keep the whole URL alive as long as the connection.
        return { gateway, path, origins, rest: pathname.slice(path.length), query };
      }
      if (end === -1) return undefined;
      end = pathname.indexOf('/', end + 1);
    }
    return undefined;
  }

  /** Finds the gateway that answers a plain request at this very address, if one wants it. */
  route(method: string, url: string): RouteMatch | undefined {
    const [pathname, query] = splitUrl(url);
    const found = this.#routes.get(pathname) ?? this.#routes.get(decode(pathname));
    return found?.route.wants(method, query) === true ? { ...found, query } : undefined;
  }
}

function splitUrl(url: string): [pathname: string, query: string] {
  const mark = url.indexOf('?');
  return mark === -1 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}

function decode(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
