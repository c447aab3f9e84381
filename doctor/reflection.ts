import { type Answer, objectOf } from './answer.ts';

/** What `/doctor/mirror` says of a request as it arrived. */
export interface Reflection {
  /** ms since 1970, by the server's clock. */
  readonly at: number;
  /** Names that tell nothing else: of where the request came from, and of the process that answers. */
  readonly network: string | undefined;
  readonly server: string | undefined;
  readonly http: string;
  readonly secure: boolean;
  readonly bytes: number;
  readonly sha256: string | null;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string | true>;
  readonly origin: string;
}

/** Reads an answer of `/doctor/mirror`; `null` when it is none. */
export function readReflection(answer: Answer): Reflection | null {
  const object = answer.status === 200 ? objectOf(answer) : null;
  const { at, network, server, http, secure, bytes, sha256, headers } = object ?? {};
  if (typeof at !== 'number') return null;
  const named = Object.entries(typeof headers === 'object' && headers !== null ? headers : {});
  const kept = named.filter((entry): entry is [string, string | true] => {
    return typeof entry[1] === 'string' || entry[1] === true;
  });
  const byName = new Map(kept);
  const origin = object?.['origin'] ?? byName.get('origin');
  return {
    at,
    network: typeof network === 'string' ? network : undefined,
    server: typeof server === 'string' ? server : undefined,
    http: typeof http === 'string' ? http : '',
    secure: secure === true,
    bytes: typeof bytes === 'number' ? bytes : 0,
    sha256: typeof sha256 === 'string' ? sha256 : null,
    headers: byName,
    origin: typeof origin === 'string' ? origin : 'none',
  };
}
