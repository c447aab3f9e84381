import type { Advice, Verdict } from './verdict.ts';

/** As much of the standard `Storage` as is used. */
export interface TextStore {
  getItem(key: string): string | null;
  setItem(key: string, text: string): void;
}

/** What was found out about one transport. */
export interface TransportRecord {
  readonly verdict: Verdict;
  /** One plain phrase. */
  readonly reason: string;
  /** ms since 1970. */
  readonly at: number;
}

/** Connections of one kind that died young, one after another. */
export interface Deaths {
  readonly points: number;
  /** How long the last of them lived. */
  readonly livedMs: number;
  /** The latest, ms since 1970. */
  readonly at: number;
}

/** What is known about the way to one server through one network. */
export interface PathMemory {
  /** What the server calls the network; `null`: not asked. */
  readonly network: string | null;
  readonly transports: readonly (readonly [name: string, record: TransportRecord])[];
  readonly deaths: readonly (readonly [kind: string, deaths: Deaths])[];
  /** Of an echo; `null`: not measured. */
  readonly roundTripMs: number | null;
  /** Connections on which nothing moved for so long were cut, at last at `at`. */
  readonly idleCut: { readonly ms: number; readonly at: number } | null;
  /** Bytes that one POST may carry. */
  readonly postLimit: number | null;
  /** What the doctor recommended and a user took over; it holds until it is forgotten. */
  readonly advice: Advice | null;
}

/**
 * Where the paths to a server are remembered, so that the next page need not find out again: in a browser
 * `localStorage`, as JSON under one key a server and a kind of network. What cannot be read counts as not there.
 */
export class Memory {
  readonly #store: TextStore | null;
  readonly #key: string;

  /** `kind`: of network, as far as the platform tells; without a store nothing is kept. */
  constructor(store: TextStore | null, server: URL, kind: string) {
    this.#store = store;
    this.#key = `roomplex:path:${server.origin}:${kind}`;
  }

  read(): PathMemory | null {
    try {
      const value: unknown = JSON.parse(this.#store?.getItem(this.#key) ?? 'null');
      return isPathMemory(value) ? value : null;
    } catch {
      return null;
    }
  }

  /** Keeps what was found out. The advice stays as it is: another page may have changed it meanwhile. */
  write(found: Omit<PathMemory, 'advice'>): void {
    this.#write({ ...found, advice: this.read()?.advice ?? null });
  }

  /**
   * Lets clients go to that server as advised from their next connection on, whatever was found out before; `null`: as
   * they think best.
   */
  advise(advice: Advice | null): void {
    this.#write({ ...NOTHING_KNOWN, network: this.read()?.network ?? null, advice });
  }

  #write(memory: PathMemory): void {
    try {
      this.#store?.setItem(this.#key, JSON.stringify(memory));
    } catch {
      // Full or forbidden: then it is found out again.
    }
  }
}

const NOTHING_KNOWN: PathMemory = {
  network: null,
  transports: [],
  deaths: [],
  roundTripMs: null,
  idleCut: null,
  postLimit: null,
  advice: null,
};

function isPathMemory(value: unknown): value is PathMemory {
  if (typeof value !== 'object' || value === null) return false;
  const { transports, deaths, idleCut, advice } = value as Partial<PathMemory>;
  return (
    isPairs(transports, ({ verdict, reason, at }: Partial<TransportRecord>) => {
      return typeof verdict === 'string' && typeof reason === 'string' && typeof at === 'number';
    }) &&
    isPairs(deaths, ({ points, livedMs, at }: Partial<Deaths>) => {
      return [points, livedMs, at].every((value) => typeof value === 'number');
    }) &&
    (idleCut === null || (typeof idleCut?.ms === 'number' && typeof idleCut.at === 'number')) &&
    (advice === null || (Array.isArray(advice?.transports) && typeof advice.heartbeatMs === 'number'))
  );
}

function isPairs<T extends object>(value: unknown, isRecord: (record: T) => boolean): boolean {
  return (
    Array.isArray(value) &&
    value.every((pair: unknown) => {
      if (!Array.isArray(pair)) return false;
      const [name, record] = pair as unknown[];
      return (
        typeof name === 'string' && typeof record === 'object' && record !== null && isRecord(record as T)
      );
    })
  );
}
