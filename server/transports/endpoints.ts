import type { Gateway } from '../gateways/gateway.ts';

/** A gateway at its path, and what the rest of a request's path asks of it. */
export interface EndpointMatch {
  readonly gateway: Gateway;
  /** `/multiplex`, `/service/chat`, … */
  readonly path: string;
  /** What follows the path, without the query; empty, or starting with a slash. */
  readonly rest: string;
  /** Without the question mark. */
  readonly query: string;
}

/** The gateways by path: every one of them answers on every transport. */
export class Endpoints {
  readonly #gateways = new Map<string, { readonly path: string; readonly gateway: Gateway }>();

  /** Mounts a gateway at `/NAME`. */
  add(gateway: Gateway): void {
    const path = `/${gateway.name}`;
    this.#gateways.set(path, { path, gateway });
  }

  /** Finds the gateway whose path begins a request's URL. */
  match(url: string): EndpointMatch | undefined {
    const mark = url.indexOf('?');
    const pathname = mark === -1 ? url : url.slice(0, mark);
    const query = mark === -1 ? '' : url.slice(mark + 1);
    // A gateway's path has one or two segments: `/multiplex`, `/service/NAME`.
    let end = pathname.indexOf('/', 1);
    for (let segments = 0; segments < 2; segments++) {
      const mounted = this.#gateways.get(end === -1 ? pathname : pathname.slice(0, end));
      // Our own copy of the path: a slice would keep the whole URL alive as long as the connection.
      if (mounted !== undefined) return { ...mounted, rest: pathname.slice(mounted.path.length), query };
      if (end === -1) return undefined;
      end = pathname.indexOf('/', end + 1);
    }
    return undefined;
  }
}
