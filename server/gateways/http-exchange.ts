import type { IncomingHttpHeaders } from 'node:http';

/** A plain HTTP request, as far as gateways need to know it. */
export interface HttpRequest {
  readonly method: string;
  /** Without the query, decoded. */
  readonly path: string;
  /** Without the question mark; empty when there was none. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string;
  /**
   * What may stand in `Access-Control-Allow-Origin` of the answer, so that the page that asks can read it: `*`,
   * or the origin of that page. Absent: nothing.
   */
  readonly grantedOrigin?: string | undefined;
  /** As UTF-8; empty when there was none. */
  readonly body: string;
}

/** What a gateway answers to a plain HTTP request, or to somebody it does not let in. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** An address at which a gateway answers plain HTTP, beside what the transports need of its path. */
export interface HttpRoute {
  /** Exact, decoded, without the query: `/`, `/service/chat`. */
  readonly path: string;
  /** Bytes of a request's body; a longer one is answered 413. 0 lifts it. */
  readonly bodyLimit: number;
  /** False leaves the request to whoever else answers at this address. */
  wants(method: string, query: string): boolean;
  /** A page of another site may only ask what changes nothing; the rest is refused before it comes here. */
  changesSomething(method: string, query: string): boolean;
  answer(request: HttpRequest): HttpAnswer | Promise<HttpAnswer>;
}
