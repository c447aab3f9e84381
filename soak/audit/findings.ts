/** What can be wrong with a room. */
export const FAULTS = [
  'lost',
  'doubled',
  'reordered',
  'invented',
  'wrong gap',
  'wrong epoch',
  'wrong state',
  'wrong presence',
  'unsettled',
  'stalled',
] as const;

export type FaultKind = (typeof FAULTS)[number];

/** What was looked at. */
export const COUNTS = [
  'rooms',
  'clients',
  'sent',
  'accepted',
  'refused',
  'unknown',
  'received',
  'recovered',
  'gaps',
  'missing',
  'changes',
  'restarts',
  'cuts',
  'epochs',
] as const;

export type CountName = (typeof COUNTS)[number];

export interface Fault {
  readonly kind: FaultKind;
  readonly what: string;
}

/** What an audit looked at, and everything that was not as it must be. */
export class Findings {
  readonly #counts = new Map<CountName, number>();
  readonly #faults: Fault[] = [];

  get faults(): readonly Fault[] {
    return this.#faults;
  }

  count(name: CountName): number {
    return this.#counts.get(name) ?? 0;
  }

  /** How many faults of a kind there are. */
  countFaults(kind: FaultKind): number {
    return this.#faults.filter((fault) => fault.kind === kind).length;
  }

  add(name: CountName, by = 1): void {
    this.#counts.set(name, this.count(name) + by);
  }

  fault(kind: FaultKind, what: string): void {
    this.#faults.push({ kind, what });
  }

  /** Takes over what another audit found. */
  include(other: Findings): void {
    for (const name of COUNTS) this.add(name, other.count(name));
    this.#faults.push(...other.faults);
  }
}
