import type { SetEntry, StateEntry } from '../../protocol/rooms.ts';
import type { ChangeClaim, ChangeClaims } from './change-claims.ts';
import { Findings } from './findings.ts';

/** A room's state as somebody got to see all of it. */
export interface StateSnapshot {
  readonly who: string;
  readonly epoch: string;
  readonly rev: number;
  readonly entries: readonly StateEntry[];
  /** The greatest revision that anybody had been told when it was asked for. */
  readonly newest: number;
}

/** One change as a member was told of it, after `previous`, the revision that it knew before. */
export interface ChangeSeen {
  readonly who: string;
  readonly epoch: string;
  readonly rev: number;
  readonly previous: number;
  readonly entries: readonly Omit<StateEntry, 'rev'>[];
}

/** All that is known of one room's state when everything has come to rest. */
export interface StateEvidence {
  readonly room: string;
  readonly claims: ChangeClaims;
  /** Taken at any time, as after each restart. */
  readonly snapshots: readonly StateSnapshot[];
  readonly seen: readonly ChangeSeen[];
  /** The last word. */
  readonly end: StateSnapshot;
  /** Keys that were only ever made one greater than they were, from nothing. */
  readonly counters: readonly string[];
}

/**
 * Compares the changes that were accepted with what the state was seen to be: every look shows exactly what was
 * accepted up to its revision, no revision was given out twice, nothing came between a condition and the change
 * that had it, and who follows the changes gets every one in order.
 */
export function auditState(evidence: StateEvidence): Findings {
  const { room, end } = evidence;
  const findings = new Findings();
  const fault = (what: string): void => findings.fault('wrong state', `${room}: ${what}`);
  const accepted = inOrder(evidence.claims, end.epoch, fault);
  findings.add('changes', accepted.length);
  for (const claim of evidence.claims.all) {
    if (claim.outcome === undefined) {
      findings.fault('unsettled', `${room}: nobody was told what became of ${JSON.stringify(claim.entries)}`);
    }
  }
  const book = new Book(accepted, evidence.claims);
  book.auditConditions(fault);
  for (const snapshot of [...evidence.snapshots, end]) book.auditSnapshot(snapshot, end.epoch, fault);
  for (const change of evidence.seen) book.auditChange(change, end, fault);
  for (const key of evidence.counters) book.auditCounter(key, end, fault);
  return findings;
}

type Report = (what: string) => void;

interface Accepted {
  readonly rev: number;
  readonly claim: ChangeClaim;
}

/** By revision; one that was given out twice, or in another epoch, is told. */
function inOrder(claims: ChangeClaims, epoch: string, fault: Report): Accepted[] {
  const accepted: Accepted[] = [];
  for (const claim of claims.all) {
    if (claim.outcome?.type !== 'accepted') continue;
    const { revision } = claim.outcome;
    if (revision.epoch !== epoch)
      fault(`revision ${revision.rev} is of epoch ${revision.epoch}, not ${epoch}`);
    else accepted.push({ rev: revision.rev, claim });
  }
  accepted.sort((a, b) => a.rev - b.rev);
  for (const [index, { rev }] of accepted.entries()) {
    if (accepted[index - 1]?.rev === rev) fault(`revision ${rev} was given to two changes`);
  }
  return accepted;
}

interface KeyChange {
  readonly rev: number;
  readonly entry: SetEntry;
}

/** What was accepted, by key, and what may have happened besides. */
class Book {
  readonly #byRev: ReadonlyMap<number, ChangeClaim>;
  readonly #byKey = new Map<string, KeyChange[]>();
  readonly #unknown: readonly ChangeClaim[];
  readonly #seen = new Map<number, ChangeSeen['entries']>();

  constructor(accepted: readonly Accepted[], claims: ChangeClaims) {
    this.#byRev = new Map(accepted.map(({ rev, claim }) => [rev, claim]));
    for (const { rev, claim } of accepted) {
      for (const entry of claim.entries) {
        const changes = this.#byKey.get(entry.key);
        if (changes === undefined) this.#byKey.set(entry.key, [{ rev, entry }]);
        else changes.push({ rev, entry });
      }
    }
    this.#unknown = claims.all.filter(({ outcome }) => outcome?.type === 'unknown');
  }

  auditConditions(fault: Report): void {
    for (const [key, changes] of this.#byKey) {
      for (const [index, { rev, entry }] of changes.entries()) {
        if (entry.ifRev === undefined) continue;
        const before = changes[index - 1];
        const was = before?.rev ?? 0;
        const isThere = before !== undefined && !isRemoval(before.entry) && !this.#mayHaveHappened({ key });
        const isBroken = entry.ifRev === 0 ? isThere : was > entry.ifRev || entry.ifRev >= rev;
        if (isBroken) fault(`${key} was changed at ${rev} on condition of ${entry.ifRev}, but was at ${was}`);
      }
    }
  }

