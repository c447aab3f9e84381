import type { Position } from '../../protocol/rooms.ts';
import type { Findings } from './findings.ts';
import type { RoomEvidence, RoomHistory } from './room-audit.ts';
import type { GapTold, Testimony } from './testimony.ts';

/**
 * Goes through all that one reader was told, in order, and says what is wrong with it. `kept`: the messages of the
 * history by their offsets.
 */
export function auditReader(
  testimony: Testimony,
  evidence: RoomEvidence,
  kept: ReadonlyMap<number, string>,
  findings: Findings,
): void {
  const { reader, start, told, hasLeft } = testimony;
  if (start === undefined) {
    if (!hasLeft) findings.fault('lost', `${evidence.room}: ${reader} never got in`);
    return;
  }
  const walk = new ReaderWalk(reader, start, evidence, kept, findings);
  for (const event of told) {
    if (event.type === 'gap') walk.gap(event.gap);
    else {
      findings.add('received');
      if (event.isReplayed) findings.add('recovered');
      walk.message(event.id, event.position);
    }
  }
  walk.end(hasLeft);
}

class ReaderWalk {
  readonly #who: string;
  readonly #evidence: RoomEvidence;
  readonly #history: RoomHistory;
  readonly #findings: Findings;
  readonly #kept: ReadonlyMap<number, string>;
  readonly #seen = new Set<number>();
  /** Offsets that were passed over without a word. */
  readonly #skipped = new Set<number>();
  #epoch: string;
  /** `undefined` after a gap of which nobody knows how large it is. */
  #next: number | undefined;

  constructor(
    reader: string,
    start: Position,
    evidence: RoomEvidence,
    kept: ReadonlyMap<number, string>,
    findings: Findings,
  ) {
    this.#who = `${evidence.room}: ${reader}`;
    this.#evidence = evidence;
    this.#history = evidence.history;
    this.#findings = findings;
    this.#kept = kept;
    this.#epoch = start.epoch;
    this.#next = start.offset + 1;
  }

  message(id: string, { epoch, offset }: Position): void {
    if (this.#next === undefined) this.#epoch = epoch;
    if (epoch !== this.#epoch) {
      this.#findings.fault('wrong epoch', `${this.#who} heard ${id} of ${epoch} while in ${this.#epoch}`);
      return;
    }
    this.#compare(id, offset);
    const next = (this.#next ??= offset);
    if (this.#seen.has(offset)) {
      this.#findings.fault('doubled', `${this.#who} heard ${offset} twice`);
    } else if (this.#skipped.delete(offset)) {
      this.#findings.fault('reordered', `${this.#who} heard ${offset} after ${next - 1}`);
    } else if (offset < next) {
      this.#findings.fault(
        'wrong gap',
        `${this.#who} heard ${offset} although it was told not to wait for it`,
      );
    }
    this.#seen.add(offset);
    for (let skipped = next; skipped < offset; skipped++) this.#skipped.add(skipped);
    this.#next = Math.max(next, offset + 1);
  }

  gap({ reason, missing }: GapTold): void {
    const told = `${this.#who} was told of a gap (${reason}, ${missing ?? 'nobody knows how many'})`;
    this.#findings.add('gaps');
    if (!this.#evidence.mayMiss.includes(reason)) {
      this.#findings.fault('wrong gap', `${told}, for which there was no reason`);
    }
    if (missing === null) {
      this.#seen.clear();
      this.#next = undefined;
      return;
    }
    this.#findings.add('missing', missing);
    if (missing <= 0) this.#findings.fault('wrong gap', `${told}, which is none`);
    if (this.#next === undefined) return;
    const end = this.#next + missing;
    if (this.#isTheStream() && end > this.#history.first) {
      this.#findings.fault(
        'wrong gap',
        `${told} before ${end}, but history goes back to ${this.#history.first}`,
      );
    }
    this.#next = end;
  }

  /** `mayEndEarly`: it need not have come to the end of the stream. */
  end(mayEndEarly: boolean): void {
    for (const offset of this.#skipped) {
      this.#findings.fault('lost', `${this.#who} never heard ${offset}, nor that it is missing`);
    }
    // A reader that was told to start anew has heard nothing since that would say from where.
    if (mayEndEarly || this.#next === undefined || !this.#isTheStream()) return;
    const last = this.#history.messages.at(-1)?.offset ?? this.#history.first - 1;
    for (let offset = this.#next; offset <= last; offset++) {
      this.#findings.fault('lost', `${this.#who} never heard ${offset}, nor that it is missing`);
    }
  }

  #isTheStream(): boolean {
    return this.#epoch === this.#history.epoch;
  }

  /** With what is kept at that place, as far as history goes back. */
  #compare(id: string, offset: number): void {
    if (!this.#isTheStream()) return;
    if (offset < this.#history.first && this.#evidence.claims.has(id)) return;
    const kept = this.#kept.get(offset);
    if (kept === id) return;
    const instead = kept === undefined ? 'has nothing' : `has ${kept}`;
    this.#findings.fault('invented', `${this.#who} heard ${id} at ${offset}, where history ${instead}`);
  }
}
