import { ConflictError, type RoomStateMap, RoomplexError, type StateEntry } from '../../client/index.ts';
import { modeOf, readValue, retype, type ValueMode, type ValueReading, writeValue } from './state-value.ts';

/** As much of a room's state as one edit needs. */
export type EditedState = Pick<RoomStateMap, 'set' | 'delete' | 'entry' | 'revision'>;

export type EditIntent = 'add' | 'change' | 'remove';

/** `conflict`: somebody was faster, and the user has to choose. `done`: the server has it. */
export type EditPhase = 'editing' | 'conflict' | 'done';

/** How a key was when the user saw it last: what the edit is meant to replace. */
interface Base {
  readonly entry: StateEntry;
  /** The state's; `null` before the room was joined. */
  readonly epoch: string | null;
}

/**
 * One key of a room's state while the user adds, changes or removes it. Nothing is replaced that the user has not
 * seen: each step is made only if the key is still as it was, and what else it is by now is shown.
 */
export class StateEdit {
  readonly intent: EditIntent;
  readonly #find: () => EditedState | null;
  readonly #changed: () => void;
  #base: Base;
  #key: string;
  #typed: string;
  #mode: ValueMode;
  #phase: EditPhase = 'editing';
  #isSaving = false;
  #theirs: StateEntry | null = null;
  #problem: string | null = null;

  /** `entry` is the key to change or remove; `null` for one that is added. `find` gives the state of now. */
  constructor(
    intent: EditIntent,
    entry: StateEntry | null,
    find: () => EditedState | null,
    changed: () => void,
  ) {
    this.intent = intent;
    this.#find = find;
    this.#changed = changed;
    this.#key = entry?.key ?? '';
    this.#base = this.#baseOf(entry ?? { key: '', rev: 0 });
    this.#mode = modeOf(entry?.value);
    this.#typed = entry === null ? '' : writeValue(entry.value, this.#mode);
  }

  get phase(): EditPhase {
    return this.#phase;
  }

  /** True while the server has not answered. */
  get isSaving(): boolean {
    return this.#isSaving;
  }

  get key(): string {
    return this.#key;
  }

  get typed(): string {
    return this.#typed;
  }

  get mode(): ValueMode {
    return this.#mode;
  }

  /** What was typed as a value. */
  get reading(): ValueReading {
    return readValue(this.#typed, this.#mode);
  }

  /** Why it could not be saved. */
  get problem(): string | null {
    return this.#problem;
  }

  /** The key as others left it; set in a conflict, and while the user edits again after one. */
  get theirs(): StateEntry | null {
    return this.#theirs;
  }

  /** True when the key is no longer what this edit is meant to replace. */
  get isOutdated(): boolean {
    const state = this.#find();
    if (state === null || this.intent === 'add') return false;
    const { entry, epoch } = this.#base;
    const now = state.entry(this.#key);
    if (now === undefined) return entry.value !== undefined;
    return now.rev !== entry.rev || state.revision?.epoch !== epoch;
  }

  /** Only for a key that is added. */
  name(key: string): void {
    this.#key = key;
    this.#problem = null;
    this.#changed();
  }

  type(typed: string): void {
    this.#typed = typed;
    this.#problem = null;
    this.#changed();
  }

  /** From now on what is typed means this; what was typed already goes on meaning the same, as far as that goes. */
  choose(mode: ValueMode): void {
    this.#typed = retype(this.#typed, this.#mode, mode);
    this.#mode = mode;
    this.#problem = null;
    this.#changed();
  }

  /** Saves, if what was typed can be and nobody was faster. */
  async save(): Promise<void> {
    await this.#save(this.#base);
  }

  /** In a conflict: replaces what others left, if it is still that. */
  async overwrite(): Promise<void> {
    if (this.#theirs !== null) await this.#save(this.#baseOf(this.#theirs));
  }

  /** In a conflict: goes back to typing, with what others left as what will be replaced. */
  editAgain(): void {
    if (this.#theirs === null) return;
    this.#base = this.#baseOf(this.#theirs);
    this.#problem = null;
    this.#move('editing');
  }

  #baseOf(entry: StateEntry): Base {
    return { entry, epoch: this.#find()?.revision?.epoch ?? null };
  }

  async #save(base: Base): Promise<void> {
    const state = this.#find();
    const { reading } = this;
    if (this.#isSaving) return;
    if (state === null) this.#fail('The room is not joined.');
    else if (this.#key === '') this.#fail('Give the key a name.');
    else if (this.intent !== 'remove' && !reading.isValue) this.#fail(reading.problem);
    // Revisions of another epoch say nothing, even where they are equal.
    else if (base.epoch !== (state.revision?.epoch ?? null) && this.intent !== 'add') {
      this.#conflict(state.entry(this.#key) ?? { key: this.#key, rev: 0 });
    } else {
      this.#base = base;
      await this.#send(state, base.entry.rev, reading);
    }
  }

  async #send(state: EditedState, ifRev: number, reading: ValueReading): Promise<void> {
    this.#isSaving = true;
    this.#problem = null;
    this.#changed();
    try {
      if (this.intent === 'remove') await state.delete(this.#key, { ifRev });
      else if (reading.isValue) await state.set(this.#key, reading.value, { ifRev });
      this.#move('done');
    } catch (error) {
      if (error instanceof ConflictError) this.#conflict(error.conflicts[0] ?? { key: this.#key, rev: 0 });
      else this.#fail(describeFailure(error));
    }
  }

  #conflict(theirs: StateEntry): void {
    if (this.#isWanted(theirs)) {
      this.#move('done');
      return;
    }
    this.#theirs = theirs;
    this.#move('conflict');
  }

  /** Others did the same. */
  #isWanted({ value }: StateEntry): boolean {
    if (this.intent === 'remove') return value === undefined;
    const { reading } = this;
    return reading.isValue && JSON.stringify(reading.value) === JSON.stringify(value);
  }

  #fail(problem: string): void {
    this.#problem = problem;
    this.#move(this.#phase);
  }

  #move(phase: EditPhase): void {
    this.#phase = phase;
    this.#isSaving = false;
    this.#changed();
  }
}

function describeFailure(error: unknown): string {
  if (!(error instanceof RoomplexError)) return String(error);
  return error.code === 'unknown-outcome'
    ? 'Nobody can say whether this was saved. Look at the value before you save again.'
    : `Not saved: ${error.reason}.`;
}