  auditSnapshot({ who, epoch, rev, entries, newest }: StateSnapshot, of: string, fault: Report): void {
    const at = `${who} saw the state at ${rev}`;
    if (epoch !== of) return fault(`${at} of epoch ${epoch}, not ${of}`);
    if (rev < newest) fault(`${at}, although ${newest} had been accepted`);
    const shown = new Map(entries.map((entry) => [entry.key, entry]));
    for (const key of new Set([...this.#byKey.keys(), ...shown.keys()])) {
      const entry = shown.get(key);
      const last = this.#lastBefore(key, rev);
      if (entry !== undefined && entry.rev > rev) fault(`${at}, with ${key} at ${entry.rev}`);
      if (entry === undefined) {
        if (last === undefined || isRemoval(last.entry) || this.#mayHaveHappened({ key })) continue;
        fault(`${at} without ${key}, which was set at ${last.rev}`);
      } else if (entry.rev < (last?.rev ?? 0)) {
        fault(`${at}, with ${key} of ${entry.rev}, although it was changed at ${last?.rev}`);
      } else if (entry.rev === last?.rev) {
        if (isSame(entry.value, last.entry.value)) continue;
        fault(`${at}, with ${key} as ${show(entry.value)}, not ${show(last.entry.value)}`);
      } else if (!this.#mayHaveHappened({ key, value: entry.value })) {
        fault(`${at}, with ${key} as ${show(entry.value)} of ${entry.rev}, which nobody was told`);
      }
    }
  }

  auditChange({ who, epoch, rev, previous, entries }: ChangeSeen, end: StateSnapshot, fault: Report): void {
    if (epoch !== end.epoch)
      return fault(`${who} was told of revision ${rev} of epoch ${epoch}, not ${end.epoch}`);
    if (rev !== previous + 1) fault(`${who} was told of revision ${rev} after ${previous}`);
    if (rev > end.rev) fault(`${who} was told of revision ${rev}, but the last is ${end.rev}`);
    const others = this.#seen.get(rev) ?? entries;
    if (!isSame(others, entries))
      fault(`${who} was told ${show(entries)} for revision ${rev}, others ${show(others)}`);
    this.#seen.set(rev, others);
    const claim = this.#byRev.get(rev);
    const isTrue =
      claim === undefined
        ? this.#unknown.some((unknown) => describesSame(unknown.entries, entries))
        : describesSame(claim.entries, entries);
    if (!isTrue) fault(`${who} was told ${show(entries)} for revision ${rev}, which nobody asked for`);
  }

  /** Each number was reached once, by somebody who was told so or by one of those that nobody can tell of. */
  auditCounter(key: string, end: StateSnapshot, fault: Report): void {
    const value = end.entries.find((entry) => entry.key === key)?.value ?? 0;
    const reached = new Set<unknown>();
    for (const { entry, rev } of this.#byKey.get(key) ?? []) {
      if (reached.has(entry.value)) fault(`${key} became ${show(entry.value)} twice, at last at ${rev}`);
      reached.add(entry.value);
    }
    for (let number = 1; number <= Number(value); number++) {
      if (reached.delete(number) || this.#mayHaveHappened({ key, value: number })) continue;
      fault(`${key} is ${show(value)}, but nobody made it ${number}`);
    }
    for (const number of reached) fault(`${key} is ${show(value)}, but somebody made it ${show(number)}`);
  }

  #lastBefore(key: string, rev: number): KeyChange | undefined {
    const changes = this.#byKey.get(key) ?? [];
    let low = 0;
    let high = changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((changes[middle]?.rev ?? 0) <= rev) low = middle + 1;
      else high = middle;
    }
    return changes[low - 1];
  }

  #mayHaveHappened(wanted: SetEntry): boolean {
    return this.#unknown.some(({ entries }) =>
      entries.some(({ key, value }) => key === wanted.key && isSame(value, wanted.value)),
    );
  }
}

function isRemoval(entry: SetEntry): boolean {
  return entry.value === undefined;
}

function describesSame(asked: readonly SetEntry[], told: readonly Omit<StateEntry, 'rev'>[]): boolean {
  return (
    asked.length === told.length &&
    asked.every(({ key, value }, index) => key === told[index]?.key && isSame(value, told[index]?.value))
  );
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
